using CausalStore.Protocol;

namespace CausalStore.Replication;

/// <summary>One connection to another server.</summary>
public sealed class Link
{
    private readonly Effects _effects;
    private readonly LinkFaults _faults;

    internal Link(
        long number, ServerAddress? dialled, string localHost, string remoteHost, Effects effects,
        LinkFaults faults)
    {
        Number = number;
        Dialled = dialled;
        LocalHost = localHost;
        RemoteHost = remoteHost;
        _effects = effects;
        _faults = faults;
    }

    /// <summary>Counts the connections of this server, from 1.</summary>
    public long Number { get; }

    /// <summary>Lines for the other server, in order; whoever sends them consumes them.</summary>
    public OutputBuffer Output { get; } = new();

    /// <summary>Close the connection once <see cref="Output"/> is sent; hand in nothing more.</summary>
    public bool IsClosing { get; private set; }

    /// <summary>For whoever owns the connection.</summary>
    public object? Owner { get; set; }

    /// <summary>The address that was dialled; null: the other server dialled.</summary>
    public ServerAddress? Dialled { get; }

    /// <summary>What the other server said of itself; null before it has.</summary>
    public PeerMessage.Hello? Peer { get; internal set; }

    internal string LocalHost { get; }

    internal string RemoteHost { get; }

    internal bool IsTouched { get; set; }

    /// <summary>Since when both have said hello.</summary>
    internal TimeSpan Since { get; set; }

    /// <summary>When its last line came.</summary>
    internal TimeSpan HeardAt { get; set; }

    /// <summary>Whether this server has said hello.</summary>
    internal bool HasGreeted { get; set; }

    /// <summary>Whether both are of one cluster, so that writes and what belongs to them may pass.</summary>
    internal bool IsReplicating { get; set; }

    /// <summary>The other server is refused, and its first <c>have</c> is still listened to.</summary>
    internal bool IsRefused { get; set; }

    /// <summary>Whether the other server has joined, by its hello or by a <c>member</c> line since.</summary>
    internal bool PeerHasJoined { get; set; }

    /// <summary>Where the other server says that it listens.</summary>
    internal ServerAddress PeerAddress { get; set; }

    /// <summary>What was heard on this connection; it ends with it.</summary>
    internal HeardOnLink Heard { get; } = new();

    /// <summary>What is to be sent of the log, and what is held back by a fault.</summary>
    internal LinkSending Sending { get; } = new();

    /// <summary>A copy of the other server's state that is arriving.</summary>
    internal ArrivingCopy? Arriving { get; set; }

    /// <summary>Sends a message, behind what a fault holds back.</summary>
    internal void Send(PeerMessage message)
    {
        if (IsClosing)
        {
            return;
        }

        if (_faults.Holds(this))
        {
            if (message is PeerMessage.Have && _faults.IsCut(this))
            {
                Sending.DropHeldHave();
            }

            Sending.Hold(new HeldLine(message, null), _faults.Now);
        }
        else
        {
            PeerMessageCodec.Append(message, Output);
            Touch();
        }
    }

    /// <summary>Sends a write, as its line with the LF, behind what a fault holds back.</summary>
    internal void SendWrite(ReadOnlySpan<byte> line)
    {
        if (_faults.Holds(this))
        {
            Sending.Hold(new HeldLine(null, line.ToArray()), _faults.Now);
        }
        else
        {
            Output.Append(line);
            Touch();
        }
    }

    /// <summary>Sends a key of a copy of the state.</summary>
    internal void SendCopied(Stored stored)
    {
        if (_faults.Holds(this))
        {
            byte[]? value = stored.IsTombstone ? null : stored.Value.ToArray();
            Send(new PeerMessage.Copied(stored.Version, stored.Key.ToArray(), value));
        }
        else
        {
            PeerMessageCodec.AppendCopied(
                stored.Version, stored.Key, stored.Value, stored.IsTombstone, Output);
            Touch();
        }
    }

    internal void SendError(ErrorCode code, string text) =>
        Send(new PeerMessage.Error($"{code.Name()} {text}"));

    internal void Close()
    {
        IsClosing = true;
        Touch();
    }

    /// <summary>The connection is gone: nobody sends or closes it any more.</summary>
    internal void End() => IsClosing = true;

    internal void Touch() => _effects.Touch(this);

    public override string ToString() => Peer is { } peer
        ? $"server {peer.Id}"
        : Dialled is { } address ? $"{address}" : $"a server at {RemoteHost}";
}
