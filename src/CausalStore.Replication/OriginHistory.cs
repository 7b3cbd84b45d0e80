using CausalStore.Protocol;

namespace CausalStore.Replication;

/// <summary>
/// Which writes of one origin are applied. All up to the watermark are, and the few beyond it, each of which
/// knows the origin's write before it: the watermark moves along that chain. What was lost with a forgotten
/// origin is a gap: the watermark passes it, and it satisfies no need.
/// </summary>
internal sealed class OriginHistory(ServerId origin)
{
    private readonly Dictionary<long, long> _previousOf = [];
    private readonly Dictionary<long, long> _nextOf = [];
    private readonly List<WriteRange> _lost = [];

    public ServerId Origin { get; } = origin;

    /// <summary>Everything up to this timestamp is applied or lost. It is a write of the origin, or
    /// 0.</summary>
    public long Watermark { get; private set; }

    /// <summary>Once the origin is forgotten and settled: its last write; what is later is lost. Null
    /// before.</summary>
    public long? Last { get; private set; }

    /// <summary>How many writes beyond the watermark are applied.</summary>
    public int BeyondCount => _previousOf.Count;

    public IEnumerable<long> Beyond => _previousOf.Keys;

    public IReadOnlyList<WriteRange> Lost => _lost;

    /// <summary>Gaps behind the last write that survives: what survives does not tell of them.</summary>
    public IEnumerable<WriteRange> LostBeyond => _lost.Where(gap => gap.UpTo > Last);

    public bool Contains(long timestamp) =>
        timestamp <= Watermark ? !IsInGap(timestamp) : _previousOf.ContainsKey(timestamp);

    public bool IsLost(long timestamp) => timestamp > Last || IsInGap(timestamp);

    /// <summary>Counts a write as applied; it must not be applied yet.</summary>
    public void Add(long previous, long timestamp)
    {
        if (previous <= Watermark)
        {
            Watermark = Math.Max(Watermark, timestamp);
            PassWhatIsNext();
        }
        else
        {
            _previousOf[timestamp] = previous;
            _nextOf[previous] = timestamp;
        }
    }

    /// <summary>Counts all the writes of a range as applied: a copy of the state has brought what is left of
    /// them. A range that begins beyond the watermark must be a single write.</summary>
    public void AddRange(WriteRange range)
    {
        if (range.After > Watermark)
        {
            if (!Contains(range.UpTo))
            {
                Add(range.After, range.UpTo);
            }

            return;
        }

        Watermark = Math.Max(Watermark, range.UpTo);

        foreach (long timestamp in _previousOf.Keys.Order().ToList())
        {
            if (_previousOf[timestamp] <= Watermark)
            {
                Watermark = Math.Max(Watermark, timestamp);
                _nextOf.Remove(_previousOf[timestamp]);
                _previousOf.Remove(timestamp);
            }
        }

        PassWhatIsNext();
    }

    /// <summary>Says what survives of a forgotten origin: all else is lost. A gap that was lost before is
    /// lost for ever, also where nothing after it survives any more.</summary>
    public void Settle(IEnumerable<WriteRange> survivors)
    {
        long lostBefore = _lost.Count > 0 ? _lost.Max(gap => gap.UpTo) : 0;
        _lost.Clear();
        long end = 0;

        foreach (var range in survivors.Where(range => range.Origin == Origin).OrderBy(range => range.After))
        {
            if (range.After > end)
            {
                _lost.Add(new WriteRange(Origin, end, range.After));
            }

            end = Math.Max(end, range.UpTo);
        }

        if (lostBefore > end)
        {
            _lost.Add(new WriteRange(Origin, end, lostBefore));
        }

        Last = end;
        PassWhatIsNext();
    }

    /// <summary>A further server is forgotten: what was settled is settled anew. Gaps that were passed
    /// stay.</summary>
    public void Unsettle() => Last = null;

    /// <summary>What is applied, as ranges in rising order: a write with its PREVIOUS is one.</summary>
    public IEnumerable<WriteRange> Applied()
    {
        long after = 0;

        foreach (var gap in _lost.Where(gap => gap.UpTo <= Watermark))
        {
            if (gap.After > after)
            {
                yield return new WriteRange(Origin, after, gap.After);
            }

            after = Math.Max(after, gap.UpTo);
        }

        if (Watermark > after)
        {
            yield return new WriteRange(Origin, after, Watermark);
        }

        foreach (long timestamp in _previousOf.Keys.Order())
        {
            yield return new WriteRange(Origin, _previousOf[timestamp], timestamp);
        }
    }

    /// <summary>The gaps that a copy of the state brings with it.</summary>
    public void AddLost(IEnumerable<WriteRange> lost)
    {
        _lost.AddRange(lost.Where(gap => gap.Origin == Origin && !_lost.Contains(gap)));
        _lost.Sort((left, right) => left.After.CompareTo(right.After));
        PassWhatIsNext();
    }

    private bool IsInGap(long timestamp)
    {
        foreach (var gap in _lost)
        {
            if (timestamp > gap.After && timestamp <= gap.UpTo)
            {
                return true;
            }
        }

        return false;
    }

    private void PassWhatIsNext()
    {
        while (true)
        {
            if (_nextOf.Remove(Watermark, out long next))
            {
                _previousOf.Remove(next);
                Watermark = next;
            }
            else if (_lost.Count > 0
                && _lost.Find(gap => gap.After <= Watermark && gap.UpTo > Watermark) is { UpTo: > 0 } gap)
            {
                Watermark = gap.UpTo;
            }
            else
            {
                return;
            }
        }
    }
}
