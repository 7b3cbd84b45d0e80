using CausalStore.Protocol;
using CausalStore.Replication.Tests.Kit;

namespace CausalStore.Replication.Tests;

public sealed class OriginHistoryTests(ITestOutputHelper output)
{
    private readonly OriginHistory _history = new(new ServerId(4));

    [Fact]
    public void A_write_beyond_a_missing_one_is_applied_and_moves_no_watermark()
    {
        _history.Add(previous: 5, timestamp: 9);

        Assert.True(_history.Contains(9));
        Assert.False(_history.Contains(5));
        Assert.Equal(0, _history.Watermark);
        Assert.Equal([9], _history.Beyond);
    }

    [Fact]
    public void The_missing_one_takes_the_watermark_along_the_whole_chain()
    {
        _history.Add(previous: 5, timestamp: 9);
        _history.Add(previous: 9, timestamp: 12);
        _history.Add(previous: 20, timestamp: 21);

        _history.Add(previous: 0, timestamp: 5);

        Assert.Equal(12, _history.Watermark);
        Assert.Equal([21], _history.Beyond);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void In_whatever_order_writes_come_the_watermark_ends_before_the_first_that_is_missing(int seed)
    {
        output.WriteLine($"seed {seed}");
        Random random = new(seed);

        for (int run = 0; run < 200; run++)
        {
            OriginHistory history = new(new ServerId(4));
            long[] chain = Chain(random, length: 12);
            int[] order = [.. Enumerable.Range(1, chain.Length - 1)];
            random.Shuffle(order);
            HashSet<long> applied = [0];

            foreach (int index in order)
            {
                history.Add(chain[index - 1], chain[index]);
                applied.Add(chain[index]);

                long watermark = chain.TakeWhile(applied.Contains).Last();
                Assert.Equal(watermark, history.Watermark);
                Assert.Equal(applied.Where(write => write > watermark).Order(), history.Beyond.Order());
                Assert.Equal(applied.Order(), chain.Where(history.Contains));
            }
        }
    }

    [Fact]
    public void A_range_of_a_copy_takes_in_what_was_beyond()
    {
        _history.Add(previous: 3, timestamp: 5);
        _history.Add(previous: 9, timestamp: 12);
        _history.Add(previous: 14, timestamp: 15);

        AddRanges("0-9@4");

        Assert.Equal(12, _history.Watermark);
        Assert.Equal([15], _history.Beyond);
    }

    [Fact]
    public void A_single_write_of_a_copy_counts_once()
    {
        _history.Add(previous: 5, timestamp: 9);

        AddRanges("5-9@4,9-12@4");

        Assert.Equal([9, 12], _history.Beyond.Order());
        AddRanges("0-5@4");
        Assert.Equal(12, _history.Watermark);
        Assert.Equal(0, _history.BeyondCount);
    }

    [Fact]
    public void Before_a_settlement_nothing_is_lost()
    {
        _history.Add(previous: 5, timestamp: 9);

        Assert.False(_history.IsLost(5));
        Assert.False(_history.IsLost(100));
        Assert.Null(_history.Last);
    }

    [Fact]
    public void The_watermark_passes_what_is_lost_but_that_is_not_there()
    {
        _history.Add(previous: 0, timestamp: 3);
        _history.Add(previous: 5, timestamp: 9);

        Settle("0-3@4,5-9@4");

        Assert.Equal(9, _history.Watermark);
        Assert.Equal("3-5@4", WriteRange.Format(_history.Lost));
        Assert.True(_history.IsLost(5));
        Assert.False(_history.Contains(5));
        Assert.True(_history.Contains(3));
        Assert.True(_history.Contains(9));
    }

    [Fact]
    public void What_survives_elsewhere_is_waited_for_and_what_comes_after_all_that_survives_is_lost()
    {
        _history.Add(previous: 0, timestamp: 3);

        Settle("0-9@4");

        Assert.Equal(3, _history.Watermark);
        Assert.Equal(9, _history.Last);
        Assert.False(_history.IsLost(9));
        Assert.True(_history.IsLost(10));
    }

    [Fact]
    public void Where_nothing_survives_everything_is_lost()
    {
        Settle("0-9@7");

        Assert.Equal(0, _history.Last);
        Assert.Equal(0, _history.Watermark);
        Assert.True(_history.IsLost(1));
    }

    [Fact]
    public void Settled_anew_its_end_is_open_again_and_the_gaps_that_were_passed_stay()
    {
        _history.Add(previous: 0, timestamp: 3);
        _history.Add(previous: 5, timestamp: 9);
        Settle("0-3@4,5-9@4");

        _history.Unsettle();

        Assert.Null(_history.Last);
        Assert.False(_history.IsLost(10));
        Assert.True(_history.IsLost(4));
        Assert.Equal(9, _history.Watermark);
    }

    [Fact]
    public void A_gap_stays_one_when_nothing_after_it_survives_any_more()
    {
        _history.Add(previous: 0, timestamp: 3);
        Settle("0-3@4,5-9@4");
        _history.Unsettle();

        Settle("0-3@4");
        Assert.Equal("3-5@4", WriteRange.Format(_history.LostBeyond));
        _history.Unsettle();

        Assert.Equal(5, _history.Watermark);
        Assert.False(_history.Contains(4));
        Assert.Equal("0-3@4", WriteRange.Format(_history.Applied()));
    }

    [Fact]
    public void A_gap_that_is_told_is_passed_and_known_once()
    {
        _history.Add(previous: 5, timestamp: 9);
        AddRanges("0-3@4");

        _history.AddLost(Parse.Ranges("3-5@4,3-5@7"));
        _history.AddLost(Parse.Ranges("3-5@4"));

        Assert.Equal(9, _history.Watermark);
        Assert.Equal("3-5@4", WriteRange.Format(_history.Lost));
    }

    [Fact]
    public void Its_ranges_and_its_gaps_say_it_all()
    {
        _history.Add(previous: 0, timestamp: 3);
        _history.Add(previous: 5, timestamp: 9);
        _history.Add(previous: 12, timestamp: 15);
        _history.AddLost(Parse.Ranges("3-5@4"));

        Assert.Equal("0-3@4,5-9@4,12-15@4", WriteRange.Format(_history.Applied()));

        OriginHistory copy = new(new ServerId(4));
        copy.AddLost(_history.Lost);

        foreach (var range in _history.Applied())
        {
            copy.AddRange(range);
        }

        Assert.Equal(9, copy.Watermark);
        Assert.Equal([15], copy.Beyond);
        Assert.Equal(_history.Applied(), copy.Applied());
    }

    private void AddRanges(string ranges)
    {
        foreach (var range in Parse.Ranges(ranges))
        {
            _history.AddRange(range);
        }
    }

    private void Settle(string survivors) => _history.Settle(Parse.Ranges(survivors));

    /// <summary>0, then the timestamps of an origin's writes.</summary>
    private static long[] Chain(Random random, int length)
    {
        long[] chain = new long[length + 1];

        for (int index = 1; index <= length; index++)
        {
            chain[index] = chain[index - 1] + random.Next(1, 4);
        }

        return chain;
    }
}
