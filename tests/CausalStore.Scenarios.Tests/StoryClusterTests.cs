using CausalStore.Scenarios.Tests.Kit;

namespace CausalStore.Scenarios.Tests;

public sealed class StoryClusterTests
{
    [Fact]
    public async Task What_nothing_keeps_from_coming_has_come_before_the_next_step()
    {
        var played = await Played.OfAsync(
            "servers 3", "at alice@1 write x 1", "at bob@2 read x", "at bob write y 2",
            "at carol@3 read x y");

        Assert.Equal("carol, at server 3, reads x = 1 (1@1), y = 2 (2@2)", played.Last);
    }

    [Fact]
    public async Task What_waits_has_come_as_well()
    {
        var played = await Played.OfAsync(
            "servers 3", "cut 1->3", "at alice@1 write x 1", "at bob@2 read x", "at bob write y 2",
            "at bob write z 3", "expect pending at 3: y, z");

        Assert.True(played.Verdict.Holds);
    }

    [Fact]
    public async Task A_link_is_no_longer_disturbed_when_its_server_has_ended()
    {
        var played = await Played.OfAsync(
            "servers 2", "cut 1->2", "kill 1", "start 1", "at alice@1 write x 1", "at bob@2 read x");

        Assert.Equal("bob, at server 2, reads x = 1 (1@1)", played.Last);
    }

    [Fact]
    public async Task A_link_to_a_server_stays_disturbed_when_it_starts_again()
    {
        var played = await Played.OfAsync(
            "servers 2", "cut 1->2", "kill 2", "start 2", "at alice@1 write x 1", "at bob@2 read x");

        Assert.Equal("bob, at server 2, reads x missing", played.Last);
    }

    [Fact]
    public async Task Everything_that_is_disturbed_can_be_healed_at_once()
    {
        var played = await Played.OfAsync(
            "servers 3", "cut 1->2", "delay 1->3 1min", "at alice@1 write x 1", "heal all",
            "expect same everywhere");

        Assert.True(played.Verdict.Holds);
    }

    [Fact]
    public async Task Only_servers_that_are_told_to_relay_what_others_wrote()
    {
        string[] story =
            ["cut 1->3", "at alice@1 write x 1", "at carol@3 read x", "wait 50s", "at carol read x"];

        Assert.EndsWith("x missing", (await Played.OfAsync(["servers 3", .. story])).Last);
        Assert.EndsWith("x = 1 (1@1)", (await Played.OfAsync(["servers 3 relay 5s", .. story])).Last);
    }
}
