using CausalStore.Scenarios.Tests.Kit;
using CausalStore.Tracing;

namespace CausalStore.Scenarios.Tests.Virtual;

public sealed class VirtualNetworkTests
{
    [Fact]
    public async Task Servers_find_each_other_again_after_one_was_killed()
    {
        var played = await Played.OfAsync(
            "servers 3", "kill 1", "at bob@2 write x 1", "start 1", "at alice@1 read x", "at alice write y 2",
            "expect same everywhere");

        Assert.True(played.Verdict.Holds);
        Assert.Contains(played.Outcomes, one => one.Text == "alice, at server 1, reads x = 1 (1@2)");
    }

    [Fact]
    public async Task The_others_notice_that_a_server_is_gone()
    {
        var played = await Played.OfAsync("servers 3", "kill 1", "wait 1s");

        Assert.Equal(
            2, played.Lines.Count(line => line.Event is TraceEvent.Disconnected({ Value: 1 })));
    }

    [Fact]
    public async Task What_is_written_before_a_kill_and_not_held_arrives()
    {
        var played = await Played.OfAsync(
            "servers 2", "at alice@1 write x 1", "kill 1", "at bob@2 read x");

        Assert.Equal("bob, at server 2, reads x = 1 (1@1)", played.Last);
    }
}
