using System.Text;
using CausalStore.Protocol;
using CausalStore.Replication;
using CausalStore.Tracing;

namespace CausalStore.Scenarios.Virtual;

/// <summary>The process around one real <see cref="Replica"/>: turns of its loop, on virtual time. What it
/// journals is durable at once.</summary>
internal sealed class VirtualServer
{
    private readonly VirtualClock _clock;
    private readonly VirtualNetwork _network;
    private readonly VirtualTrace _trace;
    private readonly List<byte[]> _journal;
    private readonly Effects _effects = new() { Tracing = true, Journaling = true };
    private readonly NoticeEvents _events = new();
    private readonly HashSet<Session> _untold = [];
    private TimeSpan _wake = TimeSpan.MaxValue;

    /// <param name="journal">What an earlier process left, and this one goes on with.</param>
    public VirtualServer(
        ReplicaOptions options, VirtualClock clock, VirtualNetwork network, VirtualTrace trace,
        List<byte[]> journal)
    {
        _clock = clock;
        _network = network;
        _trace = trace;
        _journal = journal;
        Options = options;
        Replica = new Replica(options, _effects);
        trace.Start(new TraceEvent.Started(options.Consistency));
        Recover();
    }

    public ReplicaOptions Options { get; }

    public Replica Replica { get; }

    public bool IsRunning { get; private set; } = true;

    /// <summary>One turn: the time, what comes in, and what goes out.</summary>
    public void Turn(Action<Replica> input)
    {
        if (!IsRunning)
        {
            return;
        }

        Replica.Advance(_clock.Now);
        input(Replica);
        Replica.Flush();
        CarryOut();
    }

    /// <summary>Asks on nobody's behalf, in no time.</summary>
    public IReadOnlyList<Response> Ask(string request)
    {
        VirtualSession.Lines lines = new();
        Turn(replica =>
        {
            var session = replica.OpenSession();
            _untold.Add(session);
            replica.Receive(session, Encoding.UTF8.GetBytes(request));
            lines.Take(session.Output);
            replica.CloseSession(session);
        });
        return lines.Taken;
    }

    /// <summary>The process ends.</summary>
    /// <param name="isInOrder">Whether it says so.</param>
    public void End(bool isInOrder)
    {
        IsRunning = false;
        _network.Lose(this);

        if (isInOrder)
        {
            _trace.Add(new TraceEvent.Stopped());
        }
    }

    private void Recover()
    {
        var recovery = Replica.Recover();
        recovery.Facts([]);

        foreach (byte[] line in _journal)
        {
            recovery.Journaled(line);
        }

        recovery.End();
    }

    private void CarryOut()
    {
        Journal(_effects.ToJournal.Written);

        foreach (var notice in _effects.Notices)
        {
            if (!IsUntold(notice) && _events.Of(notice) is { } traced)
            {
                _trace.Add(traced);
            }
        }

        foreach (var link in _effects.Links)
        {
            _network.Send(link);
        }

        foreach (var session in _effects.Sessions)
        {
            (session.Owner as VirtualSession)?.Send();
        }

        foreach (var address in _effects.Dials)
        {
            _network.Dial(this, address);
        }

        _effects.Clear();
        WakeUpInTime();
    }

    private bool IsUntold(Notice notice) =>
        notice is Notice.KeysShown(var session, _) && _untold.Contains(session);

    private void Journal(ReadOnlySpan<byte> lines)
    {
        foreach (var range in lines.Split((byte)'\n'))
        {
            if (!lines[range].IsEmpty)
            {
                _journal.Add(lines[range].ToArray());
            }
        }
    }

    private void WakeUpInTime()
    {
        var next = Replica.NextWake;
        var wake = next > _clock.Now ? next : _clock.Now + TimeSpan.FromMilliseconds(1);

        if (wake < _wake)
        {
            _wake = wake;
            _clock.At(wake, () => WakeUp(wake));
        }
    }

    private void WakeUp(TimeSpan due)
    {
        if (due == _wake)
        {
            _wake = TimeSpan.MaxValue;
            Turn(_ => { });
        }
    }
}
