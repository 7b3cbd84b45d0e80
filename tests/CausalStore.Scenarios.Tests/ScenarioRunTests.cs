using CausalStore.Scenarios.Tests.Kit;
using CausalStore.Scenarios.Virtual;

namespace CausalStore.Scenarios.Tests;

public sealed class ScenarioRunTests
{
    [Fact]
    public async Task A_wrong_expectation_fails_and_the_story_goes_on()
    {
        var played = await Played.OfAsync(
            "servers 1", "at alice@1 write x lost", "expect read at alice: x = found",
            "expect read at alice: x = lost");

        Assert.False(played.Verdict.Holds);
        Assert.Equal(2, played.Verdict.Expected);
        var failed = Assert.Single(played.Verdict.Failed);
        Assert.Equal((3, "alice, at server 1, reads x = lost (1@1)"), (failed.Step.Line, failed.Text));
        Assert.Equal(OutcomeKind.Held, played.Outcomes[^1].Kind);
    }

    [Fact]
    public async Task An_error_that_nobody_expects_fails()
    {
        var played = await Played.OfAsync(
            "servers 2", "cut 1->2", "at alice@1 write x lost", "move alice to 2",
            "expect pending at 2: none");

        Assert.Equal(4, Assert.Single(played.Verdict.Failed).Step.Line);
    }

    [Theory]
    [InlineData("expect error not-yet", true)]
    [InlineData("expect error lost", false)]
    public async Task An_error_that_is_expected_is_as_expected(string expectation, bool holds)
    {
        var played = await Played.OfAsync(
            "servers 2", "cut 1->2", "at alice@1 write x lost", "move alice to 2", "say Oh!", expectation);

        Assert.Equal(holds, played.Verdict.Holds);
    }

    [Fact]
    public async Task An_error_that_does_not_come_is_missed()
    {
        var played = await Played.OfAsync("servers 1", "at alice@1 read x", "expect error unavailable");

        Assert.Equal("there was no error", Assert.Single(played.Verdict.Failed).Text);
    }

    [Fact]
    public async Task What_comes_later_can_be_waited_for()
    {
        var played = await Played.OfAsync(
            "servers 2", "at bob@2 read x", "delay 1->2 20s", "at alice@1 write x lost",
            "expect read at bob: x missing", "wait until read at bob: x = lost");

        Assert.True(played.Verdict.Holds);
    }

    [Fact]
    public async Task What_never_comes_is_waited_for_a_minute()
    {
        var played = await Played.OfAsync(
            "servers 2", "at bob@2 read x", "cut 1->2", "at alice@1 write x lost",
            "wait until read at bob: x = lost", "wait 2s");

        Assert.Equal("bob, at server 2, reads x missing", Assert.Single(played.Verdict.Failed).Text);
        Assert.InRange(played.Lines.Max(line => line.Time.TimeOfDay.TotalSeconds), 60, 80);
    }

    [Fact]
    public async Task A_server_that_stops_hands_over_what_is_on_its_way()
    {
        var played = await Played.OfAsync(
            "servers 2", "delay 1->2 3s", "at alice@1 write x lost", "stop 1", "at bob@2 read x", "start 1",
            "expect same everywhere");

        Assert.True(played.Verdict.Holds);
        Assert.Contains(played.Outcomes, one => one.Text == "bob, at server 2, reads x = lost (1@1)");
    }

    [Fact]
    public async Task It_ends_when_it_is_told_to()
    {
        using CancellationTokenSource stop = new();
        await using VirtualStage stage = new();
        var scenario = ScenarioParser.Parse("servers 1\nat alice@1 read x\nat alice read x", "test", "test");
        ScenarioRun run = new(scenario, stage, _ =>
        {
            stop.Cancel();
            return Task.CompletedTask;
        });

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run.RunAsync(stop.Token));
    }
}
