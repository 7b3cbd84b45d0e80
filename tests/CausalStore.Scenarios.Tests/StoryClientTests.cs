using CausalStore.Scenarios.Tests.Kit;

namespace CausalStore.Scenarios.Tests;

public sealed class StoryClientTests
{
    [Fact]
    public async Task What_was_read_goes_along_to_another_server()
    {
        var played = await Played.OfAsync(
            "servers 3", "cut 1->3", "at alice@1 write x lost", "at bob@1 read x", "move bob to 3",
            "expect error not-yet");

        Assert.True(played.Verdict.Holds);
    }

    [Fact]
    public async Task What_was_pushed_goes_along()
    {
        var played = await Played.OfAsync(
            "servers 3", "at bob@2 watch \"\"", "cut 1->3", "at alice@1 write x lost", "move bob to 3",
            "expect error not-yet");

        Assert.True(played.Verdict.Holds);
    }

    [Fact]
    public async Task Without_context_nothing_goes_along()
    {
        var played = await Played.OfAsync(
            "servers 3", "cut 1->3", "at alice@1 write x lost", "move alice to 3 without context",
            "expect read at alice: x missing", "at alice write z 1", "expect pending at 3: none");

        Assert.True(played.Verdict.Holds);
    }

    [Fact]
    public async Task Who_was_not_let_in_is_let_in_when_all_is_there()
    {
        var played = await Played.OfAsync(
            "servers 3", "cut 1->3", "at alice@1 write x lost", "move alice to 3", "expect error not-yet",
            "at alice read x", "expect error not-yet", "heal 1->3", "expect read at alice: x = lost");

        Assert.True(played.Verdict.Holds);
    }

    [Fact]
    public async Task What_was_watched_is_watched_at_the_next_server()
    {
        var played = await Played.OfAsync(
            "servers 2", "at bob@2 watch x", "at bob watch y", "at bob unwatch y", "move bob to 1",
            "at alice@1 write x 1", "at alice write y 2", "expect pushes at bob: x = 1");

        Assert.True(played.Verdict.Holds);
    }

    [Fact]
    public async Task A_write_is_all_that_its_writer_depends_on()
    {
        var played = await Played.OfAsync(
            "servers 2", "at alice@1 write x 1", "at alice write y 2", "move alice to 2");

        Assert.Equal("alice goes on at server 2, and has seen 2@1", played.Last);
    }

    [Fact]
    public async Task Who_has_seen_a_delete_depends_on_it()
    {
        var played = await Played.OfAsync(
            "servers 3", "at alice@1 write x 1", "cut 1->3", "at alice delete x", "at bob@1 read x",
            "move bob to 3", "expect error not-yet");

        Assert.True(played.Verdict.Holds);
    }
}
