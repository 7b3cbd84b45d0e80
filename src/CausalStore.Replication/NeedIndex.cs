using CausalStore.Protocol;

namespace CausalStore.Replication;

/// <summary>Something that waits until a context is applied: a delayed write, or a session.</summary>
internal abstract class Waiter(Context needs)
{
    public Context Needs { get; } = needs;

    /// <summary>How many of its needs are known to be applied; what is applied stays so.</summary>
    internal int Met { get; set; }

    /// <summary>The one entry of <see cref="Needs"/> that it is filed under; null: it is not filed.</summary>
    internal WriteVersion? FiledUnder { get; set; }

    internal bool FiledAsUpTo { get; set; }

    internal Waiter? Before { get; set; }

    internal Waiter? After { get; set; }
}

/// <summary>
/// What waits, filed under the write that it misses: each waiter under one missing need at a time, so that
/// applying a write finds exactly what it may release, and nothing is ever scanned or polled.
/// </summary>
internal sealed class NeedIndex(AppliedSet applied)
{
    private readonly Dictionary<WriteVersion, Waiter> _byWrite = [];
    private readonly Dictionary<ServerId, SortedDictionary<long, Waiter>> _byWatermark = [];

    /// <summary>Needs looked at so far: what all the waiting has cost.</summary>
    public long Steps { get; private set; }

    /// <summary>Files a waiter under its first need that is not applied; false: it misses nothing.</summary>
    public bool File(Waiter waiter)
    {
        var exact = waiter.Needs.Exact;
        var upTo = waiter.Needs.UpTo;

        for (; waiter.Met < exact.Length; waiter.Met++)
        {
            Steps++;

            if (!applied.Contains(exact[waiter.Met]))
            {
                AddExact(waiter, exact[waiter.Met]);
                return true;
            }
        }

        for (; waiter.Met < exact.Length + upTo.Length; waiter.Met++)
        {
            var version = upTo[waiter.Met - exact.Length];
            Steps++;

            if (!applied.ContainsUpTo(version))
            {
                AddUpTo(waiter, version);
                return true;
            }
        }

        return false;
    }

    /// <summary>Takes out those that were filed under a write, or under a watermark that it moved.</summary>
    public void TakeReleased(WriteVersion applied, long watermark, List<Waiter> released)
    {
        if (_byWrite.Remove(applied, out var first))
        {
            TakeChain(first, released);
        }

        if (_byWatermark.TryGetValue(applied.Origin, out var byTimestamp))
        {
            while (byTimestamp.Count > 0 && byTimestamp.First() is var (timestamp, waiter) && timestamp <= watermark)
            {
                byTimestamp.Remove(timestamp);
                TakeChain(waiter, released);
            }
        }
    }

    /// <summary>Takes one out: it waits no more.</summary>
    public void Remove(Waiter waiter)
    {
        if (waiter.FiledUnder is not { } version)
        {
            return;
        }

        if (waiter.After is not null)
        {
            waiter.After.Before = waiter.Before;
        }

        if (waiter.Before is not null)
        {
            waiter.Before.After = waiter.After;
        }
        else if (waiter.FiledAsUpTo)
        {
            ReplaceFirst(_byWatermark[version.Origin], version.Timestamp, waiter.After);
        }
        else
        {
            ReplaceFirst(_byWrite, version, waiter.After);
        }

        Unfile(waiter);
    }

    /// <summary>Takes everything out, to be filed again: the applied set has changed as a whole.</summary>
    public void TakeAll(List<Waiter> released)
    {
        foreach (var first in _byWrite.Values.Concat(_byWatermark.Values.SelectMany(waiters => waiters.Values)))
        {
            TakeChain(first, released);
        }

        _byWrite.Clear();
        _byWatermark.Clear();
    }

    private static void ReplaceFirst<TKey>(IDictionary<TKey, Waiter> firsts, TKey key, Waiter? next)
        where TKey : notnull
    {
        if (next is null)
        {
            firsts.Remove(key);
        }
        else
        {
            firsts[key] = next;
        }
    }

    private void AddExact(Waiter waiter, WriteVersion version)
    {
        _byWrite.TryGetValue(version, out var first);
        _byWrite[version] = waiter;
        Link(waiter, first, version, asUpTo: false);
    }

    private void AddUpTo(Waiter waiter, WriteVersion version)
    {
        if (!_byWatermark.TryGetValue(version.Origin, out var byTimestamp))
        {
            byTimestamp = [];
            _byWatermark.Add(version.Origin, byTimestamp);
        }

        byTimestamp.TryGetValue(version.Timestamp, out var first);
        byTimestamp[version.Timestamp] = waiter;
        Link(waiter, first, version, asUpTo: true);
    }

    private static void Link(Waiter waiter, Waiter? first, WriteVersion version, bool asUpTo)
    {
        waiter.FiledUnder = version;
        waiter.FiledAsUpTo = asUpTo;
        waiter.After = first;

        if (first is not null)
        {
            first.Before = waiter;
        }
    }

    private static void TakeChain(Waiter? waiter, List<Waiter> released)
    {
        while (waiter is not null)
        {
            var next = waiter.After;
            Unfile(waiter);
            released.Add(waiter);
            waiter = next;
        }
    }

    private static void Unfile(Waiter waiter)
    {
        waiter.FiledUnder = null;
        waiter.Before = null;
        waiter.After = null;
    }
}
