using CausalStore.Protocol;

namespace CausalStore.Replication;

/// <summary>
/// One server's state machine: clock, store, applied set, delay queue, sessions, membership. Input in, effects
/// out; the same input gives the same effects. Whoever owns it calls one method at a time.
/// </summary>
public sealed class Replica
{
    private readonly ReplicaOptions _options;

    public Replica(ReplicaOptions options, Effects effects)
    {
        _options = options;
        _ = effects;
    }

    private InvalidOperationException Unfinished => new($"server {_options.Id}");

    /// <summary>Says what time it is (on a clock that never goes back) and does what is due by then. Call it at
    /// the beginning of every turn, the first time before anything else.</summary>
    public void Advance(TimeSpan now) => throw Unfinished;

    /// <summary>When <see cref="Advance"/> must be called at the latest.</summary>
    public TimeSpan NextWake => throw Unfinished;

    /// <summary>A client has connected.</summary>
    public Session OpenSession() => throw Unfinished;

    /// <summary>A line of a client, without its LF. Not while the session is blocked or closing.</summary>
    public void Receive(Session session, ReadOnlySpan<byte> line) => throw Unfinished;

    /// <summary>A client's connection is gone.</summary>
    public void CloseSession(Session session) => throw Unfinished;

    /// <summary>A connection to another server stands: one that was dialled, or one whose first line
    /// <see cref="PeerMessageCodec.IsServerHello"/>.</summary>
    /// <param name="dialled">The address as in <see cref="Effects.Dials"/>; null: the other server dialled.</param>
    /// <param name="localHost">The connection's address at this end.</param>
    /// <param name="remoteHost">The connection's address at the other end.</param>
    public Link OpenLink(ServerAddress? dialled, string localHost, string remoteHost) =>
        throw Unfinished;

    /// <summary>A line of another server, without its LF. Not while the link is closing.</summary>
    public void Receive(Link link, ReadOnlySpan<byte> line) => throw Unfinished;

    /// <summary>A connection to another server is gone. What it had not sent is forgotten with it.</summary>
    public void CloseLink(Link link) => throw Unfinished;

    /// <summary>Nobody could be reached at an address of <see cref="Effects.Dials"/>.</summary>
    public void DialFailed(ServerAddress address, string reason) => throw Unfinished;

    /// <summary>Hands every link the lines that it has room for. Call it at the end of every turn.</summary>
    public void Flush() => throw Unfinished;

    /// <summary>Writes that connected members are not known to have: 0 when a server may end in peace.</summary>
    public long Undelivered() => throw Unfinished;
}
