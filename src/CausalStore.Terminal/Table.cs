namespace CausalStore.Terminal;

/// <summary>Rows of cells in columns as wide as their widest cell. Where the terminal is narrower, the widest
/// columns give way.</summary>
/// <param name="headings">One for each column; those that begin with <c>&gt;</c> stand at the right.</param>
public sealed class Table(params string[] headings)
{
    private const string Gap = "  ";
    private const int LeastColumns = 5;

    private readonly List<string[]> _rows = [[.. headings.Select(heading => heading.TrimStart('>'))]];

    public int Count => _rows.Count - 1;

    /// <param name="cells">One for each column.</param>
    public void Add(params string[] cells) => _rows.Add(cells);

    /// <summary>The headings, then the rows.</summary>
    /// <param name="columns">How wide the terminal is.</param>
    public IEnumerable<string> Lines(int columns)
    {
        int[] widths = Widths(columns);
        return _rows.Select(row => string.Join(Gap, row.Select(
            (cell, index) => Padded(TextColumns.Fit(cell, widths[index]), widths[index], IsRight(index))))
            .TrimEnd());
    }

    private bool IsRight(int index) => headings[index].StartsWith('>');

    private int[] Widths(int columns)
    {
        int[] widths = [.. headings.Select((_, index) => _rows.Max(row => TextColumns.Of(row[index])))];
        int tooMuch = widths.Sum() + (Gap.Length * (widths.Length - 1)) - columns;

        while (tooMuch > 0 && widths.Max() > LeastColumns)
        {
            int widest = Array.IndexOf(widths, widths.Max());
            int second = widths.Where((_, index) => index != widest).DefaultIfEmpty().Max();
            int gives = Math.Min(tooMuch, widths[widest] - Math.Max(LeastColumns, second) + 1);
            gives = Math.Min(gives, widths[widest] - LeastColumns);
            widths[widest] -= gives;
            tooMuch -= gives;
        }

        return widths;
    }

    private static string Padded(string cell, int width, bool isRight)
    {
        string room = new(' ', Math.Max(0, width - TextColumns.Of(cell)));
        return isRight ? room + cell : cell + room;
    }
}
