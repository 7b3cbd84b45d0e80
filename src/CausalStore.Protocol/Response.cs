namespace CausalStore.Protocol;

/// <summary>What a server says to a client, all cases on one screen: replies, and pushes
/// (<see cref="Update"/>, <see cref="Removed"/>, <see cref="Traced"/>), which may stand between two
/// replies.</summary>
public abstract record Response
{
    private Response()
    {
    }

    /// <summary><c>welcome SERVER CLUSTER</c>: CLUSTER is <c>-</c> while the server has none.</summary>
    public sealed record Welcome(ServerId Server, string? Cluster) : Response;

    /// <summary><c>ok</c>, or <c>ok VERSION</c> for a write.</summary>
    public sealed record Ok(WriteVersion? Version) : Response;

    /// <summary><c>value K V VERSION</c></summary>
    public sealed record Value(byte[] Key, byte[] Data, WriteVersion Version) : Response;

    /// <summary><c>missing K</c>, or <c>missing K VERSION</c> while the tombstone is kept.</summary>
    public sealed record Missing(byte[] Key, WriteVersion? Version) : Response;

    /// <summary><c>update K V VERSION</c>: pushed.</summary>
    public sealed record Update(byte[] Key, byte[] Data, WriteVersion Version) : Response;

    /// <summary><c>removed K VERSION</c>: pushed.</summary>
    public sealed record Removed(byte[] Key, WriteVersion Version) : Response;

    /// <summary><c>traced JSON</c>: pushed.</summary>
    public sealed record Traced(string Json) : Response;

    /// <summary><c>context CONTEXT</c></summary>
    public sealed record Seen(Context Context) : Response;

    /// <summary><c>end COUNT</c>: so many lines stood before it.</summary>
    public sealed record End(long Count) : Response;

    /// <summary><c>pong</c></summary>
    public sealed record Pong : Response;

    /// <summary><c>error CODE TEXT</c></summary>
    public sealed record Error(ErrorCode Code, string Reason) : Response;

    /// <summary>A line of a reply made for people: of <c>status</c>, <c>members</c>, <c>pending</c>,
    /// <c>why</c>, <c>history</c>, <c>conflicts</c>.</summary>
    public sealed record Text(string Line) : Response;
}
