using CausalStore.Client.Live;
using CausalStore.Client.Tests.Kit;

namespace CausalStore.Client.Tests.Live;

public sealed class LatestTests
{
    private readonly Latest _latest = new();

    [Fact]
    public async Task Who_waits_is_told_and_who_is_slow_skips()
    {
        var waiting = _latest.AfterAsync(0, Eventually.Stop);
        Assert.False(waiting.IsCompleted);

        _latest.Set("one");
        Assert.Equal((1, "one"), await waiting.InTime());

        _latest.Set("two");
        _latest.Set("three");
        Assert.Equal((3, "three"), await _latest.AfterAsync(1, Eventually.Stop).InTime());
    }

    [Fact]
    public void The_same_again_is_nothing_new()
    {
        _latest.Set("one");
        _latest.Set("one");

        Assert.False(_latest.AfterAsync(1, Eventually.Stop).IsCompleted);
    }
}
