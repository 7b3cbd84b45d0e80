using CausalStore.Scenarios.Virtual;
using CausalStore.Tracing;

namespace CausalStore.Scenarios.Tests.Kit;

/// <summary>A scenario that was played on virtual time.</summary>
internal sealed record Played(
    Verdict Verdict, IReadOnlyList<Outcome> Outcomes, IReadOnlyList<IReadOnlyList<TraceLine>> Traces)
{
    /// <summary>What was told of the last step.</summary>
    public string Last => Outcomes[^1].Text;

    public IEnumerable<TraceLine> Lines => Traces.SelectMany(trace => trace);

    public static Task<Played> OfAsync(params IEnumerable<string> steps) =>
        OfAsync(ScenarioParser.Parse(string.Join('\n', steps), "test", "test.scenario"));

    public static async Task<Played> OfAsync(Scenario scenario)
    {
        List<Outcome> outcomes = [];
        await using VirtualStage stage = new();
        ScenarioRun run = new(scenario, stage, outcome =>
        {
            outcomes.Add(outcome);
            return Task.CompletedTask;
        });
        var verdict = await run.RunAsync(CancellationToken.None);
        return new Played(verdict, outcomes, await stage.FinishAsync(CancellationToken.None));
    }
}
