using CausalStore.Protocol;

namespace CausalStore.Tracing;

/// <summary>Who did or saw something.</summary>
/// <param name="Name">A server's id or a client's name.</param>
public readonly record struct TracedProcess(string Name, bool IsServer)
{
    public static TracedProcess Server(ServerId id) => new($"{id}", IsServer: true);

    public static TracedProcess Client(string name) => new(name, IsServer: false);

    public override string ToString() => IsServer ? $"server {Name}" : Name;
}

/// <summary>A client as a server knows it.</summary>
/// <param name="Number">Counts the sessions of one life of that server.</param>
public readonly record struct TracedSession(string Name, long Number);

/// <summary>One operation of a write; texts are cut (<see cref="TraceText"/>).</summary>
/// <param name="Value">Null: a delete.</param>
public readonly record struct TracedOperation(string Key, string? Value);

/// <summary>A key as it was shown.</summary>
/// <param name="Value">Null: it has none, or the server that showed it did not say.</param>
/// <param name="Version">Null: nothing was ever there.</param>
public readonly record struct Sight(string Key, string? Value, WriteVersion? Version);

/// <summary>One event, where and when it happened.</summary>
/// <param name="Sequence">Counts the events of one life of a process, from 1.</param>
public sealed record TraceLine(TracedProcess Process, long Sequence, DateTime Time, TraceEvent Event);

/// <summary>Everything that is traced, all cases on one screen (docs/traces.md).</summary>
public abstract record TraceEvent
{
    private TraceEvent()
    {
    }

    /// <summary>A process begins; where its last life has no <see cref="Stopped"/>, it had crashed.</summary>
    public sealed record Started(Consistency? Consistency) : TraceEvent;

    public sealed record Stopped : TraceEvent;

    /// <summary>So many events happened here that nobody wrote down.</summary>
    public sealed record Dropped(long Count) : TraceEvent;

    public sealed record Connected(ServerId Server) : TraceEvent;

    public sealed record Disconnected(ServerId Server) : TraceEvent;

    /// <summary>Something about the cluster, in words.</summary>
    public sealed record Noted(string Text) : TraceEvent;

    /// <summary>A client wrote. Its time is that of the request.</summary>
    /// <param name="Version">Null: nobody knows whether it happened.</param>
    public sealed record Wrote(
        WriteVersion? Version, IReadOnlyList<TracedOperation> Operations, TimeSpan Took) : TraceEvent;

    /// <summary>A client was shown what it had asked for.</summary>
    public sealed record Saw(IReadOnlyList<Sight> Shown) : TraceEvent;

    /// <summary>A client was pushed a change.</summary>
    public sealed record WasPushed(Sight Sight) : TraceEvent;

    /// <summary>A server took a client's write, and has applied it.</summary>
    public sealed record Accepted(
        WriteVersion Version, Context Needs, IReadOnlyList<TracedOperation> Operations, TracedSession Session)
        : TraceEvent;

    /// <summary>A write goes to a server.</summary>
    /// <param name="IsHeld">A fault holds it back; when it leaves, its arrival tells.</param>
    public sealed record Sent(WriteVersion Version, ServerId To, bool IsHeld) : TraceEvent;

    /// <summary>A write came from a server, perhaps not for the first time.</summary>
    public sealed record Received(WriteVersion Version, ServerId From) : TraceEvent;

    /// <summary>A write that came must wait.</summary>
    public sealed record Delayed(
        WriteVersion Version, ServerId From, Context Needs, Context Missing,
        IReadOnlyList<TracedOperation> Operations) : TraceEvent;

    /// <summary>Another server's write is visible.</summary>
    /// <param name="Waited">Null: it had not been delayed.</param>
    /// <param name="ReleasedBy">What it waited for last.</param>
    public sealed record Applied(
        WriteVersion Version, ServerId From, Context Needs, IReadOnlyList<TracedOperation> Operations,
        TimeSpan? Waited, WriteVersion? ReleasedBy) : TraceEvent;

    /// <summary>A server showed a client what it had asked for.</summary>
    public sealed record Showed(TracedSession Session, IReadOnlyList<Sight> Shown) : TraceEvent;

    /// <summary>A server pushed a change to a client.</summary>
    public sealed record Pushed(TracedSession Session, string Key, WriteVersion Version) : TraceEvent;

    /// <summary>A link was disturbed, or healed.</summary>
    /// <param name="Amount">Milliseconds of a delay, writes of a step; else 0.</param>
    public sealed record Disturbed(ServerId Server, LinkAction Action, int Amount) : TraceEvent;
}
