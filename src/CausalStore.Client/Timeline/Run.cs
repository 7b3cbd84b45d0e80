using CausalStore.Protocol;
using CausalStore.Tracing;

namespace CausalStore.Client.Timeline;

/// <summary>A server's or a client's line in the picture; time runs downwards.</summary>
internal sealed record Lane(int Index, string Name, bool IsServer);

/// <summary>One life of a process: from its start to its stop, or to its crash.</summary>
/// <param name="First">Its first event, as an index.</param>
/// <param name="HasCrashed">It did not say that it stops, and it is known that it has ended.</param>
internal sealed record Life(int Lane, int First, int Last, bool HasCrashed);

/// <summary>What happened at one place at one moment.</summary>
/// <param name="Time">Since the run began.</param>
/// <param name="Mark">The event at whose mark this one is drawn; its own index: it has a mark.</param>
internal sealed record RunEvent(int Index, int Lane, int Life, TimeSpan Time, TraceEvent Traced, int Mark)
{
    public bool IsMark => Mark == Index;

    /// <summary>The write that it is about; null: none, or several.</summary>
    public WriteVersion? Version => Traced switch
    {
        TraceEvent.Wrote wrote => wrote.Version,
        TraceEvent.Accepted accepted => accepted.Version,
        TraceEvent.Sent sent => sent.Version,
        TraceEvent.Received received => received.Version,
        TraceEvent.Delayed delayed => delayed.Version,
        TraceEvent.Applied applied => applied.Version,
        TraceEvent.Pushed pushed => pushed.Version,
        TraceEvent.WasPushed pushed => pushed.Sight.Version,
        TraceEvent.Saw { Shown: [var only] } => only.Version,
        TraceEvent.Showed { Shown: [var only] } => only.Version,
        _ => null,
    };

    /// <summary>The keys that it is about.</summary>
    public IEnumerable<string> Keys => Traced switch
    {
        TraceEvent.Wrote wrote => wrote.Operations.Select(operation => operation.Key),
        TraceEvent.Accepted accepted => accepted.Operations.Select(operation => operation.Key),
        TraceEvent.Delayed delayed => delayed.Operations.Select(operation => operation.Key),
        TraceEvent.Applied applied => applied.Operations.Select(operation => operation.Key),
        TraceEvent.Pushed pushed => [pushed.Key],
        TraceEvent.WasPushed pushed => [pushed.Sight.Key],
        TraceEvent.Saw saw => saw.Shown.Select(sight => sight.Key),
        TraceEvent.Showed showed => showed.Shown.Select(sight => sight.Key),
        _ => [],
    };
}

internal enum MessageKind
{
    /// <summary>A client's write, to its server.</summary>
    Request,

    /// <summary>A write, from server to server.</summary>
    Replication,

    /// <summary>What a server shows a client that asked.</summary>
    Answer,

    /// <summary>What a server shows a client that watches.</summary>
    Push,
}

/// <summary>An arrow, between two events.</summary>
internal sealed record Message(int From, int To, MessageKind Kind);

/// <summary>A write in a delay queue.</summary>
/// <param name="From">The event of its arrival.</param>
/// <param name="To">That of its application; null: it still waits when the trace ends.</param>
internal sealed record Delay(int From, int? To, string Reason);

/// <summary>A write that became visible before something that its writer had seen: what a server that is
/// not causal shows.</summary>
internal sealed record Anomaly(int Event, WriteVersion Missing);

/// <summary>Everything that the pictures draw.</summary>
/// <param name="Begin">When it began; what its events' times are counted from.</param>
/// <param name="Events">In an order in which no message goes backwards.</param>
internal sealed record Run(
    DateTime Begin,
    IReadOnlyList<Lane> Lanes,
    IReadOnlyList<Life> Lives,
    IReadOnlyList<RunEvent> Events,
    IReadOnlyList<Message> Messages,
    IReadOnlyList<Delay> Delays,
    IReadOnlyList<Anomaly> Anomalies,
    CausalOrder Causes,
    bool IsEventual)
{
    /// <summary>Nothing has happened yet.</summary>
    public static Run Empty { get; } =
        new(DateTime.UnixEpoch, [], [], [], [], [], [], new CausalOrder([]), IsEventual: false);
}
