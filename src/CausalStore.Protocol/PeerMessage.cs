namespace CausalStore.Protocol;

/// <summary>
/// What servers say to each other, all cases on one screen; but for <c>replicate</c>, which is the hot path
/// (<see cref="Write"/>).
/// </summary>
public abstract record PeerMessage
{
    private PeerMessage()
    {
    }

    /// <summary><c>hello server ID INSTANCE CLUSTER PORT [WORD ...]</c>: CLUSTER is <c>-</c> while there is
    /// none; PORT a port, 0 for none, or HOST:PORT (<paramref name="Listens"/> then has the host).</summary>
    public sealed record Hello(
        ServerId Id, string Instance, string? Cluster, ServerAddress Listens, bool Waiting, bool Eventual)
        : PeerMessage;

    /// <summary><c>peer HOST PORT</c>: an address that one without a name knows.</summary>
    public sealed record Peer(ServerAddress Address) : PeerMessage;

    /// <summary><c>member ID INSTANCE HOST PORT</c>: one that is recorded, by one that has joined.</summary>
    public sealed record Member(ServerId Id, string Instance, ServerAddress Address) : PeerMessage;

    /// <summary><c>forgotten ID</c></summary>
    public sealed record Forgotten(ServerId Id) : PeerMessage;

    /// <summary><c>have CONTEXT</c>: what the sender has applied.</summary>
    public sealed record Have(Context Context) : PeerMessage;

    /// <summary><c>join</c></summary>
    public sealed record Join : PeerMessage;

    /// <summary><c>joined</c></summary>
    public sealed record Joined : PeerMessage;

    /// <summary><c>error TEXT</c>: never answered.</summary>
    public sealed record Error(string Text) : PeerMessage;

    /// <summary><c>statement ID FORGOTTEN HELD</c>: what member ID holds of every forgotten server, applied
    /// or delayed, said once for this set of forgotten ones.</summary>
    public sealed record Statement(ServerId Id, IdSet About, IReadOnlyList<WriteRange> Held) : PeerMessage;

    /// <summary><c>settled FORGOTTEN SURVIVORS</c>: the sum of all statements about that set; of the
    /// forgotten ones' writes, what is not in it is lost.</summary>
    public sealed record Settled(IdSet About, IReadOnlyList<WriteRange> Survivors) : PeerMessage;

    /// <summary><c>lost RANGES</c>: what earlier settlements found lost, while a further one is under
    /// way.</summary>
    public sealed record LostBefore(IReadOnlyList<WriteRange> Ranges) : PeerMessage;

    /// <summary><c>copy FORGOTTEN APPLIED LOST COUNT</c>: the sender has a copy of its whole state, as of one
    /// moment; so many keys follow, in their order, once <c>copy-after</c> is said.</summary>
    public sealed record Copy(
        IdSet Without, IReadOnlyList<WriteRange> Applied, IReadOnlyList<WriteRange> Lost, long Count)
        : PeerMessage;

    /// <summary><c>copied VERSION write KEY VALUE</c>, or <c>copied VERSION delete KEY</c> for a
    /// tombstone.</summary>
    public sealed record Copied(WriteVersion Version, byte[] Key, byte[]? Value) : PeerMessage;

    /// <summary><c>copied-all COUNT</c>: so many keys came; now they count.</summary>
    public sealed record CopiedAll(long Count) : PeerMessage;

    /// <summary><c>copy-after KEY</c>: the answer to <c>copy</c>, what the receiver has of this very copy
    /// already; the empty key: nothing.</summary>
    public sealed record CopyAfter(byte[] Key) : PeerMessage;
}
