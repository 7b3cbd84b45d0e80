using CausalStore.Protocol;

namespace CausalStore.Replication;

/// <summary>
/// Something that happened, for people: the narration of the server's terminal, the trace of a simulation.
/// Those marked (narrated) are made only while <see cref="Effects.Narrating"/> or
/// <see cref="Effects.Tracing"/>, those marked (traced) only while the latter.
/// </summary>
public abstract record Notice
{
    private Notice()
    {
    }

    /// <summary>A client has said its name (narrated).</summary>
    public sealed record ClientNamed(Session Session) : Notice;

    /// <summary>A client's write has its version (narrated).</summary>
    public sealed record WriteAccepted(Session Session, Write Write) : Notice;

    /// <summary>A write from another server must wait (narrated).</summary>
    /// <param name="Missing">The part of its needs that is not applied here.</param>
    public sealed record WriteDelayed(Write Write, ServerId From, Context Missing) : Notice;

    /// <summary>A write from another server is applied (narrated).</summary>
    /// <param name="Waited">How long it stood in the delay queue; null: it did not.</param>
    /// <param name="ReleasedBy">The write that it waited for last.</param>
    public sealed record WriteApplied(Write Write, ServerId From, TimeSpan? Waited, WriteVersion? ReleasedBy)
        : Notice
    {
        /// <summary>The write whose arrival set off the release, and who brought it.</summary>
        public (WriteVersion Version, ServerId From)? Arrival { get; init; }
    }

    /// <summary>Last writer wins decided between two writes of a key (narrated): the loser was not seen by
    /// the winner's writer; at an eventual server, it only came later.</summary>
    public sealed record ConflictDecided(byte[] Key, WriteVersion Winner, WriteVersion Loser) : Notice;

    /// <summary>A client has read (narrated).</summary>
    /// <param name="First">The first ten keys of the store and their values.</param>
    /// <param name="Keys">How many keys there are.</param>
    public sealed record KeysRead(
        Session Session, IReadOnlyList<byte[]> Asked, IReadOnlyList<(byte[] Key, byte[] Value)> First,
        long Keys)
        : Notice;

    /// <summary>A write goes to a server (traced).</summary>
    /// <param name="IsHeld">A fault holds it back.</param>
    public sealed record WriteSent(WriteVersion Version, ServerId To, bool IsHeld) : Notice;

    /// <summary>A write came from a server, perhaps not for the first time (traced).</summary>
    public sealed record WriteReceived(WriteVersion Version, ServerId From) : Notice;

    /// <summary>A client was shown keys: the first of them (traced).</summary>
    public sealed record KeysShown(Session Session, IReadOnlyList<(byte[] Key, WriteVersion? Version)> Keys)
        : Notice;

    /// <summary>A client was pushed a change (traced).</summary>
    public sealed record ChangePushed(Session Session, byte[] Key, WriteVersion Version) : Notice;

    /// <summary>A link was disturbed, or healed (traced).</summary>
    public sealed record LinkDisturbed(Request.Link Request) : Notice;

    /// <summary>Another server of the cluster has said hello: the first connection to it.</summary>
    public sealed record PeerConnected(ServerId Peer, ServerAddress Address, bool Dialled) : Notice;

    /// <summary>The last connection to another server is gone.</summary>
    public sealed record PeerDisconnected(ServerId Peer) : Notice;

    /// <summary>Nobody answers at that address; said once until somebody has.</summary>
    public sealed record PeerUnreachable(ServerAddress Address, string Reason) : Notice;

    /// <summary>Something about the cluster and this server's part in it: named, joined, refused, learned,
    /// forgotten, settled, lost, copied.</summary>
    /// <param name="IsWarning">Whether somebody should look at it.</param>
    public sealed record Cluster(string Text, bool IsWarning) : Notice;

    /// <summary>A bad line from a peer was skipped.</summary>
    /// <param name="From">Whose line it was.</param>
    public sealed record BadLine(string From, string Error) : Notice;
}
