using CausalStore.Protocol;

namespace CausalStore.Replication;

/// <summary>A copy of the state on its way out: taken in one step, sent in pieces while writes go
/// on.</summary>
internal sealed class LeavingCopy(ReplicaState state)
{
    private readonly PeerMessage.Copy _head =
        new(
            state.Members.ForgottenSet, state.Applied.Ranges(), state.Applied.Lost(),
            state.Store.All.Count);

    private readonly StoredValue[] _values = [.. state.Store.All];
    private int _next = -1;

    /// <summary>Sends the next line; false: that was the last one.</summary>
    public bool SendNext(Link link)
    {
        if (_next < 0)
        {
            link.Send(_head);
        }
        else if (_next < _values.Length)
        {
            var stored = _values[_next];
            link.Send(new PeerMessage.Copied(stored.Version, stored.Key, stored.Value));
        }
        else
        {
            link.Send(new PeerMessage.CopiedAll(_values.Length));
            return false;
        }

        _next++;
        return true;
    }
}

/// <summary>A copy of another server's state that is arriving: it counts for nothing before it is
/// whole.</summary>
internal sealed class ArrivingCopy(PeerMessage.Copy head)
{
    public PeerMessage.Copy Head { get; } = head;

    public Dictionary<byte[], StoredValue> Values { get; } = new(ByteKeys.Comparer);

    public long Lines { get; private set; }

    /// <summary>How much of it is here, from 0 to 1.</summary>
    public double Fraction => Head.Count == 0 ? 0 : (double)Lines / Head.Count;

    public void Add(PeerMessage.Copied copied)
    {
        Lines++;
        Values[copied.Key] = new StoredValue(copied.Key, copied.Value, copied.Version);
    }
}

// How two states become one.
//
// Both are causally closed, so their union is, and it is taken in one step. Of a key that both have the
// greater version wins. A key that one side lacks although it has applied the other's version of it was
// deleted there, its tombstone is gone, and so it goes: by last writer wins alone it would come back.
internal sealed class StateMerge(ReplicaState state, Tombstones tombstones)
{
    /// <summary>Takes a whole copy in.</summary>
    public void Merge(ArrivingCopy copy)
    {
        WriteRanges theirs = new(copy.Head.Applied);
        List<StoredValue> changed = [.. TakeTheirs(copy), .. DropDeletedThere(copy, theirs)];
        CountAsApplied(copy.Head);
        state.HaveIsNews = true;

        // Versions are an order that respects causality, and keep the parts of one write together.
        foreach (var stored in changed.OrderBy(stored => stored.Version))
        {
            state.Watchers.Push(
                stored.Key, stored.Value, stored.Version,
                countsAsRead: state.Options.Consistency == Consistency.Causal);
        }
    }

    private List<StoredValue> TakeTheirs(ArrivingCopy copy)
    {
        List<StoredValue> visible = [];

        foreach (var stored in copy.Values.Values)
        {
            var ours = state.Store.Find(stored.Key);

            if (ours is null ? state.Applied.Contains(stored.Version) : ours.Version >= stored.Version)
            {
                continue;
            }

            state.Store.Put(stored);

            if (stored.IsTombstone)
            {
                tombstones.Add(stored);
            }

            if (!stored.IsTombstone || ours is { IsTombstone: false })
            {
                visible.Add(stored);
            }
        }

        return visible;
    }

    private List<StoredValue> DropDeletedThere(ArrivingCopy copy, WriteRanges theirs)
    {
        List<StoredValue> removed = [];

        foreach (var ours in state.Store.All.ToList())
        {
            if (!copy.Values.ContainsKey(ours.Key) && theirs.Contains(ours.Version))
            {
                state.Store.Remove(ours);

                if (!ours.IsTombstone)
                {
                    removed.Add(ours with { Value = null });
                }
            }
        }

        return removed;
    }

    private void CountAsApplied(PeerMessage.Copy head)
    {
        // The gaps first: the watermark passes them on its way to the ranges behind them.
        foreach (var lost in head.Lost.GroupBy(gap => gap.Origin))
        {
            state.Applied.Of(lost.Key).AddLost(lost);
        }

        foreach (var range in head.Applied)
        {
            if (!state.Applied.ContainsUpTo(new WriteVersion(range.UpTo, range.Origin)))
            {
                state.Log.Reaches(range.Origin, range.UpTo);
            }

            state.Applied.Of(range.Origin).AddRange(range);
            state.Clock.Raise(range.UpTo);
        }
    }
}
