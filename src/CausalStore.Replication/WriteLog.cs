using CausalStore.Protocol;

namespace CausalStore.Replication;

/// <summary>
/// Applied writes in the order in which they were applied, kept for those who lack them. Every link reads it with
/// cursors of its own, so a slow peer costs no memory but these writes, which are bounded in bytes: who lacks
/// more gets a copy of the state.
/// </summary>
internal sealed class WriteLog(long retainBytesMax, long recentBytesMax)
{
    private readonly Dictionary<ServerId, long> _dropped = [];
    private Entry[] _entries = new Entry[64];

    public readonly record struct Entry(Write Write, TimeSpan AppliedAt);

    /// <summary>The position of the oldest write that is kept.</summary>
    public long First { get; private set; }

    /// <summary>The position behind the newest one.</summary>
    public long End { get; private set; }

    public long Bytes { get; private set; }

    public Entry this[long position] => _entries[position & (_entries.Length - 1)];

    public void Append(Write write, TimeSpan now)
    {
        if (End - First == _entries.Length)
        {
            Grow();
        }

        _entries[End++ & (_entries.Length - 1)] = new Entry(write, now);
        Bytes += write.Bytes;
    }

    /// <summary>Drops what goes beyond the bounds: above the smaller one what every member has, above the greater
    /// one what somebody lacks.</summary>
    public void Trim(KnownApplied others)
    {
        while (Bytes > recentBytesMax && First < End && (Bytes > retainBytesMax || others.EveryoneHas(this[First].Write.Version)))
        {
            var write = this[First].Write;
            Reaches(write.Version.Origin, Math.Max(write.Version.Timestamp, _dropped.GetValueOrDefault(write.Version.Origin)));
            _entries[First & (_entries.Length - 1)] = default;
            Bytes -= write.Bytes;
            First++;
        }
    }

    /// <summary>Says that writes of that origin up to that one may be applied here and are not in the log.</summary>
    public void Reaches(ServerId origin, long beyond) =>
        _dropped[origin] = Math.Max(beyond, _dropped.GetValueOrDefault(origin));

    /// <summary>The origins of which writes may have been dropped, with the greatest that was.</summary>
    public IReadOnlyDictionary<ServerId, long> Dropped => _dropped;

    public void Clear()
    {
        _entries = new Entry[64];
        First = End;
        Bytes = 0;
        _dropped.Clear();
    }

    private void Grow()
    {
        var larger = new Entry[2 * _entries.Length];

        for (long position = First; position < End; position++)
        {
            larger[position & (larger.Length - 1)] = this[position];
        }

        _entries = larger;
    }
}
