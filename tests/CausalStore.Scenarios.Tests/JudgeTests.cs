using CausalStore.Scenarios.Tests.Kit;

namespace CausalStore.Scenarios.Tests;

/// <summary>Each expectation, where it is so and where it is not.</summary>
public sealed class JudgeTests
{
    private static readonly string[] Story =
    [
        "servers 2", "at bob@2 watch \"\"", "at alice@1 write x lost write y found", "cut 1->2",
        "at alice@1 delete y",
    ];

    [Theory]
    [InlineData("read at alice: x = lost, y missing", true)]
    [InlineData("read at alice: y missing, x = lost", true)]
    [InlineData("read at alice: x = lost, y = found", false)]
    [InlineData("read at alice: x missing", false)]
    [InlineData("read at alice: x = los", false)]
    [InlineData("pushes at bob: x = lost, y = found", true)]
    [InlineData("pushes at bob: y = found, x = lost", false)]
    [InlineData("pushes at bob: x = lost", false)]
    [InlineData("pushes at bob: x = lost, y = found, y removed", false)]
    [InlineData("pushes at bob: none", false)]
    [InlineData("pending at 2: none", true)]
    [InlineData("pending at 2: y", false)]
    [InlineData("same everywhere", false)]
    [InlineData("serving at 2", true)]
    [InlineData("waiting at 2", false)]
    public async Task It_sees_what_is_so(string expectation, bool holds)
    {
        var played = await Played.OfAsync([.. Story, $"expect {expectation}"]);

        Assert.Equal(holds, played.Verdict.Holds);
    }

    [Fact]
    public async Task What_waits_is_told_with_what_it_needs()
    {
        var played = await Played.OfAsync(
            "servers 3", "cut 1->3", "at alice@1 write x 1 write y 2", "at bob@2 read x", "at bob delete x",
            "expect pending at 3: x");

        Assert.True(played.Verdict.Holds);
        Assert.Equal(
            "server 3 holds back the delete of x (2@2), which needs x = 1, y = 2 (1@1)", played.Last);
    }

    [Fact]
    public async Task Servers_that_differ_are_told_apart()
    {
        var played = await Played.OfAsync([.. Story, "expect same everywhere"]);

        Assert.Equal(
            "server 1 has x = lost (1@1); server 2 has x = lost (1@1), y = found (1@1)", played.Last);
    }

    [Fact]
    public async Task Servers_are_not_the_same_while_something_waits()
    {
        var played = await Played.OfAsync(
            "servers 3", "at alice@1 write x 1", "cut 1->3", "at alice delete y", "at bob@2 read y",
            "at bob write x 1", "cut 2->1", "expect same everywhere");

        Assert.False(played.Verdict.Holds);
        Assert.EndsWith("; and something waits", played.Last);
    }

    [Fact]
    public async Task Pushes_are_asked_for_since_the_last_time()
    {
        var played = await Played.OfAsync(
            [.. Story, "expect pushes at bob: x = lost, y = found", "expect pushes at bob: none", "heal all",
                "expect pushes at bob: y removed"]);

        Assert.True(played.Verdict.Holds);
    }
}
