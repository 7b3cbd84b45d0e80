using CausalStore.Protocol;

namespace CausalStore.Simulation;

/// <summary>A request of a client, and its reply as far as it is there.</summary>
internal abstract record Asked(string Line)
{
    public List<Response> Reply { get; } = [];

    public bool IsAnswered => Reply.Count > 0 && (Reply[0] is Response.Error || IsComplete);

    /// <summary>Most replies are one line.</summary>
    protected virtual bool IsComplete => true;

    internal sealed record Hello(string Line) : Asked(Line);

    internal sealed record Read(string Line, IReadOnlyList<int> Keys) : Asked(Line)
    {
        protected override bool IsComplete => Reply.Count == Keys.Count;
    }

    internal sealed record Scan(string Line, string Prefix, int Limit, int? After) : Asked(Line)
    {
        protected override bool IsComplete => Reply[^1] is Response.End;
    }

    /// <param name="Operations">Key and value; null for a delete. Each key once.</param>
    internal sealed record Write(string Line, IReadOnlyList<(int Key, string? Value)> Operations)
        : Asked(Line);

    internal sealed record Watch(string Line, string Prefix, bool Ends) : Asked(Line);

    internal sealed record GetContext() : Asked("context");

    internal sealed record SetContext(string Line) : Asked(Line);
}
