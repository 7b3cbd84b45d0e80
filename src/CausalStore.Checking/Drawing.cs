using System.Globalization;
using System.Net;
using System.Text;

namespace CausalStore.Checking;

// A counter-example as a space-time diagram: a column for each session, time runs down. Every operation has a
// row of its own, so that no arrow hides behind a box; an arrow that runs up cannot be, and is red.
internal sealed class Drawing
{
    private const int CharacterWidth = 7;
    private const int LineHeight = 16;
    private const int Padding = 8;
    private const int GapBetweenRows = 44;
    private const int GapBetweenColumns = 90;
    private const int Margin = 24;
    private const int LineCharactersMax = 110;

    private const string Follows = "#334455";
    private const string Contradicts = "#cc0000";

    private readonly string _title;
    private readonly IReadOnlyList<(string From, string To, string Label)> _edges;
    private readonly List<Box> _boxes = [];
    private readonly StringBuilder _svg = new();
    private int _width;
    private int _height;

    public Drawing(
        string title,
        IReadOnlyList<(string Name, string Text)> nodes,
        IReadOnlyList<(string From, string To, string Label)> edges)
    {
        _title = title;
        _edges = edges;
        Place(CausesFirst(nodes));
    }

    public string ToSvg()
    {
        _svg.Append(
            CultureInfo.InvariantCulture,
            $"""<svg xmlns="http://www.w3.org/2000/svg" width="{_width}" height="{_height}" """);
        _svg.Append("font-family=\"monospace\" font-size=\"12\">\n");
        _svg.Append("<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n");
        DefineArrow(Follows);
        DefineArrow(Contradicts);
        Write(_title, Margin, Margin, "black");

        foreach (var column in _boxes.GroupBy(box => box.Session))
        {
            Write(column.Key, column.First().Middle, Margin + (2 * LineHeight), "gray", "middle");
        }

        foreach (var (from, to, label) in _edges)
        {
            Draw(BoxOf(from), BoxOf(to), label);
        }

        foreach (var box in _boxes)
        {
            Draw(box);
        }

        return _svg.Append("</svg>\n").ToString();
    }

    // As they were told, but each after what it comes after. Where that runs in a circle, the story told last
    // what closes it.
    private List<(string Name, string Text)> CausesFirst(IReadOnlyList<(string Name, string Text)> told)
    {
        List<(string From, string To)> holding = [];

        foreach (var (from, to, _) in _edges)
        {
            if (!Leads(to, from, holding))
            {
                holding.Add((from, to));
            }
        }

        List<(string Name, string Text)> left = [.. told];
        List<(string Name, string Text)> ordered = [];

        while (left.Count > 0)
        {
            var next = left.FindIndex(node => !holding.Exists(
                edge => edge.To == node.Name && left.Exists(other => other.Name == edge.From)));
            ordered.Add(left[next]);
            left.RemoveAt(next);
        }

        return ordered;
    }

    private static bool Leads(string from, string to, List<(string From, string To)> edges)
        => from == to || edges.Exists(edge => edge.From == from && Leads(edge.To, to, edges));

    private void Place(List<(string Name, string Text)> nodes)
    {
        var y = Margin + (3 * LineHeight);

        foreach (var (name, text) in nodes)
        {
            string[] lines = [name, .. text.Split(", ")];
            var box = new Box(name, lines, y);
            _boxes.Add(box);
            y += box.Height + GapBetweenRows;
        }

        var x = Margin;

        foreach (var column in _boxes.GroupBy(box => box.Session))
        {
            var width = column.Max(box => box.Width);

            foreach (var box in column)
            {
                box.Middle = x + (width / 2);
            }

            x += width + GapBetweenColumns;
        }

        var label = _edges.Select(edge => edge.Label.Length).DefaultIfEmpty().Max();
        _width = Math.Max(x + (label * CharacterWidth), (_title.Length * CharacterWidth) + (2 * Margin));
        _height = y;
    }

    private Box BoxOf(string name) => _boxes.Find(box => box.Name == name)!;

    private void DefineArrow(string colour)
    {
        _svg.Append($"""<marker id="{colour[1..]}" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="8" """);
        _svg.Append("markerHeight=\"8\" orient=\"auto\"><path d=\"M0,0 L10,5 L0,10 z\" ");
        _svg.Append($"""fill="{colour}"/></marker>""").Append('\n');
    }

    private void Draw(Box box)
    {
        _svg.Append(
            CultureInfo.InvariantCulture,
            $"""<rect x="{box.Left}" y="{box.Top}" width="{box.Width}" height="{box.Height}" rx="4" """);
        _svg.Append("fill=\"#f4f6fa\" stroke=\"black\"/>\n");

        for (var line = 0; line < box.Lines.Length; line++)
        {
            Write(box.Lines[line], box.Middle, box.Top + ((line + 1) * LineHeight), "black", "middle");
        }
    }

    private void Draw(Box from, Box to, string label)
    {
        var down = from.Top < to.Top;
        var colour = down ? Follows : Contradicts;
        var (startX, endX) = down ? (from.Middle, to.Middle) : (from.Left + from.Width, to.Left + to.Width);
        var (startY, endY) = down
            ? (from.Top + from.Height, to.Top)
            : (from.Top + (from.Height / 2), to.Top + (to.Height / 2));
        var aside = down ? 0 : Math.Max(startX, endX) + (GapBetweenColumns / 2);
        var path = down
            ? $"M{startX},{startY} L{endX},{endY}"
            : $"M{startX},{startY} C{aside},{startY} {aside},{endY} {endX},{endY}";

        _svg.Append($"""<path d="{path}" fill="none" stroke="{colour}" """);
        _svg.Append($"marker-end=\"url({colour})\"/>\n");

        // The middle of the curve, or a place near the arrow's head.
        var labelX = 6 + (down ? endX + ((startX - endX) / 4) : (startX + (6 * aside) + endX) / 8);
        Write(label, labelX, down ? endY - 12 : (startY + endY) / 2, colour);
    }

    private void Write(string text, int x, int y, string colour, string anchor = "start")
    {
        _svg.Append(
            CultureInfo.InvariantCulture,
            $"""<text x="{x}" y="{y}" fill="{colour}" text-anchor="{anchor}">""");
        _svg.Append(WebUtility.HtmlEncode(text)).Append("</text>\n");
    }

    private sealed class Box(string name, string[] lines, int top)
    {
        public string Name => name;

        public string[] Lines { get; } = [.. lines.Select(Shortened)];

        /// <summary>The name up to its last <c>#</c>: an operation is called SESSION#NUMBER.</summary>
        public string Session => name[..name.LastIndexOf('#')];

        public int Top => top;

        public int Middle { get; set; }

        public int Left => Middle - (Width / 2);

        public int Width => (Lines.Max(line => line.Length) * CharacterWidth) + (2 * Padding);

        public int Height => (Lines.Length * LineHeight) + Padding;

        private static string Shortened(string line)
            => line.Length <= LineCharactersMax ? line : line[..LineCharactersMax] + "...";
    }
}
