namespace CausalStore.Terminal;

/// <summary>
/// A terminal on which lines are printed while another is typed: the typed line is erased, the new one
/// printed, and the typed line drawn again below it. It takes one row; of a longer one the part around the
/// cursor is shown. Nothing but returns and spaces moves the cursor, so that any terminal will do.
/// </summary>
/// <param name="hasColour">Whether somebody wants colours, of a terminal that has them.</param>
/// <param name="columns">How wide the terminal is now; 0: nobody knows.</param>
public sealed class Screen(TextWriter output, bool hasColour, Func<int> columns)
{
    private const int LeastColumns = 20;
    private const int UsualColumns = 80;

    private readonly Lock _gate = new();
    private string? _prompt;
    private string _typed = "";
    private int _cursor;

    /// <summary>Where the part of the typed line begins that is shown.</summary>
    private int _first;

    /// <summary>What stands in the row of the cursor.</summary>
    private string _drawn = "";

    /// <summary>How much of it stands before the cursor.</summary>
    private int _drawnCursor;

    /// <summary>Whether the terminal obeys ANSI sequences.</summary>
    public bool IsAnsi { get => field || hasColour; init; }

    public int Columns => columns() is > 0 and var known ? Math.Max(LeastColumns, known) : UsualColumns;

    /// <summary>From now on a line is typed behind this prompt.</summary>
    public void BeginTyping(string prompt)
    {
        lock (_gate)
        {
            _prompt = prompt;
            _typed = "";
            _cursor = 0;
            _first = 0;
            Draw();
        }
    }

    /// <param name="cursor">So many characters stand before the cursor.</param>
    public void ShowTyped(string typed, int cursor)
    {
        lock (_gate)
        {
            _typed = typed;
            _cursor = cursor;
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
            _drawnCursor = 0;
            output.WriteLine();
            output.Flush();
        }
    }

    public void Print(string line, ConsoleColor? colour = null)
    {
        lock (_gate)
        {
            Erase();
            output.Write(Ansi.Coloured(line, hasColour ? colour : null));
            output.WriteLine();
            Draw();
        }
    }

    /// <summary>Nothing is left but the line that is typed.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            if (IsAnsi)
            {
                output.Write(Ansi.ClearScreen);
                _drawn = "";
                _drawnCursor = 0;
                Draw();
            }
        }
    }

    /// <summary>The terminal is another one than before: of another size, or others have written on
    /// it.</summary>
    public void Redraw()
    {
        lock (_gate)
        {
            if (IsAnsi && _drawn.Length > 0)
            {
                // A row that has become too long is several now, and the cursor in the last of them.
                int above = TextColumns.Of(_drawn.AsSpan(0, _drawnCursor)) / Columns;
                output.Write((above > 0 ? Ansi.Up(above) : "") + "\r" + Ansi.ClearBelow);
                _drawn = "";
                _drawnCursor = 0;
            }

            Erase();
            Draw();
        }
    }

    private void Erase()
    {
        if (_drawn.Length > 0)
        {
            // Where the terminal was wider before, no more than a row: the next one is not ours.
            int drawn = Math.Min(TextColumns.Of(_drawn), Columns - 1);
            output.Write($"\r{new string(' ', drawn)}\r");
            _drawn = "";
            _drawnCursor = 0;
        }
    }

    private void Draw()
    {
        if (_prompt is not null)
        {
            // The last column stays empty: a cursor behind it would be on the next row.
            int room = Columns - 1 - TextColumns.Of(_prompt);
            ShowCursor(room);
            string shown = TextColumns.Beginning(_typed[_first..], room);
            Draw(_prompt + shown, _prompt.Length + _cursor - _first);
        }

        output.Flush();
    }

    private void Draw(string row, int cursor)
    {
        bool isLonger = _drawnCursor == _drawn.Length && row.StartsWith(_drawn, StringComparison.Ordinal);

        if (isLonger)
        {
            Write(row, from: _drawn.Length, to: row.Length);
        }
        else if (row != _drawn)
        {
            output.Write('\r');
            Write(row, from: 0, to: row.Length);
            output.Write(new string(' ', Math.Max(0, TextColumns.Of(_drawn) - TextColumns.Of(row))));
        }

        // Written once more, the terminal itself knows where the cursor belongs.
        if (!isLonger || cursor < row.Length)
        {
            output.Write('\r');
            Write(row, from: 0, to: cursor);
        }

        _drawn = row;
        _drawnCursor = cursor;
    }

    private void Write(string row, int from, int to)
    {
        int prompt = Math.Clamp(_prompt!.Length, from, to);
        output.Write(Ansi.Coloured(row[from..prompt], hasColour ? ConsoleColor.Green : null));
        output.Write(row.AsSpan(prompt, to - prompt));
    }

    /// <summary>Moves the part that is shown, no more than must be.</summary>
    private void ShowCursor(int room)
    {
        if (TextColumns.Of(_typed) <= room)
        {
            _first = 0;
        }
        else if (_cursor < _first)
        {
            _first = _cursor;
        }

        int before = TextColumns.Of(_typed.AsSpan(_first, _cursor - _first));

        foreach (var rune in _typed.AsSpan(_first).EnumerateRunes())
        {
            if (before <= room)
            {
                break;
            }

            before -= TextColumns.Of(rune);
            _first += rune.Utf16SequenceLength;
        }
    }
}
