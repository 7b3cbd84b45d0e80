using CausalStore.Scenarios.Tests.Kit;
using CausalStore.Tracing;

namespace CausalStore.Scenarios.Tests.Virtual;

public sealed class VirtualSessionTests
{
    [Fact]
    public async Task A_write_stands_in_the_trace_where_it_was_asked_for()
    {
        var played = await Played.OfAsync(
            "servers 1", "at alice@1 watch \"\"", "at alice write x 1 delete y");

        var events = played.Lines.Where(line => !line.Process.IsServer).OrderBy(line => line.Sequence)
            .Select(line => line.Event).ToList();
        var wrote = Assert.Single(events.OfType<TraceEvent.Wrote>());
        Assert.Equal(TimeSpan.FromMilliseconds(2), wrote.Took);
        Assert.Equal([new("x", "1"), new TracedOperation("y", null)], wrote.Operations);
        Assert.True(events.IndexOf(wrote) < events.FindIndex(one => one is TraceEvent.WasPushed));
    }

    [Fact]
    public async Task What_is_shown_twice_stands_in_the_trace_once()
    {
        var played = await Played.OfAsync(
            "servers 1", "at alice@1 read x", "at alice read x", "at alice write x 1", "at alice read x");

        Assert.Equal(2, played.Lines.Count(line => line.Event is TraceEvent.Saw));
    }

    [Fact]
    public async Task A_scan_is_whole_with_its_end()
    {
        var played = await Played.OfAsync(
            "servers 1", "at alice@1 write a 1 write b 2 write c 3", "at alice scan \"\"");

        Assert.Equal("alice, at server 1, reads a = 1 (1@1), b = 2 (1@1), c = 3 (1@1)", played.Last);
    }

    [Fact]
    public async Task Who_has_left_is_pushed_nothing_more()
    {
        var played = await Played.OfAsync(
            "servers 2", "at bob@1 watch \"\"", "move bob to 2", "at alice@1 write x 1",
            "expect pushes at bob: x = 1");

        Assert.True(played.Verdict.Holds);
        Assert.Single(played.Lines, line => line.Event is TraceEvent.WasPushed);
    }
}
