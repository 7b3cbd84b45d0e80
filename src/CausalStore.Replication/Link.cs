using CausalStore.Protocol;

namespace CausalStore.Replication;

/// <summary>One connection to another server.</summary>
public sealed class Link
{
    internal Link(long number) => Number = number;

    public long Number { get; }

    /// <summary>Lines for the other server, in order; whoever sends them consumes them.</summary>
    public OutputBuffer Output { get; } = new();

    /// <summary>Close the connection once <see cref="Output"/> is sent; hand in nothing more.</summary>
    public bool IsClosing { get; internal set; }

    /// <summary>For whoever owns the connection.</summary>
    public object? Owner { get; set; }

    internal bool IsTouched { get; set; }
}
