using System.Text;

namespace CausalStore.Checking;

/// <summary>One impossible thing that was seen, with the operations that show that it is.</summary>
public sealed class Violation
{
    private readonly IReadOnlyList<(string From, string To, string Label)> _edges;
    private readonly IReadOnlyList<(string Name, string Text)> _nodes;

    internal Violation(
        ViolationKind kind,
        Promises broken,
        string sentence,
        IReadOnlyList<string> explanation,
        IReadOnlyList<(string Name, string Text)> nodes,
        IReadOnlyList<(string From, string To, string Label)> edges)
    {
        Kind = kind;
        Broken = broken;
        Sentence = sentence;
        Explanation = explanation;
        _nodes = nodes;
        _edges = edges;
    }

    public ViolationKind Kind { get; }

    /// <summary>Every promise that this breaks.</summary>
    public Promises Broken { get; }

    /// <summary>What is wrong, in one sentence.</summary>
    public string Sentence { get; }

    /// <summary>The counter-example: who wrote what, who had seen what, why no order explains it.</summary>
    public IReadOnlyList<string> Explanation { get; }

    /// <summary>The operations of the counter-example, as <c>SESSION#NUMBER</c>.</summary>
    public IReadOnlyList<string> Operations => [.. _nodes.Select(node => node.Name)];

    /// <summary>The counter-example as a Graphviz digraph.</summary>
    public string ToDot()
    {
        var dot = new StringBuilder("digraph violation {\n");
        dot.Append($"  label={Quote($"{Kind}: {Sentence}")};\n  node [shape=box];\n");

        foreach (var (name, text) in _nodes)
        {
            dot.Append($"  {Quote(name)} [label={Quote($"{name}\n{text}")}];\n");
        }

        foreach (var (from, to, label) in _edges)
        {
            dot.Append($"  {Quote(from)} -> {Quote(to)} [label={Quote(label)}];\n");
        }

        return dot.Append("}\n").ToString();
    }

    /// <summary>
    /// The counter-example as a picture: a column a session, causes above their effects; what contradicts
    /// that is red.
    /// </summary>
    public string ToSvg() => new Drawing($"{Kind}: {Sentence}", _nodes, _edges).ToSvg();

    public override string ToString()
        => $"{Kind}: {Sentence}\n  breaks {Broken}\n" + string.Concat(
            Explanation.Select(line => $"  {line}\n"));

    private static string Quote(string text)
        => "\"" + text.Replace("\\", "\\\\").Replace("\"", "\\\"").Replace("\n", "\\n") + "\"";
}
