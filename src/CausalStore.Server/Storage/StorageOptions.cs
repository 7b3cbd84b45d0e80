using CausalStore.Protocol;

namespace CausalStore.Server.Storage;

/// <summary>Whose data are kept where, and how.</summary>
internal sealed record StorageOptions
{
    public const long RetainBytesDefault = 256L << 20;

    public required string Directory { get; init; }

    public required ServerId Id { get; init; }

    /// <summary>The INSTANCE of a server that begins.</summary>
    public required string NewInstance { get; init; }

    public Consistency Consistency { get; init; } = Consistency.Causal;

    public Fsync Fsync { get; init; } = Fsync.Always;

    /// <summary>Which start of the machine this is: <see cref="Storage.Boot"/>.</summary>
    public required string Boot { get; init; }

    /// <summary>Journal that is kept for servers that lack it, and the file's bound.</summary>
    public long RetainBytes { get; init; } = RetainBytesDefault;

    /// <summary>Room that is held for when there is no other.</summary>
    public int ReserveBytes { get; init; } = Reserve.BytesDefault;
}
