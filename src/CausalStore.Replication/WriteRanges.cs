using CausalStore.Protocol;

namespace CausalStore.Replication;

/// <summary>
/// A set of writes as ranges, merged where they touch: what all members together hold of the forgotten servers.
/// A write with its PREVIOUS is a range, since nothing lies between the two; so the sum of all ranges says exactly
/// which writes are held, and where something is missing.
/// </summary>
internal sealed class WriteRanges
{
    private readonly SortedDictionary<ServerId, List<WriteRange>> _byOrigin = [];

    public WriteRanges(IEnumerable<WriteRange> ranges)
    {
        foreach (var range in ranges.OrderBy(range => range.Origin).ThenBy(range => range.After))
        {
            if (!_byOrigin.TryGetValue(range.Origin, out var merged))
            {
                _byOrigin.Add(range.Origin, merged = []);
            }

            if (merged.Count > 0 && merged[^1].UpTo >= range.After)
            {
                merged[^1] = merged[^1] with { UpTo = Math.Max(merged[^1].UpTo, range.UpTo) };
            }
            else
            {
                merged.Add(range);
            }
        }
    }

    public bool Contains(WriteVersion version) =>
        Covers(new WriteRange(version.Origin, version.Timestamp - 1, version.Timestamp));

    public bool CoverAll(WriteRanges others) => others.ToList().TrueForAll(Covers);

    /// <summary>The same without some writes.</summary>
    public WriteRanges Without(IEnumerable<WriteRange> writes)
    {
        WriteRanges without = new(writes);
        return new WriteRanges(ToList().SelectMany(range => Cut(range, without.Of(range.Origin))));
    }

    public List<WriteRange> ToList() => [.. _byOrigin.Values.SelectMany(ranges => ranges)];

    private List<WriteRange> Of(ServerId origin) => _byOrigin.GetValueOrDefault(origin) ?? [];

    private bool Covers(WriteRange other)
    {
        var ranges = Of(other.Origin);
        int index = FirstEndingAt(ranges, other.UpTo);
        return index < ranges.Count && ranges[index].After <= other.After;
    }

    private static IEnumerable<WriteRange> Cut(WriteRange range, List<WriteRange> without)
    {
        long after = range.After;

        for (int index = FirstEndingAt(without, range.After + 1); index < without.Count; index++)
        {
            var gap = without[index];

            if (gap.After >= range.UpTo)
            {
                break;
            }

            if (gap.After > after)
            {
                yield return range with { After = after, UpTo = gap.After };
            }

            after = gap.UpTo;
        }

        if (after < range.UpTo)
        {
            yield return range with { After = after };
        }
    }

    /// <summary>The place of the first range that ends at a timestamp or later; they are in rising order.</summary>
    private static int FirstEndingAt(List<WriteRange> ranges, long timestamp)
    {
        int low = 0;
        int high = ranges.Count;

        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = ranges[middle].UpTo < timestamp ? (middle + 1, high) : (low, middle);
        }

        return low;
    }
}
