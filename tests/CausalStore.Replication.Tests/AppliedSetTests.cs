using System.Text;
using CausalStore.Protocol;
using CausalStore.Replication.Tests.Kit;

namespace CausalStore.Replication.Tests;

public sealed class AppliedSetTests
{
    private readonly AppliedSet _applied = new();

    [Fact]
    public void A_need_is_met_by_that_very_write_and_by_no_greater_one()
    {
        Apply("0-5@2");

        Assert.True(_applied.Contains(Parse.Version("5@2")));
        Assert.False(_applied.Contains(Parse.Version("2@1")));
        Assert.False(_applied.ContainsAll(Parse.Context("2@1")));
    }

    // Here are: all of server 1 up to 7, and 12 without its write before; all of server 2 up to 3.
    [Theory]
    [InlineData("-", "-")]
    [InlineData("..7@1,3@2", "-")]
    [InlineData("12@1", "-")]
    [InlineData("..12@1", "..12@1")]
    [InlineData("..7@1,..8@1,3@2,4@2", "..8@1,4@2")]
    [InlineData("1@3,..1@3", "..1@3,1@3")]
    public void What_is_missing_of_a_context_is_what_is_not_applied(string context, string missing)
    {
        Apply("0-7@1,10-12@1,0-3@2");

        Assert.Equal(missing, $"{_applied.Missing(Parse.Context(context))}");
        Assert.Equal(missing == "-", _applied.ContainsAll(Parse.Context(context)));
    }

    [Fact]
    public void A_have_names_the_watermarks_and_what_lies_beyond_them()
    {
        Apply("0-7@1,10-12@1,4-6@2,0-3@9");

        Assert.Equal("..7@1,..3@9,12@1,6@2", $"{_applied.ToContext()}");
    }

    [Fact]
    public void A_have_names_a_thousand_beyond_the_watermarks_at_most()
    {
        for (int timestamp = 10; timestamp < 2000; timestamp++)
        {
            _applied.Of(new ServerId(1)).Add(previous: (2 * timestamp) - 1, timestamp: 2 * timestamp);
        }

        Apply("5-6@2,0-3@9");

        var have = _applied.ToContext();
        Assert.Equal(1000, have.Exact.Length);
        Assert.Equal([Parse.Version("3@9")], have.UpTo.ToArray());
        Assert.True(_applied.ContainsAll(have));
    }

    [Fact]
    public void A_lost_write_is_no_need_that_was_met()
    {
        Apply("0-3@4,5-9@4");
        _applied.Of(new ServerId(4)).Settle(Parse.Ranges("0-3@4,5-9@4"));

        Assert.Equal(9, _applied.Watermark(new ServerId(4)));
        Assert.True(_applied.IsLost(Parse.Version("5@4")));
        Assert.False(_applied.ContainsAll(Parse.Context("5@4")));
        Assert.True(_applied.ContainsAll(Parse.Context("..9@4")));
    }

    [Theory]
    [InlineData("9@4,5@4", "5@4")]
    [InlineData("..5@4", "5@4")]
    [InlineData("..9@4,9@4,8@1,..8@1", null)]
    [InlineData("-", null)]
    public void The_first_lost_write_of_a_context(string context, string? lost)
    {
        Apply("0-3@4,5-9@4");
        _applied.Of(new ServerId(4)).Settle(Parse.Ranges("0-3@4,5-9@4"));

        Assert.Equal(lost, _applied.FirstLost(Parse.Context(context))?.ToString());
    }

    [Fact]
    public void A_copy_carries_the_ranges_and_the_gaps_of_all_origins()
    {
        Apply("0-7@1,10-12@1,0-3@4,5-9@4");
        _applied.Of(new ServerId(4)).Settle(Parse.Ranges("0-3@4,5-9@4"));

        Assert.Equal("0-7@1,10-12@1,0-3@4,5-9@4", WriteRange.Format(_applied.Ranges()));
        Assert.Equal("3-5@4", WriteRange.Format(_applied.Lost()));
    }

    [Theory]
    [InlineData("-")]
    [InlineData("0-3@4")]
    [InlineData("0-7@1,10-12@1,0-3@4,5-9@4")]
    public void A_save_tells_the_ranges_as_a_word(string ranges)
    {
        Apply(ranges);
        OutputBuffer word = new();
        word.Append("applied "u8);

        _applied.AppendRanges(word);

        Assert.Equal($"applied {ranges}", Encoding.UTF8.GetString(word.Written));
    }

    [Fact]
    public void To_ask_about_an_origin_is_not_to_have_something_of_it()
    {
        Assert.Equal(0, _applied.Of(new ServerId(1)).Watermark);
        Assert.True(_applied.IsEmpty);

        Apply("5-6@1");
        Assert.False(_applied.IsEmpty);

        _applied.Clear();
        Assert.True(_applied.IsEmpty);
        Assert.False(_applied.Contains(Parse.Version("6@1")));
    }

    private void Apply(string ranges)
    {
        foreach (var range in Parse.Ranges(ranges))
        {
            _applied.Of(range.Origin).AddRange(range);
        }
    }
}
