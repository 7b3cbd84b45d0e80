using System.Text;

namespace CausalStore.Client.Shell;

/// <summary>
/// A terminal on which lines are printed while another is typed: the typed line is erased, the new one
/// printed, and the typed line drawn again below it. It takes one row; of a longer one its end is shown.
/// </summary>
/// <param name="columns">How wide the terminal is now.</param>
internal sealed class Screen(TextWriter output, bool hasColour, Func<int> columns)
{
    private const int LeastColumns = 20;

    private readonly Lock _gate = new();
    private string? _prompt;
    private string _typed = "";

    /// <summary>What stands in the row where the cursor is.</summary>
    private string _drawn = "";

    /// <summary>From now on a line is typed behind this prompt.</summary>
    public void BeginTyping(string prompt)
    {
        lock (_gate)
        {
            _prompt = prompt;
            _typed = "";
            Draw();
        }
    }

    public void ShowTyped(string typed)
    {
        lock (_gate)
        {
            _typed = typed;
            Draw();
        }
    }

    /// <summary>The line is done and stays where it is.</summary>
    public void EndTyping()
    {
        lock (_gate)
        {
            _prompt = null;
            _drawn = "";
            output.WriteLine();
            output.Flush();
        }
    }

    public void Print(string line, ConsoleColor? colour = null)
    {
        lock (_gate)
        {
            Erase();
            bool isColoured = hasColour && colour is not null;

            if (isColoured)
            {
                Console.ForegroundColor = colour!.Value;
            }

            output.Write(line);

            if (isColoured)
            {
                Console.ResetColor();
            }

            output.WriteLine();
            Draw();
        }
    }

    /// <summary>Columns that a text takes: East Asian characters and emoji take two, marks above others
    /// none.</summary>
    internal static int ColumnsOf(Rune rune) => rune.Value switch
    {
        >= 0x300 and < 0x370 or 0x200C or 0x200D => 0,
        >= 0x1100 and < 0x1160 or >= 0x2E80 and < 0xA4D0 or >= 0xAC00 and < 0xD7A4 => 2,
        >= 0xF900 and < 0xFB00 or >= 0xFE30 and < 0xFE70 or >= 0xFF00 and < 0xFF61 or >= 0x1F000 => 2,
        _ => 1,
    };

    private void Erase()
    {
        if (_drawn.Length > 0)
        {
            output.Write($"\r{new string(' ', ColumnsOf(_drawn))}\r");
            _drawn = "";
        }
    }

    private void Draw()
    {
        if (_prompt is not null)
        {
            // The last column stays empty: a cursor behind it would be on the next row.
            int room = Math.Max(LeastColumns, columns()) - 1 - ColumnsOf(_prompt);
            string wanted = _prompt + End(_typed, room);

            if (!wanted.StartsWith(_drawn, StringComparison.Ordinal))
            {
                Erase();
            }

            output.Write(wanted.AsSpan(_drawn.Length));
            _drawn = wanted;
        }

        output.Flush();
    }

    private static int ColumnsOf(string text) => text.EnumerateRunes().Sum(ColumnsOf);

    private static string End(string text, int room)
    {
        int columns = ColumnsOf(text);
        int start = 0;

        foreach (var rune in text.EnumerateRunes())
        {
            if (columns <= room)
            {
                break;
            }

            columns -= ColumnsOf(rune);
            start += rune.Utf16SequenceLength;
        }

        return text[start..];
    }
}
