namespace CausalStore.Checking.Judging;

// A counter-example while it is being told: lines for people, nodes and edges for a drawing.
internal sealed class Story(string sentence, params IEnumerable<Bytes> matters)
{
    private readonly List<string> _lines = [];
    private readonly List<(string Name, string Text)> _nodes = [];
    private readonly List<(string From, string To, string Label)> _edges = [];

    /// <summary>The keys that it is about.</summary>
    public IEnumerable<Bytes> Matters => matters;

    /// <summary>An operation; told once, however often it plays a part.</summary>
    public Story Operation(string name, string text, string why = "")
    {
        if (!_nodes.Any(node => node.Name == name))
        {
            _nodes.Add((name, text));
            _lines.Add($"{name} {text}" + (why.Length == 0 ? "" : $"    ({why})"));
        }

        return this;
    }

    public Story Edge(string from, string to, string label)
    {
        if (from != to && !_edges.Contains((from, to, label)))
        {
            _edges.Add((from, to, label));
        }

        return this;
    }

    public Story Say(string line)
    {
        _lines.Add(line);
        return this;
    }

    public Violation Seal(ViolationKind kind, Promises broken)
        => new(kind, broken, sentence, _lines, _nodes, _edges);
}
