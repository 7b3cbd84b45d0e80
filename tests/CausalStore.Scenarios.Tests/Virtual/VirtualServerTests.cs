using CausalStore.Scenarios.Tests.Kit;
using CausalStore.Tracing;

namespace CausalStore.Scenarios.Tests.Virtual;

public sealed class VirtualServerTests
{
    [Fact]
    public async Task A_server_that_was_killed_goes_on_with_what_it_had_written_down()
    {
        var played = await Played.OfAsync(
            "servers 1", "at alice@1 write x 1", "kill 1", "start 1", "at bob@1 read x", "at bob write y 2");

        Assert.Contains(played.Outcomes, one => one.Text == "bob, at server 1, reads x = 1 (1@1)");
        Assert.Equal("bob, at server 1, writes y = 2: 2@1", played.Last);
    }

    [Fact]
    public async Task What_it_tells_is_in_its_trace_when_it_happens()
    {
        var played = await Played.OfAsync("servers 2", "at alice@1 write x 1");

        var accepted = Assert.Single(played.Lines, line => line.Event is TraceEvent.Accepted);
        var sent = Assert.Single(played.Lines, line => line.Event is TraceEvent.Sent);
        var applied = Assert.Single(played.Lines, line => line.Event is TraceEvent.Applied);
        Assert.Equal(TimeSpan.Zero, sent.Time - accepted.Time);
        Assert.Equal(TimeSpan.FromMilliseconds(20), applied.Time - sent.Time);
    }

    [Fact]
    public async Task It_wakes_up_by_itself()
    {
        var played = await Played.OfAsync(
            "servers 2", "delay 1->2 5s", "at alice@1 write x 1", "wait 6s", "at bob@2 read x");

        Assert.Equal("bob, at server 2, reads x = 1 (1@1)", played.Last);
    }
}
