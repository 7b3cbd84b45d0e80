using System.Buffers;
using System.Globalization;
using System.Text;

namespace CausalStore.Server.Narration;

/// <summary>Bytes and texts from others, made fit for a terminal: short, on one line, without anything that a
/// terminal obeys.</summary>
internal static class Clip
{
    private const int WordCharactersMax = 60;
    private const int TextCharactersMax = 400;

    /// <summary>A key or a value; between quotes if it is empty or has a space.</summary>
    public static string Word(ReadOnlySpan<byte> word)
    {
        StringBuilder text = new();
        var rest = word;

        while (!rest.IsEmpty && text.Length < WordCharactersMax)
        {
            bool isText = Rune.DecodeFromUtf8(rest, out var rune, out int used) == OperationStatus.Done;

            if (isText)
            {
                Append(text, rune);
            }
            else
            {
                text.Append($"\\x{rest[0]:X2}");
            }

            rest = rest[(isText ? used : 1)..];
        }

        string clipped = word.IsEmpty || word.Contains((byte)' ') ? $"\"{text}\"" : text.ToString();
        return rest.IsEmpty ? clipped : $"{clipped}... ({word.Length} bytes)";
    }

    public static string Text(string text) => Text(text, TextCharactersMax);

    /// <summary>All of a line.</summary>
    public static string Line(string line) => Text(line, int.MaxValue);

    private static string Text(string text, int charactersMax)
    {
        StringBuilder clean = new();

        foreach (var rune in text.EnumerateRunes())
        {
            if (clean.Length >= charactersMax)
            {
                return clean.Append("...").ToString();
            }

            Append(clean, rune);
        }

        return clean.ToString();
    }

    private static void Append(StringBuilder text, Rune rune)
    {
        bool isPlain = Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format
            or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);

        text.Append((isPlain, rune.Value) switch
        {
            (true, _) => rune.ToString(),
            (_, '\n') => "\\n",
            (_, '\r') => "\\r",
            (_, '\t') => "\\t",
            (_, < 0x80) => $"\\x{rune.Value:X2}",
            _ => $"\\u{rune.Value:X4}",
        });
    }
}
