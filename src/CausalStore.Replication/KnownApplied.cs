using CausalStore.Protocol;

namespace CausalStore.Replication;

/// <summary>What one other server is known to have applied, by the <c>have</c>s of its present
/// INSTANCE.</summary>
internal sealed class PeerApplied
{
    private readonly Dictionary<ServerId, long> _watermarks = [];
    private readonly HashSet<WriteVersion> _beyond = [];
    private readonly Dictionary<ServerId, TimeSpan> _progressAt = [];

    /// <summary>Whether a <c>have</c> had room for all that it is known to have.</summary>
    public bool IsWhole => _beyond.Count < AppliedSet.NamedBeyondMax;

    /// <summary>When its last <c>have</c> came; null: none has, since this server was started.</summary>
    public TimeSpan? HeardAt { get; private set; }

    public long Watermark(ServerId origin) => _watermarks.GetValueOrDefault(origin);

    public bool Contains(WriteVersion version) =>
        version.Timestamp <= Watermark(version.Origin) || _beyond.Contains(version);

    /// <summary>What it is not known to have of those.</summary>
    public IEnumerable<WriteRange> Missing(IEnumerable<WriteRange> applied) => applied
        .Where(range => !Contains(new WriteVersion(range.UpTo, range.Origin)))
        .Select(range => range with { After = Math.Max(range.After, Watermark(range.Origin)) });

    /// <summary>The last write of that origin that it is known to have; 0: none.</summary>
    public long Last(ServerId origin) => _beyond.Where(version => version.Origin == origin)
        .Select(version => version.Timestamp).Append(Watermark(origin)).Max();

    /// <summary>When it was last heard to have all of that origin's writes up to a later one than before:
    /// later writes that arrive while an earlier one is missing do not bring that one nearer.</summary>
    public TimeSpan ProgressAt(ServerId origin) => _progressAt.GetValueOrDefault(origin);

    /// <summary>Adds what a <c>have</c> says; it may be older than what is known.</summary>
    public void Learn(Context have, TimeSpan now)
    {
        HeardAt = now;

        foreach (var version in have.UpTo)
        {
            if (version.Timestamp > Watermark(version.Origin))
            {
                _watermarks[version.Origin] = version.Timestamp;
                _progressAt[version.Origin] = now;
            }
        }

        foreach (var version in have.Exact)
        {
            if (version.Timestamp > Watermark(version.Origin))
            {
                _beyond.Add(version);
            }
        }

        _beyond.RemoveWhere(version => version.Timestamp <= Watermark(version.Origin));
    }
}

/// <summary>What all the others who count are known to have: members, and visitors who are joining.</summary>
internal sealed class KnownApplied
{
    private readonly Dictionary<ServerId, long> _stable = [];
    private bool _isCurrent;

    /// <summary>By id and INSTANCE: a server that comes back with other data has nothing of what it
    /// had.</summary>
    private readonly Dictionary<(ServerId Id, string Instance), PeerApplied> _peers = [];

    /// <summary>The last write of its own that each of them is known to have made.</summary>
    public IEnumerable<WriteVersion> Written() => _peers
        .Select(peer => new WriteVersion(peer.Value.Last(peer.Key.Id), peer.Key.Id))
        .Where(version => version.Timestamp > 0);

    /// <summary>How often somebody has begun to count, of whom nothing is known.</summary>
    public int Newcomers { get; private set; }

    /// <summary>Lets a server count from now on; nothing is known of what it has.</summary>
    public void Count(ServerId id, string instance)
    {
        if (_peers.TryAdd((id, instance), new PeerApplied()))
        {
            _isCurrent = false;
            Newcomers++;
        }
    }

    public void Discount(ServerId id, string instance)
    {
        _peers.Remove((id, instance));
        _isCurrent = false;
    }

    /// <summary>A joiner greets anew: what it had it may have thrown away.</summary>
    public void Reset(ServerId id, string instance)
    {
        _peers[(id, instance)] = new PeerApplied();
        _isCurrent = false;
        Newcomers++;
    }

    public PeerApplied? Find(ServerId id, string instance) => _peers.GetValueOrDefault((id, instance));

    public void Learn(ServerId id, string instance, Context have, TimeSpan now)
    {
        if (_peers.TryGetValue((id, instance), out var peer))
        {
            peer.Learn(have, now);
            _isCurrent = false;
        }
    }

    /// <summary>Whether every other member is known to have applied a write that is applied here: nobody will
    /// ever have to be told of it.</summary>
    public bool EveryoneHas(WriteVersion version) =>
        EveryoneHasUpTo(version) || EachHas(version);

    /// <summary>Whether every other member is known to have applied all of the origin's writes up to that
    /// one.
    /// </summary>
    public bool EveryoneHasUpTo(WriteVersion version)
    {
        if (_peers.Count == 0)
        {
            return true;
        }

        if (!_isCurrent)
        {
            _stable.Clear();
            _isCurrent = true;
        }

        if (!_stable.TryGetValue(version.Origin, out long stable))
        {
            stable = LeastWatermark(version.Origin);
            _stable.Add(version.Origin, stable);
        }

        return version.Timestamp <= stable;
    }

    // Loops, for every read and write asks: a lambda that captures the version would be an object each time.
    private bool EachHas(WriteVersion version)
    {
        foreach (var peer in _peers.Values)
        {
            if (!peer.Contains(version))
            {
                return false;
            }
        }

        return true;
    }

    private long LeastWatermark(ServerId origin)
    {
        long least = long.MaxValue;

        foreach (var peer in _peers.Values)
        {
            least = Math.Min(least, peer.Watermark(origin));
        }

        return least;
    }

    public void Clear()
    {
        _peers.Clear();
        _isCurrent = false;
    }
}
