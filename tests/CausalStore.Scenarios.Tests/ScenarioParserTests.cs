using CausalStore.Protocol;

namespace CausalStore.Scenarios.Tests;

public sealed class ScenarioParserTests
{
    [Fact]
    public void Every_step_is_read()
    {
        var scenario = Parse("""
            title A story

            # nobody reads this
            servers 3 eventual relay 1.5s
            say Once upon a time
              at alice@1 write x "two words" delete y
            at alice read x
            move alice to 2
            move alice to 3 without context
            cut 1->3
            delay 1<->2 300ms
            heal 1->3
            heal all
            stop 2
            start 2
            kill 1
            start 4
            wait 2min
            wait until same everywhere
            expect read at alice: x = "two words", y missing
            """);

        Assert.Equal("A story", scenario.Title);
        Assert.Collection(
            scenario.Steps,
            step => Assert.Equal(
                new Step.Servers(3, Consistency.Eventual, TimeSpan.FromSeconds(1.5)), Bare(step)),
            step => Assert.Equal(new Step.Say("Once upon a time"), Bare(step)),
            step => Assert.Equal(
                [("x", "two words"), ("y", null)], Assert.IsType<Step.At>(step).Request.Changes),
            step => Assert.Equal(("alice", 1), (((Step.At)step).Client, ((Step.At)step).Server)),
            step => Assert.Equal(new Step.Move("alice", 2, WithContext: true), Bare(step)),
            step => Assert.Equal(new Step.Move("alice", 3, WithContext: false), Bare(step)),
            step => Assert.Equal(["1->3"], Arrows(step, LinkAction.Cut, 0)),
            step => Assert.Equal(["1->2", "2->1"], Arrows(step, LinkAction.Delay, 0.3)),
            step => Assert.Equal(["1->3"], Arrows(step, LinkAction.Heal, 0)),
            step => Assert.Equal(new Step.HealAll(), Bare(step)),
            step => Assert.Equal(new Step.Stop(2), Bare(step)),
            step => Assert.Equal(new Step.Start(2, IsNew: false), Bare(step)),
            step => Assert.Equal(new Step.Kill(1), Bare(step)),
            step => Assert.Equal(new Step.Start(4, IsNew: true), Bare(step)),
            step => Assert.Equal(new Step.Wait(TimeSpan.FromMinutes(2)), Bare(step)),
            step => Assert.Equal(new Step.WaitUntil(new Expectation.SameEverywhere()), Bare(step)),
            step => Assert.IsType<Expectation.Read>(Assert.IsType<Step.Expect>(step).Expectation));
        Assert.Equal(
            (19, "wait until same everywhere"), (scenario.Steps[^2].Line, scenario.Steps[^2].Source));
    }

    [Fact]
    public void Lines_of_say_in_a_row_are_one_paragraph()
    {
        var scenario = Parse("servers 1\nsay Once\nsay upon a time\n\nsay there was");

        Assert.Equal(
            ["Once upon a time", "there was"], scenario.Steps.OfType<Step.Say>().Select(say => say.Text));
    }

    [Fact]
    public void Without_a_title_it_is_called_by_its_name() => Assert.Equal("story", Parse("servers 1").Title);

    [Theory]
    [InlineData("dance", "'dance' is no step; a step begins with title, servers")]
    [InlineData("say", "the text is missing")]
    [InlineData("servers", "it is 'servers 3'")]
    [InlineData("servers 17",
        "it is 'servers 3', 'servers 3 eventual' or 'servers 3 relay 5s', with 1 to 16 servers")]
    [InlineData("servers 3 relay", "it is 'servers 3'")]
    [InlineData("servers 3 fast", "it is 'servers 3'")]
    [InlineData("at alice@one read x", "'one' is no server")]
    [InlineData("at 1@1 read x", "'1' is no client")]
    [InlineData("at alice@1", "what the client does is missing")]
    [InlineData("at alice@1 write x", "the value to write is missing")]
    [InlineData("at alice@1 write x \"lost", "a quote is opened and not closed")]
    [InlineData("at alice@1 forget 2", "a client reads, writes")]
    [InlineData("move alice 2", "it is 'move alice to 2'")]
    [InlineData("cut 1", "'1' is no arrow")]
    [InlineData("cut 1-2", "'1-2' is no arrow")]
    [InlineData("delay 1->2", "it is 'delay 1->3 10s'")]
    [InlineData("delay 1->2 soon", "'soon' is no time")]
    [InlineData("wait 25", "'25' is no time")]
    [InlineData("wait 2000min", "'2000min' is no time")]
    [InlineData("wait -1s", "'-1s' is no time")]
    [InlineData("kill", "'' is no server")]
    public void A_mistake_is_said_with_its_file_and_line_and_what_to_do(string line, string wrong)
    {
        string before = line.StartsWith("servers", StringComparison.Ordinal) ? "# first" : "servers 2";

        var error = Assert.Throws<ScenarioException>(() => Parse($"{before}\n\n{line}"));

        Assert.StartsWith($"story.scenario, line 3: {wrong}", error.Message);
        Assert.EndsWith($"\n    {line}", error.Message);
    }

    [Fact]
    public void A_text_without_a_step_is_no_scenario() =>
        Assert.Throws<ScenarioException>(() => Parse("title Nothing\n# happens\n"));

    private static Scenario Parse(string text) => ScenarioParser.Parse(text, "story", "story.scenario");

    private static Step Bare(Step step) => step with { Line = 0, Source = "" };

    private static IEnumerable<string> Arrows(Step step, LinkAction action, double seconds)
    {
        var disturb = Assert.IsType<Step.Disturb>(step);
        Assert.Equal((action, TimeSpan.FromSeconds(seconds)), (disturb.Action, disturb.Delay));
        return disturb.Arrows.Select(arrow => $"{arrow}");
    }
}
