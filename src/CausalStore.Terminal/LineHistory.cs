namespace CausalStore.Terminal;

/// <summary>Lines that were typed before, the oldest first. Bounded; the oldest go. What begins with a space
/// is not kept, nor the same line twice in a row.</summary>
public sealed class LineHistory
{
    public const int LinesMax = 1000;

    /// <summary>A longer line is not kept.</summary>
    public const int CharactersMax = 10_000;

    private readonly List<string> _lines = [];

    /// <summary>The line that is shown; behind the last one: what is typed now.</summary>
    private int _place;

    /// <summary>What was typed before the first line was asked for, and is what is looked for.</summary>
    private string _typed = "";

    private bool _isAnywhere;

    public IReadOnlyList<string> Lines => _lines;

    public static bool IsKept(string line) =>
        line.Length <= CharactersMax && line.AsSpan().ContainsAnyExcept(' ') && line[0] != ' ';

    public void Add(string line)
    {
        if (IsKept(line) && (_lines.Count == 0 || _lines[^1] != line))
        {
            _lines.Add(line);
        }

        if (_lines.Count > LinesMax)
        {
            _lines.RemoveRange(0, _lines.Count - LinesMax);
        }

        Leave();
    }

    /// <summary>The next older line that begins with what is typed; null: there is none.</summary>
    public string? Older(string typed) => Older(typed, isAnywhere: false);

    /// <summary>The next older line with what is typed anywhere in it; null: there is none.</summary>
    public string? OlderWith(string typed) => Older(typed, isAnywhere: true);

    /// <summary>The next newer one, after the last what was typed; null: that is shown already.</summary>
    public string? Newer()
    {
        if (_place == _lines.Count)
        {
            return null;
        }

        string shown = _lines[_place];

        while (++_place < _lines.Count)
        {
            if (IsSought(_lines[_place], shown))
            {
                return _lines[_place];
            }
        }

        return _typed;
    }

    /// <summary>The line that is shown is changed: it is what is typed now.</summary>
    public void Leave() => _place = _lines.Count;

    private string? Older(string typed, bool isAnywhere)
    {
        if (_place == _lines.Count)
        {
            _typed = typed;
        }

        _isAnywhere = isAnywhere;

        for (int place = _place - 1; place >= 0; place--)
        {
            if (IsSought(_lines[place], typed))
            {
                _place = place;
                return _lines[place];
            }
        }

        return null;
    }

    /// <param name="shown">Nobody wants to see the same line again.</param>
    private bool IsSought(string line, string shown) =>
        line != shown
        && (_isAnywhere
            ? line.Contains(_typed, StringComparison.Ordinal)
            : line.StartsWith(_typed, StringComparison.Ordinal));
}
