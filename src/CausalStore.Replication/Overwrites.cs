using CausalStore.Protocol;

namespace CausalStore.Replication;

// Which writes were overwritten by somebody who had not seen them.
//
// The last writer wins a key, and a value that nobody has seen may be gone. Whether that is so is judged when
// the second of the two is applied here, by what is recorded then and only then:
//
// - The loser comes after the winner: had the winner's writer seen it, it would have been here before.
// - Both have one timestamp: the winner's server would have been ahead, had it had the loser.
// - The winner's needs, and what those need, name the loser: seen. They do not name it: unseen, but only
//   where no context can have left it out because every member has it: this server has told nobody yet that
//   it has it, and knows of one that lacks it.
// - A `have` of the winner's server, of a moment after the winner, lacks the loser: unseen. By one of before
//   it had the loser: it was shown there, and nobody's race. It may take until its next `have`.
//
// Two writes that one server took are in its order. Nothing is judged while this server joins or recovers, or
// of what a copy of the state replaces.
internal sealed class Overwrites(ReplicaState state)
{
    /// <summary>Writes looked at to judge one that is just applied.</summary>
    private const int LookedAtMax = 16;

    /// <summary>Writes looked at to judge one that somebody asks about.</summary>
    private const int LookedAtWhenAskedMax = 10_000;

    /// <summary>Conflicts that are listed: the last ones.</summary>
    private const int ListedMax = 256;

    /// <summary>Overwrites of which it is remembered how they were judged: the last ones.</summary>
    private const int RememberedMax = 512;

    /// <summary>Overwrites that are judged by the next <c>have</c>; beyond it the oldest stays
    /// unknown.</summary>
    private const int AwaitedMax = 64;

    private readonly CausalPast _past = new(state.Log);
    private readonly Queue<Conflict> _listed = [];
    private readonly List<(byte[] Key, WriteVersion Winner, WriteVersion Loser)> _awaited = [];
    private readonly Queue<(WriteVersion Winner, WriteVersion Loser, OverwriteOrder Order)> _remembered = [];
    private int _newcomers = -1;
    private long _unknown;

    /// <summary>Since this position in the log this server serves, and nobody has begun to count.</summary>
    private long _since;

    /// <summary>Writes that were overwritten by a concurrent one.</summary>
    public long Unseen { get; private set; }

    /// <summary>Overwrites of which it is not known.</summary>
    public long Unknown => _unknown + _awaited.Count;

    /// <summary>The last conflicts, the oldest first.</summary>
    public IReadOnlyCollection<Conflict> Listed => _listed;

    private bool IsCausal => state.Options.Consistency == Consistency.Causal;

    /// <summary>Who counts as a member is looked at again: at least once a turn.</summary>
    public void Refresh()
    {
        if (_newcomers != state.Others.Newcomers || !state.Members.HasJoined || state.IsRecovering)
        {
            _newcomers = state.Others.Newcomers;
            _since = state.Log.End;
        }
    }

    /// <summary>A write comes later than one that wins its key.</summary>
    public void CameLate(ReadOnlySpan<byte> key, WriteVersion winner, WriteVersion loser)
    {
        if (!IsJudged(winner, loser))
        {
            return;
        }

        bool isProved = IsCausal || winner.Timestamp == loser.Timestamp;
        Remember(key, winner, loser, isProved ? OverwriteOrder.Unseen : OverwriteOrder.Unknown);

        if (!isProved)
        {
            Narrate(key, winner, loser);
        }
    }

    /// <summary>A write takes the place of one that was shown here.</summary>
    public void Replaced(ReadOnlySpan<byte> key, WriteVersion loser, WriteLine winner)
    {
        if (!IsJudged(winner.Version, loser))
        {
            return;
        }

        if (Judge(loser, winner) is { } order)
        {
            Remember(key, winner.Version, loser, order);
            return;
        }

        if (_awaited.Count == AwaitedMax)
        {
            _awaited.RemoveAt(0);
            _unknown++;
        }

        _awaited.Add((key.ToArray(), winner.Version, loser));
    }

    /// <summary>A server has said what it has.</summary>
    public void Heard(ServerId peer)
    {
        for (int index = 0; index < _awaited.Count; index++)
        {
            var (key, winner, loser) = _awaited[index];

            if (winner.Origin == peer && Known(peer) is { } has && has.Watermark(peer) >= winner.Timestamp)
            {
                _awaited.RemoveAt(index--);
                bool isUnseen = LackedAfter(loser, winner);
                Remember(key, winner, loser, isUnseen ? OverwriteOrder.Unseen : OverwriteOrder.Unknown);
            }
        }
    }

    /// <summary>How two writes of a key stand to each other, as far as it can be told now.</summary>
    /// <param name="loserPosition">Where they are in the log; null: not there.</param>
    public OverwriteOrder Of(
        WriteVersion winner, long? winnerPosition, WriteVersion loser, long? loserPosition)
    {
        if (winner.Origin == loser.Origin)
        {
            return OverwriteOrder.InOrder;
        }

        foreach (var known in _remembered)
        {
            if (known.Winner == winner && known.Loser == loser && known.Order is not OverwriteOrder.Unknown)
            {
                return known.Order;
            }
        }

        if (winner.Timestamp == loser.Timestamp
            || (IsCausal && loserPosition > winnerPosition && loserPosition >= _since))
        {
            return OverwriteOrder.Unseen;
        }

        return IsCausal && winnerPosition is { } position && Reaches(loser, position)
            ? OverwriteOrder.Seen
            : OverwriteOrder.Unknown;
    }

    private bool Reaches(WriteVersion loser, long winner) =>
        _past.Find(loser, CausalPast.NeedsOf(state.Log.LineAt(winner), out _), LookedAtWhenAskedMax)
            == PastSearch.IsThere;

    private bool IsJudged(WriteVersion winner, WriteVersion loser) =>
        winner.Origin != loser.Origin && state.Members.HasJoined && !state.IsRecovering;

    /// <summary>Null: the next <c>have</c> of the winner's server may tell.</summary>
    private OverwriteOrder? Judge(WriteVersion loser, WriteLine winner)
    {
        if (loser.Timestamp == winner.Version.Timestamp)
        {
            return OverwriteOrder.Unseen;
        }

        if (!IsCausal)
        {
            return OverwriteOrder.Unknown;
        }

        if (CausalPast.IsNamed(loser, winner.Needs))
        {
            return OverwriteOrder.Seen;
        }

        bool wasShown = winner.Version.Origin == state.Id || HadBefore(loser, winner.Version);
        bool isNamedIfSeen = IsNamedIfSeen(loser);

        // Otherwise the walk tells nothing that anybody counts.
        if (isNamedIfSeen || !wasShown)
        {
            var found = _past.Find(loser, winner.Needs, LookedAtMax);

            if (found == PastSearch.IsThere)
            {
                return OverwriteOrder.Seen;
            }

            if (found == PastSearch.IsNotNamed && isNamedIfSeen)
            {
                return OverwriteOrder.Unseen;
            }
        }

        return wasShown ? OverwriteOrder.Shown
            : LackedAfter(loser, winner.Version) ? OverwriteOrder.Unseen
            : null;
    }

    /// <summary>Whether nobody's context can have left a write out because everybody has it.</summary>
    private bool IsNamedIfSeen(WriteVersion version)
    {
        if (state.Others.EveryoneHas(version))
        {
            return false;
        }

        Refresh();
        return state.Log.Find(version) is { } position && position >= _since && position >= state.ToldUpTo;
    }

    /// <summary>Whether the server that took a write had another one then, by a <c>have</c> of
    /// before.</summary>
    private bool HadBefore(WriteVersion version, WriteVersion taken) =>
        Known(taken.Origin) is { } has && has.Contains(version)
        && has.Watermark(taken.Origin) < taken.Timestamp;

    /// <summary>Whether the server that took a write did not have another one even later.</summary>
    private bool LackedAfter(WriteVersion version, WriteVersion taken) =>
        Known(taken.Origin) is { IsWhole: true } has && has.Watermark(taken.Origin) >= taken.Timestamp
        && !has.Contains(version);

    private PeerApplied? Known(ServerId id) =>
        state.Members.Find(id) is { } member ? state.Others.Find(id, member.Instance) : null;

    private void Remember(
        ReadOnlySpan<byte> key, WriteVersion winner, WriteVersion loser, OverwriteOrder order)
    {
        if (_remembered.Count == RememberedMax)
        {
            _remembered.Dequeue();
        }

        _remembered.Enqueue((winner, loser, order));

        if (order == OverwriteOrder.Unknown)
        {
            _unknown++;
        }
        else if (order == OverwriteOrder.Unseen)
        {
            Count(new Conflict(key.ToArray(), winner, loser, state.Now));
        }
    }

    private void Count(Conflict conflict)
    {
        Unseen++;
        _listed.Enqueue(conflict);

        if (_listed.Count > ListedMax)
        {
            _listed.Dequeue();
        }

        Narrate(conflict.Key, conflict.Winner, conflict.Loser);
    }

    private void Narrate(ReadOnlySpan<byte> key, WriteVersion winner, WriteVersion loser)
    {
        if (state.IsNarrating)
        {
            state.Effects.Notices.Add(new Notice.ConflictDecided(key.ToArray(), winner, loser));
        }
    }
}
