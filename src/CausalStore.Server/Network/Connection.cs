using System.Net;
using System.Net.Sockets;
using CausalStore.Protocol;
using CausalStore.Replication;

namespace CausalStore.Server.Network;

/// <summary>What came of <see cref="Connection.Receive"/>.</summary>
internal enum Received
{
    /// <summary>Nothing was there.</summary>
    Nothing,

    /// <summary>Bytes, or the end of what the other side sends.</summary>
    Something,

    /// <summary>The connection is dead.</summary>
    Broken,
}

/// <summary>
/// One socket with its buffers: bytes in and out, and how far it is on its way to its end. A client's or
/// another server's: its first line tells. It knows nothing of what the lines mean.
/// </summary>
internal sealed class Connection(Socket socket, int lineBytesMax)
{
    /// <summary>A session is asked nothing more while so much of its output is not sent.</summary>
    public const int OutputBytesMax = 256 * 1024;

    // A window of writes and the longest line fit many times; more piles up only if errors are not read.
    private const int ServerOutputBytesMax = 256 << 20;
    private const int SmallReceiveBytes = 4 * 1024;
    private const int LargeReceiveBytes = 256 * 1024;
    private const int KeepAliveSeconds = 60;

    private readonly OutputBuffer _ownOutput = new();
    private OutputGate _gate;
    private int _receiveBytes = SmallReceiveBytes;
    private bool _isSendBlocked;

    public Socket Socket { get; } = socket;

    public LineBuffer Lines { get; } = new(lineBytesMax);

    /// <summary>Its place in the poller; null: not watched.</summary>
    public Watch? Watch { get; set; }

    /// <summary>Set once its first line shows that a client is there.</summary>
    public Session? Session { get; set; }

    /// <summary>Set once its first line shows that a server is there, or when it was dialled.</summary>
    public Link? Link { get; set; }

    /// <summary>The other side sends nothing more.</summary>
    public bool ReadEnded { get; private set; }

    /// <summary>Lines may be in <see cref="Lines"/> that wait for <see cref="MayExecute"/>.</summary>
    public bool HasLines { get; set; }

    /// <summary>Its output is sent, then it is closed; nothing more is asked of it.</summary>
    public bool IsEnding { get; set; }

    /// <summary>Its output is sent, and the other side knows; what still comes from there is dropped, so that
    /// no reset overtakes our last words.</summary>
    public bool IsLingering { get; private set; }

    /// <summary>When it is closed whatever is left; for one that is ending.</summary>
    public TimeSpan Deadline { get; set; }

    /// <summary>Sending has failed.</summary>
    public bool IsBroken { get; private set; }

    public bool IsClosed { get; private set; }

    /// <summary>It stands in the loop's list of those to look at.</summary>
    public bool IsNoted { get; set; }

    /// <summary>Its lines wait for the disk.</summary>
    public bool IsHeld { get; set; }

    /// <summary>It stands in the <see cref="Outbox"/>.</summary>
    public bool IsInOutbox { get; set; }

    public OutputBuffer Output => Session?.Output ?? Link?.Output ?? _ownOutput;

    /// <summary>Whether the replica takes another line of it. A server's is always taken: two servers that
    /// both waited for the other to read would wait for ever.</summary>
    public bool MayExecute =>
        !IsEnding
        && (Session is not { } session
            || (!session.IsBlocked && !session.IsClosing && Output.Length < OutputBytesMax))
        && Link is not { IsClosing: true };

    /// <summary>Whether the replica wants it closed and that has not begun.</summary>
    public bool MustEnd => !IsEnding && (Session is { IsClosing: true } || Link is { IsClosing: true });

    /// <summary>Whether a server goes on saying what must be answered, and reads no answer.</summary>
    public bool IsFlooded => Link is not null && Output.Length > ServerOutputBytesMax;

    /// <summary>Nothing is left to do but to close it.</summary>
    public bool IsDone => IsBroken || IsFlooded || (IsLingering && ReadEnded);

    public bool IsAllSent => Output.IsEmpty;

    /// <summary>Whether output waits for the journal, and not for the socket.</summary>
    public bool WaitsForJournal => _gate.Held > 0;

    public Interest Interest =>
        (IsLingering || (!IsEnding && !ReadEnded && !HasLines) ? Interest.Read : Interest.None)
        | (_isSendBlocked && !IsLingering ? Interest.Write : Interest.None);

    /// <summary>The address at this end; empty if the connection is gone already.</summary>
    public string LocalHost => HostOf(socket => socket.LocalEndPoint);

    /// <summary>The address at the other end; empty if the connection is gone already.</summary>
    public string RemoteHost => HostOf(socket => socket.RemoteEndPoint);

    /// <summary>Makes a new socket fit for this server.</summary>
    /// <exception cref="SocketException">The other side is gone already.</exception>
    public static void Prepare(Socket socket)
    {
        socket.Blocking = false;
        socket.NoDelay = true;
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, KeepAliveSeconds);
    }

    /// <summary>One receive.</summary>
    public Received Receive()
    {
        var space = Lines.ReceiveSpace(_receiveBytes);
        int count = Socket.Receive(space.Span, SocketFlags.None, out var error);

        if (error == SocketError.WouldBlock)
        {
            Lines.Release();
            return Received.Nothing;
        }

        if (error != SocketError.Success)
        {
            return Received.Broken;
        }

        // Who sends much gets much room; who sends little holds little memory.
        _receiveBytes = count == space.Length ? LargeReceiveBytes : SmallReceiveBytes;
        ReadEnded = count == 0;
        Lines.Received(count);
        return Received.Something;
    }

    /// <summary>Says that what is in the output now leaves when that batch is durable.</summary>
    public void Seal(long batch, long durable) => _gate.Seal(Output.Length, batch, durable);

    /// <summary>One send of what may leave, of each piece of it.</summary>
    /// <param name="durable">The last durable batch of the journal.</param>
    /// <returns>Bytes sent.</returns>
    public int Send(long durable)
    {
        int allowed = _gate.Release(durable);
        int sent = 0;
        _isSendBlocked = false;

        while (sent < allowed && !_isSendBlocked && !IsBroken)
        {
            var piece = Output.Written;
            piece = piece[..Math.Min(allowed - sent, piece.Length)];
            int count = Socket.Send(piece, SocketFlags.None, out var error);
            IsBroken = error is not SocketError.Success and not SocketError.WouldBlock;
            _isSendBlocked = !IsBroken && count < piece.Length;
            _gate.Sent(count);
            Output.Consume(count);
            sent += count;
        }

        return sent;
    }

    /// <summary>Tells the other side that nothing more comes.</summary>
    public void Linger()
    {
        IsLingering = true;

        try
        {
            Socket.Shutdown(SocketShutdown.Send);
        }
        catch (SocketException)
        {
            IsBroken = true;
        }
    }

    /// <summary>Drops what still comes.</summary>
    /// <param name="scratch">Where to.</param>
    /// <returns>Whether the other side has closed as well.</returns>
    public bool DropReceived(Span<byte> scratch)
    {
        int count = Socket.Receive(scratch, SocketFlags.None, out var error);
        return error == SocketError.Success ? count == 0 : error != SocketError.WouldBlock;
    }

    public void Close()
    {
        IsClosed = true;
        Lines.Dispose();
        Socket.Dispose();
    }

    private string HostOf(Func<Socket, EndPoint?> end)
    {
        try
        {
            return end(Socket) is IPEndPoint { Address: var address }
                ? $"{(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address)}"
                : "";
        }
        catch (SocketException)
        {
            return "";
        }
    }
}
