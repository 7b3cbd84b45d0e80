using System.Net.Sockets;

namespace CausalStore.Client.Bench;

/// <summary>
/// Drives one server from one thread: on each connection a batch of requests, all their replies, the next
/// batch. A closed loop slows down with the server, so its latencies are those of this load; at a fixed rate
/// they count from when a batch was due. A request allocates nothing.
/// </summary>
internal sealed class LoadGenerator : IDisposable
{
    private const int ReceiveBytes = 256 * 1024;
    private const int ErrorsMax = 100;
    private const int LookEveryMicroseconds = 100_000;

    private static readonly TimeSpan StallLimit = TimeSpan.FromSeconds(15);

    private readonly BenchTarget _target;
    private readonly NanoClock _clock;
    private readonly RunMeter _meter = new();
    private readonly List<Socket> _sockets = [];
    private readonly List<Socket> _idle = [];
    private readonly Dictionary<Socket, LoadConnection> _connections = [];
    private readonly Queue<LoadConnection> _resting = [];
    private readonly List<Socket> _readable = [];
    private readonly List<Socket> _writable = [];
    private readonly byte[] _received = new byte[ReceiveBytes];
    private int _inFlight;
    private int _unsent;

    private LoadGenerator(BenchTarget target, TimeProvider time)
    {
        _target = target;
        _clock = new NanoClock(time);
    }

    /// <exception cref="BenchFailedException">It cannot be reached.</exception>
    public static LoadGenerator Connect(BenchTarget target, int connections, int idle, TimeProvider time)
    {
        LoadGenerator generator = new(target, time);

        try
        {
            for (int number = 0; number < connections; number++)
            {
                var socket = Open(target);
                var replies = ReplyReader.Create(target.IsResp, generator._meter.Replies);
                generator._sockets.Add(socket);
                generator._connections.Add(socket, new LoadConnection(socket, replies));
            }

            for (int number = 0; number < idle; number++)
            {
                generator._idle.Add(Open(target));
            }

            return generator;
        }
        catch (BenchFailedException)
        {
            generator.Dispose();
            throw;
        }
    }

    /// <exception cref="BenchFailedException">The server is gone, says nothing, or only errors.</exception>
    public RunResult Run(Load load, RunLimits limits, ProgressLine? progress, CancellationToken stop)
    {
        BatchWriter batches = new(load, _target.IsResp);
        _meter.Start(_clock.Now);
        Pace pace = new(load, limits, _clock.Now);
        _resting.Clear();

        foreach (var socket in _sockets)
        {
            _resting.Enqueue(_connections[socket]);
        }

        while (true)
        {
            stop.ThrowIfCancellationRequested();
            long now = _clock.Now;

            while (pace.IsDue(now) && _resting.TryDequeue(out var connection))
            {
                Send(connection, batches, pace, now);
            }

            if (_inFlight == 0 && pace.IsOver(now))
            {
                return _meter.ToResult();
            }

            progress?.Consider(_meter, now);
            Check(now);
            WaitForReplies(pace, now);
            Receive(batches, pace);
        }
    }

    public void Dispose()
    {
        foreach (var socket in _sockets.Concat(_idle))
        {
            socket.Dispose();
        }
    }

    private static Socket Open(BenchTarget target)
    {
        Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };

        try
        {
            socket.Connect(target.Address.Host, target.Address.Port);
            socket.Blocking = false;
            return socket;
        }
        catch (SocketException error)
        {
            socket.Dispose();
            throw new BenchFailedException($"cannot connect to {target.Address}: {error.Message}");
        }
    }

    private void Send(LoadConnection connection, BatchWriter batches, Pace pace, long now)
    {
        // At a fixed rate a batch that could not go in time has waited since then.
        long sentAt = pace.IsFixed ? pace.NextDue : now;
        int requests = pace.Take(now);
        _inFlight += requests;
        connection.Send(batches.Write(requests), requests, sentAt);
        _unsent += connection.HasUnsent ? 1 : 0;
    }

    private void Check(long now)
    {
        if (_meter.Replies.Errors >= ErrorsMax)
        {
            throw new BenchFailedException($"{_target} answers with errors: {_meter.Replies.FirstError}");
        }

        if (_inFlight > 0 && _meter.SilenceAt(now) > StallLimit)
        {
            throw new BenchFailedException(
                $"{_target} has not answered for {StallLimit.TotalSeconds:0} s: "
                + $"{_inFlight} requests under way");
        }
    }

    private void WaitForReplies(Pace pace, long now)
    {
        _readable.Clear();
        _readable.AddRange(_sockets);
        _writable.Clear();

        if (_unsent > 0)
        {
            _writable.AddRange(_sockets.Where(socket => _connections[socket].HasUnsent));
        }

        bool waitsForTime = pace.IsFixed && _resting.Count > 0 && !pace.IsOver(now);
        long microseconds = waitsForTime
            ? Math.Clamp((pace.NextDue - now) / 1000, 0, LookEveryMicroseconds)
            : LookEveryMicroseconds;
        Socket.Select(_readable, _writable, null, (int)microseconds);
    }

    private void Receive(BatchWriter batches, Pace pace)
    {
        foreach (var socket in _writable)
        {
            var connection = _connections[socket];
            connection.SendUnsent();
            _unsent -= connection.HasUnsent ? 0 : 1;
        }

        foreach (var socket in _readable)
        {
            var connection = _connections[socket];
            int replies = connection.Receive(_received);

            if (replies == 0)
            {
                continue;
            }

            long now = _clock.Now;
            _inFlight -= replies;
            _meter.Record(now, connection.SentAt, replies);

            if (connection.Awaited > 0)
            {
                continue;
            }

            if (pace.IsDue(now) && _resting.Count == 0)
            {
                Send(connection, batches, pace, now);
            }
            else
            {
                _resting.Enqueue(connection);
            }
        }
    }
}
