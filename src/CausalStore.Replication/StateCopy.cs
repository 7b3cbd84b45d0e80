using CausalStore.Protocol;

namespace CausalStore.Replication;

/// <summary>A copy of the state on its way out: taken in one step, sent key by key, in their order, while
/// writes go on.</summary>
internal sealed class LeavingCopy(ReplicaState state)
{
    private readonly PeerMessage.Copy _head =
        new(
            state.Members.ForgottenSet, state.Applied.Ranges(), state.Applied.Lost(),
            state.Store.Count);

    private readonly FrozenRecords _records = state.Store.Freeze();
    private readonly long _logEnd = state.Log.End;
    private int? _next;

    /// <summary>How many keys it has.</summary>
    public int Count => _records.Count;

    /// <summary>Whether what came since is still in the log, and the same servers are forgotten: else another
    /// copy would have to follow, or this one be refused.</summary>
    public bool IsCurrent => state.Log.First <= _logEnd && _head.Without.Equals(state.Members.ForgottenSet);

    /// <summary>Offers it on a connection.</summary>
    public void Offer(Link link)
    {
        _next = null;
        link.Send(_head);
    }

    /// <summary>Whether the other side has answered, so that there is something to send.</summary>
    public bool IsWanted => _next is not null;

    /// <summary>The other side has the keys up to that one.</summary>
    public void GoOnAfter(ReadOnlySpan<byte> key) => _next = _records.FirstAfter(key);

    /// <summary>Sends the next line; false: that was the last one.</summary>
    public bool SendNext(Link link)
    {
        if (_next is { } next && next < _records.Count)
        {
            link.SendCopied(_records[next]);
            _next = next + 1;
            return true;
        }

        link.Send(new PeerMessage.CopiedAll(_records.Count));
        return false;
    }

    /// <summary>Nothing more is sent of it.</summary>
    public void End() => _records.Thaw();
}

/// <summary>A copy of another server's state that is arriving: it counts for nothing before it is
/// whole.</summary>
internal sealed class ArrivingCopy(PeerMessage.Copy head)
{
    private int _last = -1;

    public PeerMessage.Copy Head { get; } = head;

    public VersionedStore Values { get; } = new(keepsChanges: false);

    /// <summary>Up to this key all are here; empty: none is.</summary>
    public ReadOnlySpan<byte> LastKey => _last < 0 ? [] : Values[_last].Key;

    /// <summary>How much of it is here, from 0 to 1.</summary>
    public double Fraction => Head.Count == 0 ? 0 : (double)Values.Count / Head.Count;

    /// <summary>Whether a copy that begins is this one: a state follows from what is applied in it.</summary>
    public bool IsOf(PeerMessage.Copy head) =>
        Head.Without.Equals(head.Without) && Head.Applied.SequenceEqual(head.Applied)
        && Head.Lost.SequenceEqual(head.Lost);

    public void Add(PeerMessage.Copied copied) => _last = Values.Put(
        copied.Key, copied.Value, isTombstone: copied.Value is null, copied.Version);
}

// How two states become one.
//
// Both are causally closed, so their union is, and it is taken in one step. Of a key that both have the
// greater version wins. A key that one side lacks although it has applied the other's version of it was
// deleted there, its tombstone is gone, and so it goes: by last writer wins alone it would come back.
internal sealed class StateMerge(ReplicaState state, Tombstones tombstones)
{
    private readonly List<Visible> _visible = [];

    /// <summary>A change that somebody may watch.</summary>
    /// <param name="Value">Null: the key is gone.</param>
    private sealed record Visible(byte[] Key, byte[]? Value, WriteVersion Version);

    /// <summary>Takes a whole copy in.</summary>
    public void Merge(ArrivingCopy copy)
    {
        WriteRanges theirs = new(copy.Head.Applied);
        TakeTheirs(copy);
        DropDeletedThere(copy, theirs);
        CountAsApplied(copy.Head);
        state.HaveIsNews = true;

        // Versions are an order that respects causality, and keep the parts of one write together.
        foreach (var (key, value, version) in _visible.OrderBy(visible => visible.Version))
        {
            state.Watchers.Push(
                new Change(key, value, isRemoval: value is null, version),
                countsAsRead: state.Options.Consistency == Consistency.Causal);
        }

        _visible.Clear();
    }

    private void TakeTheirs(ArrivingCopy copy)
    {
        foreach (int number in copy.Values.All())
        {
            var theirs = copy.Values[number];
            var place = state.Store.Locate(theirs.Key);
            var ours = state.Store.At(place);

            if (ours.Exists ? ours.Version >= theirs.Version : state.Applied.Contains(theirs.Version))
            {
                continue;
            }

            bool isVisible = !theirs.IsTombstone || ours.HasValue;
            state.Store.Put(place, theirs.Key, theirs.Value, theirs.IsTombstone, theirs.Version);

            if (theirs.IsTombstone)
            {
                tombstones.Add(theirs.Key, theirs.Version);
            }

            if (isVisible)
            {
                Show(theirs, isGone: theirs.IsTombstone);
            }
        }
    }

    private void DropDeletedThere(ArrivingCopy copy, WriteRanges theirs)
    {
        foreach (int number in state.Store.All())
        {
            var ours = state.Store[number];

            if (!copy.Values.Locate(ours.Key).Exists && theirs.Contains(ours.Version))
            {
                if (ours.HasValue)
                {
                    Show(ours, isGone: true);
                }

                state.Store.Remove(ours.Key);
            }
        }
    }

    private void Show(Stored stored, bool isGone)
    {
        if (state.Watchers.Any)
        {
            _visible.Add(new Visible(
                stored.Key.ToArray(), isGone ? null : stored.Value.ToArray(), stored.Version));
        }
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
