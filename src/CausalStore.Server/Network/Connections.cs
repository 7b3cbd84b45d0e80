using System.Net.Sockets;
using CausalStore.Protocol;
using CausalStore.Replication;

namespace CausalStore.Server.Network;

/// <summary>
/// All connections of a server, and what happens to them: accepted, their lines handed to the replica, ended,
/// closed. Belongs to the thread of the loop. Everything here that asks the replica for something is called
/// between a turn's beginning and its <see cref="Replica.Flush"/>; <see cref="AfterRelease"/> does not.
/// </summary>
internal sealed class Connections(
    Replica replica, IPoller poller, Outbox outbox, Admission admission, int lineBytesMax)
{
    /// <summary>Connections that others may open; a further one is told so and closed.</summary>
    public const int CountMax = 16_384;

    /// <summary>A line between servers: a write that one server took, every server takes.</summary>
    public const int ServerLineBytesMax = 64 << 20;

    // More than that are closed without a word.
    private const int ToldMax = 256;
    private static readonly TimeSpan SendLastWordsWithin = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LingerFor = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan CloseLateEvery = TimeSpan.FromMilliseconds(100);

    private readonly HashSet<Connection> _all = [];
    private readonly List<Connection> _noted = [];
    private readonly List<Connection> _ending = [];
    private readonly byte[] _dropped = new byte[16 * 1024];
    private TimeSpan _now;

    /// <summary>Whether a connection is to be looked at without waiting for a socket.</summary>
    public bool HaveWork => _noted.Count > 0;

    /// <summary>When an ending connection must be closed at the latest.</summary>
    public TimeSpan NextDeadline { get; private set; } = TimeSpan.MaxValue;

    /// <summary>Whether last words are still to be sent.</summary>
    public bool AreEnding =>
        _ending.Exists(connection => connection is { IsClosed: false, IsAllSent: false });

    /// <summary>A turn begins: looks after those that the last one has noted.</summary>
    public void BeginTurn(TimeSpan now)
    {
        _now = now;
        admission.Resume(Note);

        // What is noted meanwhile is for the next turn.
        int count = _noted.Count;

        for (int index = 0; index < count; index++)
        {
            var connection = _noted[index];
            connection.IsNoted = false;
            LookAfter(connection);
        }

        _noted.RemoveRange(0, count);

        if (now >= NextDeadline)
        {
            CloseLate();
        }
    }

    /// <summary>Takes in a connection that somebody else has opened.</summary>
    public void Accept(Socket socket)
    {
        Connection connection = new(socket, lineBytesMax);

        if (_all.Count >= CountMax + ToldMax)
        {
            connection.Close();
            return;
        }

        Add(connection);

        if (_all.Count > CountMax)
        {
            ResponseWriter.Error(
                connection.Output, ErrorCode.Overloaded,
                $"this server has {CountMax} connections, which is all it serves; close some,"
                + " or try another server");
            End(connection);
        }
    }

    /// <summary>Takes in a connection that this server has opened.</summary>
    public void Dialled(ServerAddress address, Socket socket)
    {
        Connection connection = new(socket, ServerLineBytesMax);
        Add(connection);
        OpenLink(connection, address);
    }

    /// <summary>Does what a ready socket allows.</summary>
    public void Serve(Connection connection, Ready ready)
    {
        if (connection.IsClosed)
        {
            return;
        }

        if (ready.CanWrite)
        {
            outbox.Add(connection);
        }

        if (connection.IsLingering)
        {
            if (ready.CanRead && connection.DropReceived(_dropped))
            {
                Close(connection);
            }
        }
        else if (ready.CanRead && (connection.Interest & Interest.Read) != 0)
        {
            if (connection.Receive() == Received.Broken)
            {
                Close(connection);
            }
            else
            {
                Execute(connection);
            }
        }
        else if (ready.IsBroken)
        {
            Close(connection);
        }
    }

    /// <summary>After a <see cref="Outbox.Release"/>: sees what changes for whoever was served.</summary>
    public void AfterRelease()
    {
        foreach (var connection in outbox.Served)
        {
            if (connection is { IsEnding: true, IsAllSent: true, IsLingering: false, IsBroken: false })
            {
                connection.Linger();
                SetDeadline(connection, LingerFor);
            }

            bool mayGoOn = connection is { HasLines: true, MayExecute: true, IsHeld: false };

            if (connection.IsDone || connection.MustEnd || mayGoOn)
            {
                Note(connection);
            }

            poller.Change(connection.Watch!, connection.Interest);
        }
    }

    /// <summary>Clients are told nothing more than what they have been promised; servers stay.</summary>
    public void EndClients()
    {
        foreach (var connection in _all.Where(one => one is { Link: null, IsEnding: false }).ToArray())
        {
            End(connection);
        }
    }

    /// <summary>At once, whatever is left to send.</summary>
    public void CloseAll()
    {
        foreach (var connection in _all)
        {
            connection.Close();
        }

        _all.Clear();
    }

    private void Add(Connection connection)
    {
        _all.Add(connection);
        connection.Watch = poller.Add(connection.Socket, connection, connection.Interest);
    }

    private void LookAfter(Connection connection)
    {
        if (connection.IsClosed)
        {
            return;
        }

        if (connection.IsDone)
        {
            Close(connection);
        }
        else if (connection.MustEnd)
        {
            End(connection);
        }
        else
        {
            Execute(connection);
        }
    }

    /// <summary>Hands the replica every whole line that it takes now.</summary>
    private void Execute(Connection connection)
    {
        connection.HasLines = true;
        int prefetched = 0;

        while (connection.HasLines && connection.MayExecute && !admission.Holds(connection))
        {
            if (prefetched-- == 0)
            {
                prefetched = Prefetch(connection) - 1;
            }

            switch (connection.Lines.TryTake(out var line))
            {
                case LineResult.Line:
                    Execute(connection, line);
                    break;
                case LineResult.TooLong:
                    RefuseTooLong(connection);
                    break;
                case LineResult.Ended:
                    End(connection);
                    break;
                default:
                    connection.HasLines = false;
                    break;
            }
        }

        connection.Lines.Release();

        if (connection.MustEnd || (connection.ReadEnded && !connection.HasLines && !connection.IsEnding))
        {
            End(connection);
        }

        if (!connection.IsClosed)
        {
            poller.Change(connection.Watch!, connection.Interest);
        }
    }

    private void Execute(Connection connection, ReadOnlySpan<byte> line)
    {
        if (connection.Session is null && connection.Link is null && !Identify(connection, line))
        {
            return;
        }

        if (connection.Session is { } session)
        {
            replica.Receive(session, line);
        }
        else
        {
            replica.Receive(connection.Link!, line);
        }
    }

    private int Prefetch(Connection connection) => connection.Link is null
        ? replica.PrefetchRequests(connection.Lines.Unread)
        : replica.PrefetchWrites(connection.Lines.Unread);

    /// <summary>A client or a server? Its first line tells.</summary>
    private bool Identify(Connection connection, ReadOnlySpan<byte> line)
    {
        if (line.IndexOfAnyExcept((byte)' ') < 0)
        {
            return false;
        }

        if (PeerMessageCodec.IsServerHello(line))
        {
            OpenLink(connection, dialled: null);
        }
        else
        {
            OpenSession(connection);
        }

        return true;
    }

    private void OpenSession(Connection connection)
    {
        connection.Session = replica.OpenSession();
        connection.Session.Owner = connection;
    }

    private void OpenLink(Connection connection, ServerAddress? dialled)
    {
        connection.Lines.LineBytesMax = ServerLineBytesMax;
        connection.Link = replica.OpenLink(dialled, connection.LocalHost, connection.RemoteHost);
        connection.Link.Owner = connection;
    }

    private void RefuseTooLong(Connection connection)
    {
        int limit = connection.Lines.LineBytesMax;
        string advice = connection.Link is null
            ? $"; start the server with a greater --max-line, {ServerOptions.LineBytesMost} at most"
            : "";
        ResponseWriter.Error(
            connection.Output, ErrorCode.TooLong,
            $"a line may have {limit} bytes here{advice}; closing after it");
        outbox.Touch(connection);
    }

    /// <summary>Nothing more is asked of it: the replica forgets it, its last words are sent, it is
    /// closed.</summary>
    private void End(Connection connection)
    {
        connection.IsEnding = true;
        connection.HasLines = false;
        connection.Lines.Dispose();
        CloseInReplica(connection);
        outbox.Touch(connection);
        _ending.Add(connection);
        SetDeadline(connection, SendLastWordsWithin);
        poller.Change(connection.Watch!, connection.Interest);
    }

    private void Close(Connection connection)
    {
        if (!connection.IsEnding)
        {
            CloseInReplica(connection);
        }

        poller.Remove(connection.Watch!);
        connection.Close();
        _all.Remove(connection);
    }

    private void CloseInReplica(Connection connection)
    {
        if (connection.Session is { } session)
        {
            replica.CloseSession(session);
        }
        else if (connection.Link is { } link)
        {
            replica.CloseLink(link);
        }
    }

    private void CloseLate()
    {
        NextDeadline = TimeSpan.MaxValue;
        _ending.RemoveAll(connection => connection.IsClosed);

        foreach (var connection in _ending)
        {
            if (_now >= connection.Deadline)
            {
                Close(connection);
            }
            else
            {
                NextDeadline = _now + CloseLateEvery;
            }
        }
    }

    private void SetDeadline(Connection connection, TimeSpan within)
    {
        connection.Deadline = _now + within;
        NextDeadline = connection.Deadline < NextDeadline ? connection.Deadline : NextDeadline;
    }

    private void Note(Connection connection)
    {
        if (!connection.IsNoted)
        {
            connection.IsNoted = true;
            _noted.Add(connection);
        }
    }
}
