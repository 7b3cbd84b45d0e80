using System.Net.Sockets;
using CausalStore.Replication;
using CausalStore.Server.Journal;
using CausalStore.Server.Narration;
using CausalStore.Server.Network;
using CausalStore.Server.Tracing;

namespace CausalStore.Server;

/// <summary>How a server's life ended.</summary>
/// <param name="Advice">Why it had to end, and what to do; null: it was asked to.</param>
/// <param name="Undelivered">Writes that connected members are not known to have.</param>
internal readonly record struct LoopEnd(string? Advice, long Undelivered);

/// <summary>
/// One thread that owns the sockets and the replica. A turn: wait until something is ready, hand the replica
/// every whole line that has come, journal, then send: one receive and one send for each socket.
/// </summary>
internal sealed class ServerLoop
{
    private const int AcceptsPerTurn = 64;
    private static readonly TimeSpan DeliverWithin = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LookForDeliveryEvery = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan AcceptAgainAfter = TimeSpan.FromSeconds(1);

    private readonly Replica _replica;
    private readonly Effects _effects;
    private readonly Listener _listener;
    private readonly IPoller _poller;
    private readonly IJournal _journal;
    private readonly Dialer _dialer;
    private readonly Narrator _narrator;
    private readonly ServerTrace _trace;
    private readonly TimeProvider _time;
    private readonly Outbox _outbox = new();
    private readonly Admission _admission;
    private readonly Connections _connections;
    private readonly Watch _listening;
    private readonly List<Ready> _ready = [];
    private readonly long _start;
    private TimeSpan _now;
    private TimeSpan _acceptFrom;
    private TimeSpan _stopAt = TimeSpan.MaxValue;
    private TimeSpan _lookForDeliveryAt = TimeSpan.MaxValue;
    private int _stopRequests;

    public ServerLoop(
        Replica replica, Effects effects, Listener listener, IPoller poller, IJournal journal, Dialer dialer,
        Narrator narrator, ServerTrace trace, TimeProvider time, int lineBytesMax)
    {
        _replica = replica;
        _effects = effects;
        _listener = listener;
        _poller = poller;
        _journal = journal;
        _dialer = dialer;
        _narrator = narrator;
        _trace = trace;
        _time = time;
        _start = time.GetTimestamp();
        _admission = new Admission(journal, effects.ToJournal);
        _connections = new Connections(replica, poller, _outbox, _admission, lineBytesMax);
        _listening = poller.Add(listener.Socket, listener, Interest.Read);
    }

    private bool IsStopping => _stopAt < TimeSpan.MaxValue;

    /// <summary>Serves until <see cref="RequestStop"/>, or until the replica says that it must end.</summary>
    public LoopEnd Run()
    {
        try
        {
            BeginTurn();
            FinishTurn();

            while (_effects.Exit is null && _journal.Failure is null && !HasStopped())
            {
                _poller.Wait(WaitTime(), _ready);
                BeginTurn();

                foreach (var ready in _ready)
                {
                    Serve(ready);
                }

                FinishTurn();
            }

            return new LoopEnd(_journal.Failure ?? _effects.Exit, _replica.Undelivered());
        }
        finally
        {
            _connections.CloseAll();
        }
    }

    /// <summary>Takes no more requests, goes on until the other servers have what they lack, but not for
    /// long, then ends; asked again, it ends at once. For any thread.</summary>
    public void RequestStop()
    {
        Interlocked.Increment(ref _stopRequests);
        _poller.Wake();
    }

    private TimeSpan WaitTime()
    {
        if (_connections.HaveWork || _outbox.HasSentToServers)
        {
            return TimeSpan.Zero;
        }

        var until = _replica.NextWake;
        until = until < _connections.NextDeadline ? until : _connections.NextDeadline;
        until = until < _lookForDeliveryAt ? until : _lookForDeliveryAt;
        until = _acceptFrom > _now && _acceptFrom < until ? _acceptFrom : until;
        return until - _time.GetElapsedTime(_start);
    }

    private void BeginTurn()
    {
        _now = _time.GetElapsedTime(_start);
        LookForRoom();
        _replica.Advance(_now);
        _connections.BeginTurn(_now);

        while (_dialer.TryTake(out var result))
        {
            Take(result);
        }

        if (!IsStopping && Volatile.Read(ref _stopRequests) > 0)
        {
            BeginStop();
        }

        if (_acceptFrom > TimeSpan.Zero && _now >= _acceptFrom && !IsStopping)
        {
            _acceptFrom = TimeSpan.Zero;
            _poller.Change(_listening, Interest.Read);
        }
    }

    private void LookForRoom()
    {
        bool wasFull = _admission.IsFull;
        _admission.BeginTurn();
        _replica.IsFull = _admission.IsFull;

        if (_admission.IsFull != wasFull)
        {
            _narrator.Warn(wasFull
                ? "there is room on the disk again: writes are taken again"
                : "there is no room on the disk: writes are refused, and nothing is taken from other servers,"
                    + " until there is. Reads go on");
        }
    }

    private void Serve(Ready ready)
    {
        if (ready.Owner is Connection connection)
        {
            _connections.Serve(connection, ready);
        }
        else if (!IsStopping)
        {
            Accept();
        }
    }

    private void FinishTurn()
    {
        _replica.Flush();
        long batch = _journal.Append(_effects.ToJournal.Written);

        if (_journal.TryTakeSaved(out var saved))
        {
            Replica.EndSave(saved);
        }

        if (_journal.WantsChanges)
        {
            _journal.Save(_replica.TakeChanges());
        }

        foreach (var address in _effects.Dials)
        {
            _dialer.Dial(address);
        }

        _narrator.Tell(_effects.Notices);
        _trace.Tell(_effects);
        long durable = _journal.Durable;
        _outbox.Seal(_effects, batch, durable);
        _effects.Clear();
        _outbox.Release(durable);
        _connections.AfterRelease();
    }

    private void Accept()
    {
        try
        {
            for (int count = 0; count < AcceptsPerTurn && _listener.Accept() is { } socket; count++)
            {
                _connections.Accept(socket);
            }
        }
        catch (SocketException failure)
        {
            // No file is free: those who wait in the queue go on waiting, and the loop does not spin on them.
            _acceptFrom = _now + AcceptAgainAfter;
            _poller.Change(_listening, Interest.None);
            _narrator.Warn(
                $"no further connection can be accepted for now: {failure.Message}; raise 'ulimit -n'");
        }
    }

    private void Take(DialResult result)
    {
        if (result.Socket is { } socket)
        {
            _connections.Dialled(result.Address, socket);
        }
        else
        {
            _replica.DialFailed(result.Address, result.Reason);
        }
    }

    private void BeginStop()
    {
        _stopAt = _now + DeliverWithin;
        _lookForDeliveryAt = _now;
        _poller.Remove(_listening);
        _listener.Dispose();
        _connections.EndClients();
    }

    private bool HasStopped() =>
        IsStopping && (_now >= _stopAt || Volatile.Read(ref _stopRequests) > 1 || HasDelivered());

    /// <summary>Looks through all that is kept for others, so not in every turn.</summary>
    private bool HasDelivered()
    {
        if (_now < _lookForDeliveryAt)
        {
            return false;
        }

        _lookForDeliveryAt = _now + LookForDeliveryEvery;
        return !_connections.AreEnding && _replica.Undelivered() == 0;
    }
}
