using CausalStore.Protocol;

namespace CausalStore.Replication;

/// <summary>One client's connection, and what it has seen.</summary>
public sealed class Session
{
    internal Session(long number) => Number = number;

    /// <summary>Counts the sessions of this server, from 1.</summary>
    public long Number { get; }

    /// <summary>What the client calls itself; empty before it says so.</summary>
    public string Name { get; internal set; } = "";

    /// <summary>Replies and pushes, in order; whoever sends them consumes them.</summary>
    public OutputBuffer Output { get; } = new();

    /// <summary>While true, the requests behind the last one wait: do not hand them in.</summary>
    public bool IsBlocked { get; internal set; }

    /// <summary>Close the connection once <see cref="Output"/> is sent; hand in nothing more.</summary>
    public bool IsClosing { get; internal set; }

    /// <summary>For whoever owns the connection.</summary>
    public object? Owner { get; set; }

    internal bool IsTouched { get; set; }
}
