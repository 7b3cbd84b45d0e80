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

    public bool Contains(WriteVersion version) => Of(version.Origin)
        .Any(range => range.After < version.Timestamp && version.Timestamp <= range.UpTo);

    public bool CoverAll(WriteRanges others) => others.ToList().All(other => Of(other.Origin)
        .Any(range => range.After <= other.After && other.UpTo <= range.UpTo));

    /// <summary>The same without one write, which lies inside.</summary>
    public WriteRanges Without(WriteRange write)
    {
        List<WriteRange> left = [];

        foreach (var range in ToList())
        {
            if (range.Origin != write.Origin || range.UpTo <= write.After || range.After >= write.UpTo)
            {
                left.Add(range);
                continue;
            }

            if (range.After < write.After)
            {
                left.Add(range with { UpTo = write.After });
            }

            if (range.UpTo > write.UpTo)
            {
                left.Add(range with { After = write.UpTo });
            }
        }

        return new WriteRanges(left);
    }

    public List<WriteRange> ToList() => [.. _byOrigin.Values.SelectMany(ranges => ranges)];

    private List<WriteRange> Of(ServerId origin) => _byOrigin.GetValueOrDefault(origin) ?? [];
}
