namespace CausalStore.Replication.Tests;

public sealed class LamportClockTests
{
    private const long AheadMax = 1L << 40;

    private readonly LamportClock _clock = new();

    [Fact]
    public void Every_tick_is_a_new_time()
    {
        Assert.Equal([1, 2, 3], [_clock.Tick(), _clock.Tick(), _clock.Tick()]);
        Assert.Equal(3, _clock.Time);
    }

    [Fact]
    public void What_is_written_after_something_received_is_later_than_it()
    {
        _clock.Raise(41);

        Assert.Equal(42, _clock.Tick());
    }

    [Fact]
    public void It_never_goes_back()
    {
        _clock.Raise(41);

        _clock.Raise(7);

        Assert.Equal(41, _clock.Time);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1000)]
    public void A_timestamp_too_far_ahead_of_it_is_a_forgery(long time)
    {
        _clock.Raise(time);

        Assert.False(_clock.IsForged(1));
        Assert.False(_clock.IsForged(time + AheadMax));
        Assert.True(_clock.IsForged(time + AheadMax + 1));
        Assert.True(_clock.IsForged(long.MaxValue));
    }

    [Fact]
    public void At_the_end_of_time_it_stops_rather_than_begin_again()
    {
        _clock.Raise(long.MaxValue);

        Assert.Throws<OverflowException>(() => _clock.Tick());
    }
}
