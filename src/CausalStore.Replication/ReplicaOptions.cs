using CausalStore.Protocol;

namespace CausalStore.Replication;

/// <summary>Everything a replica is told at its start, its randomness included.</summary>
public sealed record ReplicaOptions
{
    /// <summary>The id that belongs to this server's data.</summary>
    public required ServerId Id { get; init; }

    /// <summary>A random bare word of at most 64 bytes, made at the first start and kept with the
    /// data.</summary>
    public required string Instance { get; init; }

    /// <summary>The port it listens on; 0: it does not listen.</summary>
    public int Port { get; init; }

    /// <summary>What others are told of where it listens; null: what each connection shows.</summary>
    public ServerAddress? Advertise { get; init; }

    /// <summary>The addresses of <c>--peers</c>.</summary>
    public IReadOnlyList<ServerAddress> Peers { get; init; } = [];

    /// <summary>Found a cluster although peers are named.</summary>
    public bool Found { get; init; }

    public Consistency Consistency { get; init; } = Consistency.Causal;

    /// <summary>Whether <c>link</c> is obeyed.</summary>
    public bool AllowFaults { get; init; }

    /// <summary>How long <c>context CONTEXT</c> waits for what it names.</summary>
    public TimeSpan ContextWait { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a peer may lack a write before somebody other than its origin sends it; zero: for
    /// ever, but for the writes of a forgotten server.</summary>
    public TimeSpan RelayAfter { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>What the delay queue may hold; beyond it the greatest versions go, and the connections that
    /// brought them.</summary>
    public long DelayQueueBytesMax { get; init; } = 256L << 20;

    /// <summary>What clients may leave unread of what is pushed to them, all together; beyond it whoever has
    /// most is cut off.</summary>
    public long UnreadBytesMax { get; init; } = 256L << 20;

    /// <summary>Applied writes kept for members that lack them; who lacks more gets a copy of the
    /// state.</summary>
    public long RetainBytesMax { get; init; } = 256L << 20;

    /// <summary>Applied writes kept although every member has them, for who may join next.</summary>
    public long RecentBytesMax { get; init; } = 8L << 20;

    /// <summary>Where the data are, for advice; null: in memory only.</summary>
    public string? DataDirectory { get; init; }

    /// <summary>What acknowledged writes survive, for <c>status</c>.</summary>
    public string Durability { get; init; } = "memory: what is acknowledged ends with this server";
}
