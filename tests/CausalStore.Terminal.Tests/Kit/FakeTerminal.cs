using System.Text;

namespace CausalStore.Terminal.Tests.Kit;

/// <summary>What a terminal would show of what is written to it: rows of cells, and a cursor. It obeys line
/// ends, returns, and the sequences of <see cref="Ansi"/>.</summary>
internal sealed class FakeTerminal : StringWriter
{
    private readonly List<List<string>> _rows = [[]];

    public FakeTerminal() => NewLine = "\n";

    /// <summary>The column where the next character would stand.</summary>
    public int Column { get; private set; }

    public int Columns { get; set; } = 80;

    public string[] Rows
    {
        get
        {
            Replay();
            return [.. _rows.Select(row => string.Concat(row).TrimEnd())];
        }
    }

    private void Replay()
    {
        _rows.Clear();
        _rows.Add([]);
        Column = 0;
        string text = ToString();

        for (int place = 0; place < text.Length;)
        {
            if (text[place] == '\e')
            {
                place = Obey(text, place + 2);
                continue;
            }

            var rune = Rune.GetRuneAt(text, place);
            place += rune.Utf16SequenceLength;
            Put(rune);
        }
    }

    private int Obey(string text, int start)
    {
        int place = start;

        while (!char.IsAsciiLetter(text[place]))
        {
            place++;
        }

        switch (text[start..(place + 1)])
        {
            case "2J":
                _rows.Clear();
                _rows.Add([]);
                break;

            case "J":
                _rows[^1].RemoveRange(Column, _rows[^1].Count - Column);
                break;

            case "H":
                Column = 0;
                break;

            // What is above the cursor is all there is: what was below it is cleared next.
            case "1A":
                _rows.RemoveAt(_rows.Count - 1);
                break;
        }

        return place + 1;
    }

    private void Put(Rune rune)
    {
        var row = _rows[^1];

        if (rune.Value == '\n')
        {
            _rows.Add([]);
            Column = 0;
        }
        else if (rune.Value == '\r')
        {
            Column = 0;
        }
        else
        {
            int width = TextColumns.Of(rune);
            Assert.True(Column + width <= Columns, $"row '{string.Concat(row)}' is full");

            while (row.Count < Column + width)
            {
                row.Add(" ");
            }

            if (width == 0)
            {
                row[Column - 1] += rune;
                return;
            }

            // Of a wide character, the second column holds nothing.
            row[Column] = rune.ToString();
            row[Column + width - 1] = width == 2 ? "" : row[Column];
            Column += width;
        }
    }
}
