using CausalStore.Protocol;

namespace CausalStore.Replication;

/// <summary>
/// One server's state machine: clock, store, applied set, delay queue, sessions, membership. Input in,
/// effects out; the same input gives the same effects. Whoever owns it calls one method at a time.
/// </summary>
public sealed class Replica
{
    private static readonly TimeSpan HaveEvery = TimeSpan.FromSeconds(0.9);
    private static readonly TimeSpan HaveAfterNews = TimeSpan.FromMilliseconds(20);

    private readonly ReplicaState _state;
    private readonly Tombstones _tombstones;
    private readonly StateMerge _merge;
    private readonly Settlement _settlement;
    private readonly CausalDelivery _delivery;
    private readonly Dialling _dialling;
    private readonly Founding _founding;
    private readonly Greeting _greeting;
    private readonly Joining _joining;
    private readonly Sending _sending;
    private readonly SessionRequests _requests;
    private readonly PeerLines _peerLines;
    private readonly KeptCopies<ArrivingCopy> _arriving;
    private readonly CatchingUp _catchingUp;
    private readonly KeyPrefetch _prefetch;

    private long _sessions;
    private long _links;
    private bool _started;
    private bool _membershipMayMove;
    private TimeSpan _lastHave;
    private TimeSpan _nextWaitEnds = TimeSpan.MaxValue;

    public Replica(ReplicaOptions options, Effects effects)
    {
        _state = new ReplicaState(options, effects);
        _tombstones = new Tombstones(_state);
        _settlement = new Settlement(_state);
        _delivery = new CausalDelivery(_state, _tombstones, _settlement);
        _dialling = new Dialling(_state);
        _founding = new Founding(_state, _dialling);
        _greeting = new Greeting(_state, _dialling, _founding, _settlement);
        _joining = new Joining(_state, _greeting);
        _sending = new Sending(_state, _settlement);
        _merge = new StateMerge(_state, _tombstones);
        _arriving = new(_state, underWay: link => link.Arriving, end: _ => { });
        _catchingUp = new CatchingUp(_state, _arriving);
        _prefetch = new KeyPrefetch(_state);
        Reports reports = new(_state, _founding, _joining, _greeting, _settlement, _catchingUp);
        WhyReport why = new(_state, new LinkReport(_state, _dialling, _sending, _settlement));
        _requests = new SessionRequests(
            _state, _delivery, reports, why, new KeyHistory(_state), Forget);
        _peerLines = new PeerLines(
            _state, _delivery, _greeting, _founding, _joining, _settlement, _merge, _arriving,
            _catchingUp, Forget);
    }

    /// <summary>Whether there is no room to keep anything more: writes are refused, reads go on. Hand in no
    /// line of another server meanwhile.</summary>
    public bool IsFull
    {
        get => _state.IsFull;
        set => _state.IsFull = value;
    }

    /// <summary>When <see cref="Advance"/> must be called at the latest.</summary>
    public TimeSpan NextWake
    {
        get
        {
            var have = _lastHave + (_state.HaveIsNews ? HaveAfterNews : HaveEvery);
            var founds = _founding.WaitsUntil > _state.Now ? _founding.WaitsUntil : TimeSpan.MaxValue;
            return Earliest(
                Earliest(founds, Earliest(have, _nextWaitEnds)),
                Earliest(_dialling.NextDue, _sending.NextDue));
        }
    }

    /// <summary>Begins with what was saved and journaled before: before the first <see cref="Advance"/>,
    /// until <see cref="Recovery.End"/>.</summary>
    public Recovery Recover() =>
        new(_state, _delivery, _joining, _settlement, _merge, _tombstones, Forget);

    /// <summary>What has changed since this was last called (at first: since the recovery began). Call it
    /// between two turns, where <see cref="Effects.Journaling"/>, and <see cref="EndSave"/> when they are
    /// saved.</summary>
    public StateChanges TakeChanges()
    {
        bool isAnew = _state.IsAnew;
        _state.IsAnew = false;
        OutputBuffer facts = new();
        Recovery.AppendFacts(_state, _settlement, facts);
        var (changed, removed) = _state.Store.TakeChanges();
        return new StateChanges(
            isAnew, changed, removed, _state.Delays.TakeChanges(), facts.WrittenMemory,
            _state.Store.Count);
    }

    /// <summary>Changes that were taken are saved, or never will be: nobody reads them any more.</summary>
    public static void EndSave(StateChanges changes) => changes.Keys.Thaw();

    /// <summary>Says what time it is (on a clock that never goes back) and does what is due by then. Call it
    /// at the beginning of every turn, the first time before anything else.</summary>
    public void Advance(TimeSpan now)
    {
        _membershipMayMove |= _founding.WaitsUntil > _state.Now && _founding.WaitsUntil <= now;
        _state.Now = now;
        _state.Faults.Now = now;

        if (!_started)
        {
            Start();
        }

        if (_nextWaitEnds <= now)
        {
            _nextWaitEnds = _requests.EndLateWaits();
        }

        if (now >= _lastHave + (_state.HaveIsNews ? HaveAfterNews : HaveEvery))
        {
            _lastHave = now;
            _state.HaveIsNews = false;
            TellWhatIsHere();
        }
    }

    /// <summary>A client has connected.</summary>
    public Session OpenSession()
    {
        SessionContext seen = new(_state.Applied, _state.Others);
        Session session = new(++_sessions, seen, _state.Unread, _state.Effects);
        _state.Sessions.Add(session);
        return session;
    }

    /// <summary>Lines of a client that will be received next, as they came: what they name is brought
    /// nearer. Nothing depends on it but time.</summary>
    /// <returns>After how many lines it is worth calling again.</returns>
    public int PrefetchRequests(ReadOnlySpan<byte> lines) =>
        _prefetch.Look(lines, KeyPrefetch.WordsBeforeKeyInRequest);

    /// <summary>A line of a client, without its LF. Not while the session is blocked or closing.</summary>
    public void Receive(Session session, ReadOnlySpan<byte> line)
    {
        _requests.Receive(session, line);

        if (session.Waiting is { } wait)
        {
            _nextWaitEnds = Earliest(_nextWaitEnds, wait.Deadline);
        }
    }

    /// <summary>A client's connection is gone.</summary>
    public void CloseSession(Session session)
    {
        _state.Sessions.Remove(session);
        _state.Watchers.RemoveAll(session);
        _state.Unread.Remove(session);
        _state.Effects.Tracers.Remove(session);

        if (session.Waiting is { } wait)
        {
            _state.Index.Remove(wait);
            session.Waiting = null;
        }
    }

    /// <summary>A connection to another server stands: one that was dialled, or one whose first line
    /// <see cref="PeerMessageCodec.IsServerHello"/>.</summary>
    /// <param name="dialled">The address as in <see cref="Effects.Dials"/>; null: the other server
    /// dialled.</param>
    /// <param name="localHost">The connection's address at this end.</param>
    /// <param name="remoteHost">The connection's address at the other end.</param>
    public Link OpenLink(ServerAddress? dialled, string localHost, string remoteHost)
    {
        Link link = new(++_links, dialled, localHost, remoteHost, _state.Effects, _state.Faults);
        _state.Links.Add(link);

        if (dialled is { } address)
        {
            _dialling.Connected(address);
            _greeting.SayHello(link);
        }

        return link;
    }

    /// <summary>Lines of another server that will be received next: see
    /// <see cref="PrefetchRequests"/>.</summary>
    public int PrefetchWrites(ReadOnlySpan<byte> lines) =>
        _prefetch.Look(lines, KeyPrefetch.WordsBeforeKeyInWrite);

    /// <summary>A line of another server, without its LF. Not while the link is closing.</summary>
    public void Receive(Link link, ReadOnlySpan<byte> line)
    {
        _peerLines.Receive(link, line);
        _membershipMayMove = true;
    }

    /// <summary>A connection to another server is gone. What it had not sent is forgotten with it.</summary>
    public void CloseLink(Link link)
    {
        link.End();
        _founding.Left(link);
        _state.Links.Remove(link);
        _membershipMayMove = true;

        if (link.Dialled is { } address)
        {
            _dialling.Failed(address, "the connection was closed");
        }

        if (link.Peer is not { } peer)
        {
            return;
        }

        var others = _state.Greeted.Where(other => other.Peer!.Id == peer.Id).ToList();

        // A visitor that is gone need not have anything; whoever is bound to its id may be connected.
        if (_state.Members.Find(peer.Id)?.Instance != peer.Instance
            && !others.Exists(other => other.Peer!.Instance == peer.Instance))
        {
            _state.Others.Discount(peer.Id, peer.Instance);
        }

        if (others.Count > 0)
        {
            return;
        }

        if (link.IsReplicating)
        {
            _state.Members.NoteGone(peer.Id, _state.Now);
            _state.Effects.Notices.Add(new Notice.PeerDisconnected(peer.Id));
        }
    }

    /// <summary>Nobody could be reached at an address of <see cref="Effects.Dials"/>.</summary>
    public void DialFailed(ServerAddress address, string reason)
    {
        if (_dialling.Failed(address, reason))
        {
            _state.Effects.Notices.Add(new Notice.PeerUnreachable(address, reason));
        }
    }

    /// <summary>Hands every link the lines that it has room for. Call it at the end of every turn.</summary>
    public void Flush()
    {
        if (_membershipMayMove)
        {
            _membershipMayMove = false;
            ConsiderMembership();
        }

        _settlement.Consider();

        if (_settlement.HasSettled)
        {
            _settlement.HasSettled = false;
            _delivery.CheckAll();
        }

        _state.Overwrites.Refresh();
        _sending.Flush();
        _dialling.DialWhatIsDue();
    }

    /// <summary>Writes that connected members are not known to have: 0 when a server may end in
    /// peace.</summary>
    public long Undelivered() => _sending.Undelivered();

    private static TimeSpan Earliest(TimeSpan left, TimeSpan right) => left < right ? left : right;

    private void Start()
    {
        _started = true;
        _lastHave = _state.Now;
        _membershipMayMove = true;

        if (_state.Members.Cluster is null && (_state.Options.Peers.Count == 0 || _state.Options.Found))
        {
            _founding.FoundAlone();
        }
    }

    private void ConsiderMembership()
    {
        if (_state.Members.Cluster is null)
        {
            _founding.Consider();
        }
        else if (!_state.Members.HasJoined)
        {
            _joining.Consider();
        }
    }

    private void TellWhatIsHere()
    {
        var have = _state.Members.Cluster is null
            ? new PeerMessage.Have(Context.Empty)
            : _state.TellApplied();

        foreach (var link in _state.Greeted)
        {
            // To one that does not read they would pile up.
            if (Sending.HasRoom(link))
            {
                link.Send(have);
            }
        }

        _catchingUp.Tell();
        _arriving.EndUnused();
        _sending.EndUnusedCopies();

        if (_state.Members.HasJoined)
        {
            _tombstones.Sweep(_settlement.IsComplete || _state.Members.ForgottenSet.IsEmpty);
        }
    }

    /// <summary>A server is gone for good: told by a client here, or by another member.</summary>
    private void Forget(ServerId id)
    {
        if (_state.Members.IsForgotten(id))
        {
            return;
        }

        _state.Tell($"server {id} is forgotten: nothing more is taken from it", isWarning: true);
        _state.Journal(new PeerMessage.Forgotten(id));
        _membershipMayMove = true;

        if (_state.Members.Find(id) is { } member)
        {
            _state.Others.Discount(id, member.Instance);
        }

        _state.Members.Forget(id);

        if (!_state.Members.HasJoined && _state.HasTakenAnything)
        {
            ThrowAwayAndGreetAnew();
            return;
        }

        _settlement.StartAnew();
        TellForgotten(id);
    }

    private void TellForgotten(ServerId id)
    {
        foreach (var link in _state.Replicating.ToList())
        {
            if (link.Peer!.Id == id)
            {
                _state.Others.Discount(id, link.Peer.Instance);
                _greeting.Refuse(link, $"server {id} was forgotten", new PeerMessage.Forgotten(id));
            }
            else if (_state.Members.HasJoined)
            {
                link.Send(new PeerMessage.Forgotten(id));
            }
        }
    }

    /// <summary>A joiner that hears of a forgotten server cannot tell what of its state came from
    /// there.</summary>
    private void ThrowAwayAndGreetAnew()
    {
        _state.IsAnew = true;
        _state.Store.Clear();
        _state.Applied.Clear();
        _state.Delays.Clear();
        _state.Log.Clear();
        _tombstones.Clear();
        _settlement.Clear();
        _arriving.Clear();
        _sending.EndCopies();

        foreach (var link in _state.Links)
        {
            link.Arriving = null;
            link.Close();
        }

        _dialling.Restart();
    }
}
