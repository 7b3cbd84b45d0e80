using CausalStore.Client.Bench;

namespace CausalStore.Client.Tests.Bench;

public sealed class PaceTests
{
    private const long Start = 5_000;
    private const long Second = NanoClock.PerSecond;

    [Fact]
    public void So_many_operations_and_no_more()
    {
        Pace pace = new(new Load { Depth = 4 }, new RunLimits(10, TimeSpan.Zero), Start);

        Assert.Equal([4, 4, 2, 0], Enumerable.Range(0, 4).Select(_ => pace.Take(Start)));
        Assert.True(pace.IsOver(Start));
        Assert.False(pace.IsDue(Start));
    }

    [Fact]
    public void So_long_and_no_longer()
    {
        Pace pace = new(new Load { Depth = 4 }, new RunLimits(0, TimeSpan.FromSeconds(2)), Start);

        Assert.Equal(4, pace.Take(Start + (2 * Second) - 1));
        Assert.Equal(0, pace.Take(Start + (2 * Second)));
    }

    [Fact]
    public void Without_a_rate_the_next_batch_is_always_due()
    {
        Pace pace = new(new Load(), new RunLimits(0, TimeSpan.FromSeconds(2)), Start);
        pace.Take(Start);

        Assert.False(pace.IsFixed);
        Assert.True(pace.IsDue(Start));
    }

    [Fact]
    public void A_rate_says_when_the_next_batch_is_due_also_to_one_who_is_late()
    {
        Pace pace = new(new Load { Depth = 4, Rate = 40 }, new RunLimits(0, TimeSpan.FromSeconds(60)), Start);

        Assert.True(pace.IsFixed);
        Assert.True(pace.IsDue(Start));
        pace.Take(Start);
        Assert.False(pace.IsDue(Start + (Second / 10) - 1));
        Assert.True(pace.IsDue(Start + (Second / 10)));
        pace.Take(Start + Second);
        Assert.Equal(Start + (Second / 5), pace.NextDue);
    }
}
