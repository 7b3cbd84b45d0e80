using CausalStore.Protocol;
using CausalStore.Server.Commands;
using CausalStore.Server.Storage;

namespace CausalStore.Server;

/// <summary>How much a server tells of itself.</summary>
internal enum Verbosity
{
    /// <summary>What somebody should look at.</summary>
    Warnings,

    /// <summary>Errors only.</summary>
    Quiet,

    /// <summary>Every read and write.</summary>
    Narrate,
}

/// <summary>How a server is started.</summary>
internal sealed record ServerOptions
{
    public const int LineBytesDefault = 1 << 20;
    public const int LineBytesMost = 32 << 20;

    /// <summary>0: a free one.</summary>
    public required int Port { get; init; }

    public required ServerId Id { get; init; }

    public IReadOnlyList<ServerAddress> Peers { get; init; } = [];

    /// <summary>The address of this machine that it listens on.</summary>
    public string Bind { get; init; } = "127.0.0.1";

    /// <summary>Where others find it; null: where its connections come from.</summary>
    public ServerAddress? Advertise { get; init; }

    /// <summary>Where the data are kept; null: in memory only.</summary>
    public string? DataDirectory { get; init; }

    public Fsync Fsync { get; init; } = Fsync.Always;

    /// <summary>The longest line of a client, in bytes.</summary>
    public int LineBytesMax { get; init; } = LineBytesDefault;

    /// <summary>How long <c>context CONTEXT</c> waits.</summary>
    public TimeSpan ContextWait { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Whether <c>link</c> is obeyed.</summary>
    public bool AllowFaults { get; init; }

    public Consistency Consistency { get; init; } = Consistency.Causal;

    /// <summary>How long a peer may lack a write before somebody other than its origin sends it; zero: for
    /// ever.</summary>
    public TimeSpan RelayAfter { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Found a cluster although peers are named.</summary>
    public bool Found { get; init; }

    /// <summary>Applied writes kept for members that lack them, in bytes: so much in memory, and so much
    /// journal on the disk.</summary>
    public long RetainBytes { get; init; } = StorageOptions.RetainBytesDefault;

    public Verbosity Verbosity { get; init; }

    public CommandsFrom Commands { get; init; }

    /// <summary>Where what happens is written down, to be drawn; null: nowhere.</summary>
    public string? TraceFile { get; init; }
}
