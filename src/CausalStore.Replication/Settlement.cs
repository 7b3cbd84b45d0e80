using CausalStore.Protocol;

namespace CausalStore.Replication;

// What is done about the writes of forgotten servers.
//
// Everybody takes nothing more from a forgotten server, and says once and for all what it holds of every
// forgotten one, applied or delayed; the statement names the set of forgotten ones it is about, and a further
// `forget` starts all over. When all members have made a statement about the same set, each knows the same
// sum. What is in it reaches everybody; what is not is lost, and so is a delayed write that needs what is
// lost: nobody ever sees an effect whose cause is gone.
internal sealed class Settlement(ReplicaState state)
{
    private readonly SortedDictionary<ServerId, PeerMessage.Statement> _statements = [];
    private PeerMessage.Settled? _settled;
    private bool _isNews;

    private Membership Members => state.Members;

    /// <summary>Whether there is nothing to settle: nobody is forgotten, or the sum is known.</summary>
    public bool IsSettled => Members.ForgottenSet.IsEmpty || _settled is not null;

    /// <summary>Whether, besides, all that survives is applied here.</summary>
    public bool IsComplete => IsSettled
        && Members.Forgotten.All(
            id => state.Applied.Of(id) is var history && history.Watermark >= history.Last);

    /// <summary>Members whose word is still waited for.</summary>
    public IEnumerable<ServerId> Awaited => IsSettled ? [] : Members.All.Select(member => member.Id)
        .Append(state.Id).Where(id => !_statements.ContainsKey(id));

    /// <summary>The forgotten ones are others than before: everything is said anew.</summary>
    public void StartAnew()
    {
        Clear();
        _isNews = true;

        foreach (var id in Members.Forgotten)
        {
            state.Applied.Of(id).Unsettle();
        }

        foreach (var link in state.Links)
        {
            link.Sending.RestartForgotten(state.Log.First);
        }
    }

    /// <summary>Says what this server holds, if it has not; and settles, if all have. One that waits makes no
    /// statement.</summary>
    public void Consider()
    {
        if (IsSettled || !Members.HasJoined)
        {
            return;
        }

        if (!_statements.ContainsKey(state.Id))
        {
            Add(new PeerMessage.Statement(state.Id, Members.ForgottenSet, Held()));
        }

        if (_isNews && !Awaited.Any())
        {
            _isNews = false;
            SettleWhatIsHere();
        }
    }

    /// <summary>A member's statement, from itself or from whoever has it.</summary>
    public void Learn(PeerMessage.Statement statement)
    {
        bool isAboutThese = statement.About.Equals(Members.ForgottenSet) && !IsSettled;

        if (isAboutThese && statement.Id != state.Id && !_statements.ContainsKey(statement.Id)
            && Members.Find(statement.Id) is not null)
        {
            Add(statement);
        }
    }

    /// <summary>Another server knows what survives.</summary>
    public void Learn(PeerMessage.Settled settled)
    {
        if (!IsSettled && settled.About.Equals(Members.ForgottenSet))
        {
            Settle(settled);
        }
    }

    /// <summary>Tells a server what is known of the settlement.</summary>
    public void Tell(Link link)
    {
        if ((IsSettled ? LostBeyond() : LostBefore()) is { Count: > 0 } lost)
        {
            link.Send(new PeerMessage.LostBefore(lost));
        }

        if (_settled is not null)
        {
            link.Send(_settled);
            return;
        }

        foreach (var statement in _statements.Values)
        {
            link.Send(statement);
        }
    }

    /// <summary>Gaps that others have passed in earlier settlements: their <c>have</c>s go beyond them, and a
    /// joiner that knows nothing of the gaps would wait for what nobody has.</summary>
    public void Learn(PeerMessage.LostBefore lost)
    {
        var ofForgotten = lost.Ranges.Where(gap => Members.IsForgotten(gap.Origin));

        foreach (var gaps in ofForgotten.GroupBy(gap => gap.Origin))
        {
            state.Applied.Of(gaps.Key).AddLost(gaps);
        }

        _isNews = true;
        state.Journal(lost);
        state.HaveIsNews = true;
        LoseWhatDidNotSurvive();
        HasSettled = true;
    }

    /// <summary>A copy of a state was taken in: what of a forgotten server was missing here may have come
    /// with it.</summary>
    public void TookCopy() => _isNews = true;

    /// <summary>A statement that was journaled: this server's own, or another's.</summary>
    public void Restore(PeerMessage.Statement statement)
    {
        if (statement.About.Equals(Members.ForgottenSet) && !IsSettled)
        {
            _statements[statement.Id] = statement;
            _isNews = true;
        }
    }

    /// <summary>The lines that must survive: what was settled, or the statements so far.</summary>
    public void AppendFacts(OutputBuffer output)
    {
        if (_settled is not null)
        {
            PeerMessageCodec.Append(_settled, output);
        }

        foreach (var statement in _statements.Values)
        {
            PeerMessageCodec.Append(statement, output);
        }
    }

    private List<WriteRange> LostBefore() =>
        [.. Members.Forgotten.SelectMany(id => state.Applied.Of(id).Lost)];

    private List<WriteRange> LostBeyond() =>
        [.. Members.Forgotten.SelectMany(id => state.Applied.Of(id).LostBeyond)];

    /// <summary>A write was taken in: one of a forgotten server goes on to everybody at once, for those to
    /// whom its holder has no connection.</summary>
    public void Passed(WriteVersion version, ReadOnlySpan<byte> line, Link? from)
    {
        if (!Members.IsForgotten(version.Origin))
        {
            return;
        }

        _isNews = true;

        if (!Members.HasJoined)
        {
            return;
        }

        foreach (var link in state.Replicating)
        {
            if (link != from && link.Sending.ForgottenSent.Add(version))
            {
                link.SendWrite(line);
            }
        }
    }

    /// <summary>The joiner throws away what it took in.</summary>
    public void Clear()
    {
        _statements.Clear();
        _settled = null;
    }

    private void Add(PeerMessage.Statement statement)
    {
        _statements[statement.Id] = statement;
        _isNews = true;
        state.Journal(statement);
        TellEverybody(statement);
    }

    private void TellEverybody(PeerMessage message)
    {
        if (Members.HasJoined)
        {
            foreach (var link in state.Replicating)
            {
                link.Send(message);
            }
        }
    }

    private List<WriteRange> Held() =>
    [
        .. Members.Forgotten.SelectMany(id => state.Applied.Of(id).Applied()),
        .. DelayedOfForgotten().Select(delayed => RangeOf(delayed.Write)),
    ];

    /// <summary>Delayed writes of forgotten servers: passed on like applied ones.</summary>
    public IEnumerable<DelayedWrite> DelayedOfForgotten() => state.Delays.All
        .Where(delayed => Members.IsForgotten(delayed.Write.Version.Origin))
        .OrderBy(delayed => delayed.Write.Version);

    private static WriteRange RangeOf(Write write) =>
        new(write.Version.Origin, write.Previous, write.Version.Timestamp);

    /// <summary>Once everything that anybody holds is here too, applied or delayed, it shows what survives:
    /// what needs a lost write is lost with it.</summary>
    private void SettleWhatIsHere()
    {
        var lostBefore = LostBefore();
        WriteRanges sum = new(_statements.Values.SelectMany(statement => statement.Held));
        WriteRanges here = new([.. Held(), .. lostBefore]);

        if (!here.CoverAll(sum))
        {
            return;
        }

        var survivors = sum.Without(lostBefore);
        HashSet<WriteVersion> dying = [];
        List<WriteRange> lost = [];

        // In rising order: what a write needs is older than it.
        foreach (var write in DelayedOfForgotten().Select(delayed => delayed.Write))
        {
            if (NeedsLost(write, survivors, dying))
            {
                dying.Add(write.Version);
                lost.Add(RangeOf(write));
            }
        }

        Settle(new PeerMessage.Settled(Members.ForgottenSet, survivors.Without(lost).ToList()));
    }

    private bool NeedsLost(Write write, WriteRanges survivors, HashSet<WriteVersion> dying)
    {
        return AnyLost(write.Needs.Exact) || AnyLost(write.Needs.UpTo);

        bool AnyLost(ReadOnlySpan<WriteVersion> needs)
        {
            foreach (var need in needs)
            {
                if (Members.IsForgotten(need.Origin) && (dying.Contains(need) || !survivors.Contains(need)))
                {
                    return true;
                }
            }

            return false;
        }
    }

    private void Settle(PeerMessage.Settled settled)
    {
        _settled = settled;
        _statements.Clear();
        state.Journal(settled);
        TellEverybody(settled);

        foreach (var id in Members.Forgotten)
        {
            state.Applied.Of(id).Settle(settled.Survivors);
        }

        if (LostBeyond() is { Count: > 0 } lost)
        {
            TellEverybody(new PeerMessage.LostBefore(lost));
        }

        state.HaveIsNews = true;
        LoseWhatDidNotSurvive();
        state.Tell(
            $"settled what is left of the forgotten servers {settled.About}: "
            + $"{WriteRange.Format(settled.Survivors)} survives");
        HasSettled = true;
    }

    /// <summary>Set when the applied set has passed gaps: everything that waits must be looked at
    /// again.</summary>
    public bool HasSettled { get; set; }

    private void LoseWhatDidNotSurvive()
    {
        var lostHere = DelayedOfForgotten().Where(delayed => state.Applied.IsLost(delayed.Write.Version));

        foreach (var delayed in lostHere.ToList())
        {
            state.Delays.Remove(delayed);
            state.Lost.Add(delayed.Write.Version);
            state.Tell(
                $"lost {delayed.Write.Version}: it needs a write that was lost with a forgotten server",
                isWarning: true);
        }

        var waiting = state.Sessions.Where(session => session is { Waiting: not null, IsClosing: false });

        foreach (var session in waiting.ToList())
        {
            if (state.Applied.FirstLost(session.Waiting!.Needs) is { } lost)
            {
                state.Index.Remove(session.Waiting);
                session.Waiting = null;
                ResponseWriter.Error(session.Output, ErrorCode.Lost, Reports.LostText(lost));
                session.Touch();
            }
        }
    }
}
