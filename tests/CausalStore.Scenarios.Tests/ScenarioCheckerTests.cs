namespace CausalStore.Scenarios.Tests;

/// <summary>Mistakes that are found before anything is started.</summary>
public sealed class ScenarioCheckerTests
{
    [Theory]
    [InlineData("at alice@1 read x", "the first step says how many servers there are")]
    [InlineData("servers 2|servers 3", "the servers are there already")]
    [InlineData("servers 2|at alice read x", "where is alice?")]
    [InlineData("servers 2|at alice@3 read x", "there is no server 3; 'start 3' lets it join")]
    [InlineData("servers 2|at alice@1 read x|at alice@2 read x", "alice is at server 1; 'move alice to 2'")]
    [InlineData("servers 2|move alice to 2", "where is alice?")]
    [InlineData("servers 2|at alice@1 read x|move alice to 3", "there is no server 3")]
    [InlineData("servers 2|at alice@1 read x|kill 1|at alice read x", "server 1 does not run; 'start 1'")]
    [InlineData("servers 2|cut 3->1", "there is no server 3")]
    [InlineData("servers 2|cut 1<->3", "there is no server 3")]
    [InlineData("servers 2|cut 1->1", "1->1 leads nowhere")]
    [InlineData("servers 2|start 2", "server 2 runs already")]
    [InlineData("servers 2|stop 2|kill 2", "server 2 does not run")]
    [InlineData("servers 2|expect read at alice: x missing", "where is alice?")]
    [InlineData("servers 2|expect pushes at alice: none", "where is alice?")]
    [InlineData("servers 2|expect pending at 3: none", "there is no server 3")]
    [InlineData("servers 2|expect waiting at 3", "there is no server 3")]
    [InlineData("servers 2|expect error not-yet", "only what a client did in the step before")]
    [InlineData("servers 2|at alice@1 read x|wait until error not-yet", "an error is there at once, or")]
    public void A_step_that_nobody_can_do_is_found(string steps, string wrong) => Assert.Contains(
        $": {wrong}",
        Assert.Throws<ScenarioException>(() => Parse(steps.Replace('|', '\n'))).Message);

    [Theory]
    [InlineData("say hello|servers 2")]
    [InlineData("servers 2|cut 1->3|start 3|cut 3->1")]
    [InlineData("servers 2|kill 2|start 2|at bob@2 read x")]
    [InlineData("servers 2|at alice@1 read x|move alice to 2|at alice@2 read x")]
    [InlineData("servers 2|at alice@1 read x|say well|expect error not-yet")]
    public void What_can_be_done_is_taken(string steps) => Parse(steps.Replace('|', '\n'));

    private static Scenario Parse(string text) => ScenarioParser.Parse(text, "test", "test.scenario");
}
