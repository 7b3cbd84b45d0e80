using CausalStore.Protocol;

namespace CausalStore.Replication;

// The algorithm: a write is applied once everything that it needs is applied, and not before.
//
// A local write depends on what its session has seen, all of which is here, so it is applied at once. A
// replicated one is checked against the applied set; until that has all its needs it stands in the delay
// queue, and applying the last of them applies it too. So the state is at every moment a causally closed set
// of whole writes (causal+ consistency: COPS, SOSP 2011, sections 3 and 4).
internal sealed class CausalDelivery(ReplicaState state, Tombstones tombstones, Settlement settlement)
{
    private readonly List<Waiter> _released = [];
    private readonly Queue<(Waiter Waiter, WriteVersion? By)> _toCheck = [];
    private readonly List<(int Number, bool HadValue)> _changed = [];
    private bool _hasDeleted;

    /// <summary>What has come last from another server, and from which: what is released, is so by
    /// it.</summary>
    private (WriteVersion Version, ServerId From)? _arrival;
    private readonly OutputBuffer _needs = new();
    private readonly OutputBuffer _line = new();
    private readonly WordSplitter _splitter = new();

    private bool IsEventual => state.Options.Consistency == Consistency.Eventual;

    /// <summary>Accepts a client's write: it gets the next version, and its reply before anybody's
    /// push.</summary>
    /// <exception cref="ProtocolException">It is malformed, or cannot be kept; nothing has
    /// happened.</exception>
    public void Accept(Session session, Words words)
    {
        Operations.Validate(words, first: 0);
        state.DemandRoom();
        _needs.Clear();
        session.Seen.AppendTo(_needs);
        long previous = state.Applied.Watermark(state.Id);
        var version = new WriteVersion(state.Clock.Tick(), state.Id);
        var write = WriteLine.Of(version, previous, _needs.Written, words);
        var line = Encode(write);

        state.Work.Writes++;
        state.Journal(line);
        session.Seen.BecomeOnly(version);
        ResponseWriter.Ok(session.Output, version);

        if (state.IsNarrating)
        {
            state.Effects.Notices.Add(new Notice.WriteAccepted(session, write.ToWrite(state.Scratch)));
        }

        Apply(write, line);
        CheckReleased();
    }

    /// <summary>Takes in a write from another server: applies it, or delays it, or knows it
    /// already.</summary>
    /// <param name="from">Null: from the journal.</param>
    public void Take(in WriteLine write, Link? from)
    {
        var version = write.Version;

        if (state.Effects.Tracing && from is not null)
        {
            state.Effects.Notices.Add(new Notice.WriteReceived(version, from.Peer!.Id));
        }

        if (state.Delays.TryFind(version, out var delayed))
        {
            if (from is not null)
            {
                delayed.AlsoCameFrom(from);
            }

            return;
        }

        if (state.Applied.Contains(version) || state.Applied.IsLost(version))
        {
            return;
        }

        state.Work.Received += from is null ? 0 : 1;
        var line = Encode(write);
        state.Journal(line);
        state.Clock.Raise(version.Timestamp);
        settlement.Passed(version, line, from);

        if (IsEventual || state.Applied.ContainsAll(write.Needs))
        {
            _arrival = (version, SenderOf(version, from));
            Narrate(write, SenderOf(version, from), waited: null, by: null);
            Apply(write, line);
            CheckReleased();
        }
        else
        {
            Delay(write.ToWrite(state.Scratch), from);
        }
    }

    /// <summary>A session waits for a context; what it names is not applied yet.</summary>
    public void Await(ContextWait wait)
    {
        wait.Session.Waiting = wait;
        state.Index.File(wait);
    }

    /// <summary>The applied set has changed as a whole (a copy, a settlement): everything that waits is
    /// looked at again.</summary>
    public void CheckAll()
    {
        foreach (var delayed in state.Delays.All.ToList())
        {
            if (state.Applied.Contains(delayed.Write.Version))
            {
                state.Delays.Remove(delayed);
            }
        }

        _arrival = null;
        state.Index.TakeAll(_released);
        Enqueue(by: null);
        CheckReleased();
    }

    private ReadOnlySpan<byte> Encode(in WriteLine write)
    {
        _line.Clear();
        write.AppendTo(_line);
        return _line.Written;
    }

    private static ServerId SenderOf(WriteVersion version, Link? from) => from?.Peer!.Id ?? version.Origin;

    private void Delay(Write write, Link? from)
    {
        state.Delays.Add(new DelayedWrite(write, from, SenderOf(write.Version, from), state.Now));

        if (state.IsNarrating)
        {
            var missing = state.Applied.Missing(write.Needs);
            state.Effects.Notices.Add(new Notice.WriteDelayed(write, SenderOf(write.Version, from), missing));
        }

        if (state.Delays.IsOverfull)
        {
            DropGreatest();
        }
    }

    private void DropGreatest()
    {
        // What a forgotten server left is in this server's statement, and nobody may have it to send again.
        var dropped = state.Delays.DropGreatest(
            delayed => !state.Members.IsForgotten(delayed.Write.Version.Origin));
        state.Tell(
            $"the delay queue is full: {dropped.Count} writes are dropped, to be sent again",
            isWarning: true);

        foreach (var link in dropped.SelectMany(delayed => delayed.From).ToHashSet())
        {
            if (!link.IsClosing)
            {
                link.Close();
            }
        }
    }

    private void CheckReleased()
    {
        while (_toCheck.TryDequeue(out var next))
        {
            if (state.Index.File(next.Waiter))
            {
                continue;
            }

            if (next.Waiter is ContextWait wait)
            {
                Resume(wait);
            }
            else if (next.Waiter is DelayedWrite delayed)
            {
                Release(delayed, next.By);
            }
        }
    }

    private static void Resume(ContextWait wait)
    {
        var session = wait.Session;
        session.Waiting = null;

        if (session.IsClosing)
        {
            return;
        }

        session.Touch();

        try
        {
            session.Seen.Add(wait.Needs);
            ResponseWriter.Ok(session.Output);
        }
        catch (ProtocolException refused)
        {
            ResponseWriter.Error(session.Output, refused.Code, refused.Message);
        }
    }

    private void Release(DelayedWrite delayed, WriteVersion? by)
    {
        state.Delays.Remove(delayed);
        var write = WriteLine.Parse(_splitter.Split(delayed.Write.Line[..^1]));
        Narrate(write, delayed.Sender, state.Now - delayed.Since, by);
        Apply(write, delayed.Write.Line);
    }

    /// <param name="line">The write in its canonical form.</param>
    private void Apply(in WriteLine write, ReadOnlySpan<byte> line)
    {
        var version = write.Version;
        var history = state.Applied.Of(version.Origin);
        Invariant.Holds(!history.Contains(version.Timestamp), "a write is applied once");
        Invariant.Holds(
            IsEventual || state.Applied.ContainsAll(write.Needs),
            "a write is applied after everything it needs");
        Invariant.Holds(state.Clock.Time >= version.Timestamp, "the clock is not below any write");

        history.Add(write.Previous, version.Timestamp);
        state.Needs.Add(write.NeedsCount);
        state.HaveIsNews = true;
        Store(write);
        state.Log.Append(version, line, state.Now);
        state.Log.Trim(state.Others);
        PushChanges(version);

        state.Index.TakeReleased(version, history.Watermark, _released);
        Enqueue(version);
    }

    private void Enqueue(WriteVersion? by)
    {
        foreach (var waiter in _released)
        {
            _toCheck.Enqueue((waiter, by));
        }

        _released.Clear();
    }

    private void Store(in WriteLine write)
    {
        _changed.Clear();
        _hasDeleted = false;

        foreach (var operation in write.Operations)
        {
            var place = state.Store.Locate(operation.Key);
            var before = state.Store.At(place);
            bool isNews = !before.Exists || before.Version != write.Version;

            if (before.Exists && before.Version > write.Version)
            {
                state.Overwrites.CameLate(operation.Key, before.Version, write.Version);
                continue;
            }

            if (isNews && before.Exists)
            {
                state.Overwrites.Replaced(operation.Key, before.Version, write);
            }

            bool hadValue = before.HasValue;
            _hasDeleted |= operation.IsDelete;
            int number = state.Store.Put(
                place, operation.Key, operation.Value, operation.IsDelete, write.Version);

            // The same key twice in one write: the last one counts, as one change.
            if (isNews)
            {
                _changed.Add((number, hadValue));
            }
        }
    }

    /// <summary>Remembers the tombstones of the write that was stored last, and pushes what it
    /// changed.</summary>
    private void PushChanges(WriteVersion version)
    {
        if (!_hasDeleted && !state.Watchers.Any)
        {
            return;
        }

        foreach (var (number, hadValue) in _changed)
        {
            var after = state.Store[number];

            if (after.IsTombstone)
            {
                tombstones.Add(after.Key, version);
            }

            if (!after.IsTombstone || hadValue)
            {
                state.Watchers.Push(Change.To(after), countsAsRead: !IsEventual);
            }
        }
    }

    private void Narrate(in WriteLine write, ServerId sender, TimeSpan? waited, WriteVersion? by)
    {
        if (state.IsNarrating)
        {
            state.Effects.Notices.Add(
                new Notice.WriteApplied(write.ToWrite(state.Scratch), sender, waited, by)
                {
                    Arrival = by is null ? null : _arrival,
                });
        }
    }
}
