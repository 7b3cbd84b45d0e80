using System.Numerics;

namespace CausalStore.Client.Bench;

/// <summary>
/// Counts durations in buckets no wider than 1/128 of what they hold, so percentiles are right within 1 %;
/// constant memory, whatever is recorded (the idea of HdrHistogram).
/// </summary>
internal sealed class LatencyHistogram
{
    private const int SubBits = 7;
    private const int SubBuckets = 1 << SubBits;

    private readonly long[] _counts = new long[(64 - SubBits) * SubBuckets];

    public long Count { get; private set; }

    /// <summary>The longest, exactly; 0 if there is none.</summary>
    public long Max { get; private set; }

    public void Record(long nanoseconds, long times = 1)
    {
        long value = Math.Max(0, nanoseconds);
        _counts[BucketOf(value)] += times;
        Count += times;
        Max = Math.Max(Max, value);
    }

    /// <summary>The least duration that this share of all does not exceed; 0 if there is none.</summary>
    /// <param name="share">Above 0, up to 1.</param>
    public long Percentile(double share)
    {
        long wanted = Math.Max(1, (long)Math.Ceiling(share * Count));
        long seen = 0;

        for (int bucket = 0; bucket < _counts.Length && Count > 0; bucket++)
        {
            seen += _counts[bucket];

            if (seen >= wanted)
            {
                return Math.Min(Middle(bucket), Max);
            }
        }

        return 0;
    }

    public void Clear()
    {
        Array.Clear(_counts);
        Count = 0;
        Max = 0;
    }

    private static int BucketOf(long value)
    {
        if (value < SubBuckets)
        {
            return (int)value;
        }

        int shift = BitOperations.Log2((ulong)value) - SubBits;
        return ((shift + 1) * SubBuckets) + (int)((value >> shift) & (SubBuckets - 1));
    }

    private static long Middle(int bucket)
    {
        if (bucket < SubBuckets)
        {
            return bucket;
        }

        int shift = (bucket / SubBuckets) - 1;
        long least = (long)(SubBuckets + (bucket % SubBuckets)) << shift;
        return least + ((1L << shift) / 2);
    }
}
