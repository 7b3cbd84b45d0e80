using CausalStore.Protocol;
using CausalStore.Tracing;

namespace CausalStore.Client;

/// <summary>What a client does when its connection is lost.</summary>
public enum WhenLost
{
    /// <summary>Connects again, to any of its servers, and goes on trying until it is disposed.</summary>
    KeepTrying,

    /// <summary>Tries each of its servers once.</summary>
    TryOnce,

    /// <summary>Ends.</summary>
    End,
}

/// <summary>How a <see cref="StoreClient"/> connects and how patient it is.</summary>
public sealed class StoreClientOptions
{
    /// <summary>At least one. The first that answers is used; when it is lost, the next.</summary>
    public required IReadOnlyList<ServerAddress> Servers { get; init; }

    /// <summary>Names the session in the servers' logs.</summary>
    public string Name { get; init; } = "client";

    public WhenLost WhenLost { get; init; } = WhenLost.KeepTrying;

    /// <summary>How long a server, or all of them, may be <c>unavailable</c> before that is the
    /// reply.</summary>
    public TimeSpan UnavailableWait { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a server may take to accept a connection and to answer the hello.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Pushes that may wait to be taken; beyond it they are cut off
    /// (<see cref="PushesCutOffException"/>).</summary>
    public int WaitingPushesMax { get; init; } = 10_000;

    /// <summary>Likewise in bytes; one push may always wait.</summary>
    public long WaitingPushBytesMax { get; init; } = 64 * 1024 * 1024;

    /// <summary>Writes down what the session does and sees, to be judged; null: nobody does.</summary>
    public HistoryRecorder? Recorder { get; init; }

    /// <summary>Writes down what the session does and sees, to be drawn; null: nobody does. Started and
    /// disposed by whoever made it.</summary>
    public TraceFile? Trace { get; init; }

    /// <summary>Told in a sentence what goes on without being asked for: waiting, losing a connection,
    /// finding another. Called from any thread; must be quick and not throw.</summary>
    public Action<string> OnNotice { get; init; } = _ => { };

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Takes the pushed lines in place of the queue, on the receiving loop, so in the order of the
    /// wire.</summary>
    internal Action<ReplyLine>? OnPush { get; init; }
}
