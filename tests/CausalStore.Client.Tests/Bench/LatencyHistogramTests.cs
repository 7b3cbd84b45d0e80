using CausalStore.Client.Bench;

namespace CausalStore.Client.Tests.Bench;

public sealed class LatencyHistogramTests
{
    [Theory]
    [InlineData(1, 200)]
    [InlineData(2, 1_000_000)]
    [InlineData(3, 60_000_000_000)]
    public void Percentiles_are_those_of_the_sorted_values_within_one_percent(int seed, long longest)
    {
        Random random = new(seed);
        LatencyHistogram histogram = new();

        // From one nanosecond to the longest, each power of ten as likely as the next.
        long[] values = [.. Enumerable.Range(0, 10_000).Select(
            _ => (long)Math.Pow(longest, random.NextDouble()))];

        foreach (long value in values)
        {
            histogram.Record(value);
        }

        Array.Sort(values);

        foreach (double share in new[] { 0.001, 0.25, 0.5, 0.9, 0.99, 0.999, 1 })
        {
            long exact = values[(int)Math.Ceiling(share * values.Length) - 1];
            Assert.InRange(histogram.Percentile(share), exact * 0.99, exact * 1.01);
        }

        Assert.Equal(values[^1], histogram.Max);
    }

    [Fact]
    public void Replies_that_come_together_count_each()
    {
        LatencyHistogram histogram = new();
        histogram.Record(10, times: 98);
        histogram.Record(100, times: 2);

        Assert.Equal(100, histogram.Count);
        Assert.Equal(10, histogram.Percentile(0.98));
        Assert.Equal(100, histogram.Percentile(0.99));
    }

    [Fact]
    public void Any_duration_has_a_bucket()
    {
        LatencyHistogram histogram = new();
        histogram.Record(-1);
        Assert.Equal(0, histogram.Percentile(1));

        histogram.Record(long.MaxValue);
        Assert.Equal(long.MaxValue, histogram.Max);
        Assert.InRange(histogram.Percentile(1), (long)(long.MaxValue * 0.99), long.MaxValue);
    }

    [Fact]
    public void Nothing_recorded_is_zero_and_clear_begins_anew()
    {
        LatencyHistogram histogram = new();
        Assert.Equal(0, histogram.Percentile(0.5));

        histogram.Record(5000);
        histogram.Clear();

        Assert.Equal((0, 0, 0), (histogram.Count, histogram.Max, histogram.Percentile(0.5)));
    }
}
