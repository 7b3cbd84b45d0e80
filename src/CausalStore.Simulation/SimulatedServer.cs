using System.Text;
using CausalStore.Protocol;
using CausalStore.Replication;
using CausalStore.Tracing;

namespace CausalStore.Simulation;

/// <summary>
/// The process around one real <see cref="Replica"/>: hands in what arrives, a turn at a time, and carries
/// out its effects. It keeps the order that they promise, and everybody who judges sees every step.
/// </summary>
internal sealed class SimulatedServer
{
    private readonly World _world;
    private readonly Effects _effects;
    private readonly Replica _replica;
    private readonly TimeSpan _clockAhead;
    private readonly List<Action> _whenStepIsDone = [];
    private readonly SimulatedOutbox _outbox;
    private readonly SimulatedStorage _storage;
    private readonly AlarmClock _alarm;

    /// <param name="disk">Where its data are, be they of an earlier process; null: in memory only.</param>
    public SimulatedServer(
        World world, ReplicaOptions options, int host, TimeSpan clockAhead, SimulatedDisk? disk)
    {
        _world = world;
        _clockAhead = clockAhead;
        Disk = disk;
        MustSurvive = disk?.MustSurvive ?? new MustSurvive();
        _effects = new Effects
        {
            Narrating = world.Settings.Narrates || world.Trace.KeepsText,
            Tracing = world.Trace.KeepsText,
            Journaling = disk is not null,
        };
        _outbox = new SimulatedOutbox(world);
        _storage = new SimulatedStorage(this, disk, world.DiskDice.Fork());
        _replica = new Replica(options, _effects);
        Options = options;
        Name = $"{options.Id}";
        Host = host;
        Started = world.Timeline.Now;
        Deliveries = new Deliveries(this);
        _alarm = new AlarmClock(world.Timeline, $"server {options.Id}", () => Turn(_ => { }));
    }

    public ReplicaOptions Options { get; }

    public ServerId Id => Options.Id;

    /// <summary>The machine, for those who cut its cables: its number, not the server's.</summary>
    public int Host { get; }

    public ServerAddress Address => AddressOf(Host);

    public TimeSpan Started { get; }

    public bool IsRunning { get; private set; } = true;

    public SimulatedDisk? Disk { get; }

    public MustSurvive MustSurvive { get; }

    /// <summary>The last batch of its journal that is durable: what shows no more may leave.</summary>
    public long Durable => _storage.Durable;

    /// <summary>What somebody did wrong who started it.</summary>
    public Mistake Mistake { get; init; }

    /// <summary>It asked to join one that runs on old data and is not found out yet: what that one records is
    /// known to nobody else.</summary>
    public bool WasTakenInByOldCopy { get; set; }

    /// <summary>There is no room on its disk: no other server's lines are read.</summary>
    public bool IsFull { get; private set; }

    /// <summary>Sees everything that this server shows; null while it serves nobody.</summary>
    public Observer? Observer { get; private set; }

    public Deliveries Deliveries { get; }

    public bool IsServing => IsRunning && Observer is not null;

    public World World => _world;

    public Replica Replica => _replica;

    /// <summary>What it tells, as it stands in a trace.</summary>
    public NoticeEvents Events { get; } = new();

    /// <summary>Ends the process when it comes to there.</summary>
    public CrashPoint CrashPoint { get; set; }

    public string Name { get; }

    public static ServerAddress AddressOf(int host) => new($"server-{host}", 60000 + host);

    /// <summary>One turn: the time, what comes in, and what goes out.</summary>
    public void Turn(Action<Replica> input)
    {
        if (!IsRunning)
        {
            return;
        }

        try
        {
            _replica.Advance(_world.Timeline.Now + _clockAhead);
            EndStep(acting: null);
            input(_replica);
            EndStep(acting: null);
            _replica.Flush();
            EndStep(acting: null);
        }
        catch (BrokenPromiseException)
        {
            // The story ends with what this turn has done.
            _effects.Notices.ForEach(notice => _world.Notice(this, notice));
            throw;
        }
        catch (Exception exception)
        {
            throw new BrokenPromiseException(Promises.NothingThrows, $"server {Id}: {exception}", exception);
        }

        CarryOut();
    }

    /// <summary>A request, within a turn.</summary>
    public void Hand(Session session, string request)
    {
        byte[] line = Encoding.UTF8.GetBytes(request);
        _world.Trace.Line(_world.Timeline.Now, ((SimulatedClient)session.Owner!).Name, Name, line);
        _replica.Receive(session, line);
        EndStep(session);
    }

    public void Accept(ConnectionEnd end) =>
        Turn(replica => end.Opened(replica.OpenLink(
            dialled: null, localHost: Address.Host, remoteHost: end.Other.Server.Address.Host)));

    /// <summary>Lines from another server, in one turn.</summary>
    public void Receive(ConnectionEnd end, IReadOnlyList<byte[]> lines) => Turn(replica =>
    {
        foreach (byte[] line in lines)
        {
            if (end.Link is not { IsClosing: false } link)
            {
                return;
            }

            _world.Trace.Line(_world.Timeline.Now, end.Other.Server.Name, Name, line);
            Deliveries.Arrives(end.Other.Server, line);
            replica.Receive(link, line);
            EndStep(acting: null);

            if (CrashPoint.IsReachedAt(line))
            {
                _world.Coverage.Count(CrashPoint.ToHappening());
                CrashPoint = _world.FaultDice.Chance(0.5) ? CrashPoint.InATurn : CrashPoint.AfterATurn;
                return;
            }
        }
    });

    public void Close(ConnectionEnd end)
    {
        if (IsRunning && end.Link is { } link)
        {
            end.Link = null;
            Turn(replica => replica.CloseLink(link));
        }
    }

    /// <summary>Begins to look at what this server shows, if it serves.</summary>
    public void TryObserve()
    {
        if (!IsRunning || Observer is not null || Mistake == Mistake.OldCopy)
        {
            return;
        }

        Turn(replica =>
        {
            if (this.Probe("watch \"\"")[0] is not Response.Ok)
            {
                return;
            }

            if (Mistake is Mistake.Wiped or Mistake.SameId)
            {
                throw new BrokenPromiseException(
                    Promises.IdsBelongToTheirData,
                    $"server {Id} serves without the data of its id ({Mistake})");
            }

            // It looks around before it is seen itself: the steps of its own beginning judge nothing.
            Observer observer = new(this, replica.OpenSession());
            observer.Begin(MustSurvive.Shown);
            Observer = observer;
            Deliveries.Begin();
            _world.Coverage.Count(Happening.ServersServing);
        });
    }

    /// <summary>When the step at hand is done and everybody has read what came of it.</summary>
    public void WhenStepIsDone(Action happens) => _whenStepIsDone.Add(happens);

    /// <summary>The process is gone; what is left is on its disk, if it has one.</summary>
    public void Crash()
    {
        if (IsRunning)
        {
            IsRunning = false;
            _world.Coverage.Count(
                Happening.UnacknowledgedWritesLost, MustSurvive.Crash(Disk is null ? 0 : _storage.End()));
            _world.Network.Lose(this);
            _world.ServerLost(this);
        }
    }

    /// <summary>Begins with what is on its disk.</summary>
    public void Recover()
    {
        try
        {
            Disk?.Recover(_replica);
        }
        catch (Exception exception) when (exception is not BrokenPromiseException)
        {
            throw new BrokenPromiseException(
                Promises.NothingThrows, $"server {Id} recovers: {exception}", exception);
        }

        if (Mistake != Mistake.OldCopy)
        {
            MustSurvive.JudgeRestart(this);
        }
    }

    /// <summary>A batch of its journal is durable: what waited for it leaves.</summary>
    public void BecameDurable(long batch)
    {
        MustSurvive.Durable(batch);
        bool crashes = CrashPoint == CrashPoint.WhileSending && _outbox.IsHolding;
        _outbox.Release(isCutShort: crashes);
        _world.BecameDurable(this, crashes);

        if (crashes)
        {
            _world.Coverage.Count(Happening.CrashesWhileSending);
            Crash();
        }
    }

    /// <summary>The disk has no room for a while.</summary>
    public void FillDisk(TimeSpan time, bool standsStill)
    {
        SetFull(true);
        _storage.StandsStillUntil = standsStill ? _world.Timeline.Now + time : default;
        _world.Timeline.After(time, () =>
        {
            SetFull(false);
            _world.Network.Resume();
        });
    }

    private void SetFull(bool isFull) => Turn(replica =>
    {
        IsFull = isFull;
        replica.IsFull = isFull;
    });

    private void EndStep(Session? acting)
    {
        if (acting is not null)
        {
            Read(acting);
        }

        foreach (var session in _effects.Sessions)
        {
            Read(session);
        }

        if (Observer is not null)
        {
            Read(Observer.Session);
            Observer.EndStep();
            Deliveries.EndStep();
        }

        for (int index = 0; index < _whenStepIsDone.Count; index++)
        {
            _whenStepIsDone[index]();
        }

        _whenStepIsDone.Clear();
    }

    private void Read(Session session)
    {
        if (session.Output.IsEmpty)
        {
            return;
        }

        switch (session.Owner)
        {
            case SimulatedClient client:
                client.Read(session, isLost: CrashPoint == CrashPoint.InATurn || Disk is not null);
                break;
            case Observer observer:
                observer.Read(_world.Parse(session.Output));
                break;
            case null:
                session.Output.Clear();
                break;
        }
    }

    private void CarryOut()
    {
        if (CrashPoint == CrashPoint.InATurn && Disk is not null)
        {
            _world.Coverage.Count(CrashPoint.ToHappening());
            Crash();
            return;
        }

        bool crashes = CrashPoint is CrashPoint.InATurn or CrashPoint.AfterATurn;
        long batch = _storage.EndTurn(_replica, _effects.ToJournal.Written);
        MustSurvive.EndTurn(batch, _effects.ToJournal.IsEmpty ? null : Observer?.Past.Copy());
        MustSurvive.Durable(Durable);

        foreach (var link in _effects.Links)
        {
            if (link.Owner is ConnectionEnd end)
            {
                end.Gate.Seal(link.Output.Length, batch);

                if (!(crashes && _world.FaultDice.Chance(0.5)))
                {
                    _outbox.Send(end);
                }
            }
        }

        foreach (var address in _effects.Dials)
        {
            _world.Network.Dial(this, address);
        }

        foreach (var notice in _effects.Notices)
        {
            _world.Notice(this, notice);
        }

        Settle(batch);

        if (crashes)
        {
            _world.Coverage.Count(CrashPoint.ToHappening());
            Crash();
        }
        else if (_effects.Exit is { } reason)
        {
            _world.Exited(this, reason);
            Crash();
        }
    }

    /// <summary>Ends the turn: sessions go on or end, and the next wake-up is set.</summary>
    private void Settle(long batch)
    {
        foreach (var session in _effects.Sessions)
        {
            (session.Owner as SimulatedClient)?.TurnEnded(session, batch);
        }

        _effects.Clear();
        _alarm.Set(_replica.NextWake - _clockAhead);
    }
}
