using CausalStore.Client.Play;
using CausalStore.Client.Tests.Kit;
using CausalStore.Client.Timeline;
using CausalStore.Protocol;
using CausalStore.Scenarios;
using CausalStore.Scenarios.Virtual;
using CausalStore.Tracing;

namespace CausalStore.Client.Tests.Play;

/// <summary>Scenarios with real processes, quicker than a person types.</summary>
public sealed class RealStageTests
{
    private const double Speed = 10;

    /// <summary>Most of the time, everybody waits for servers to find each other.</summary>
    private static readonly ParallelOptions AtOnce =
        new() { MaxDegreeOfParallelism = 3, CancellationToken = Eventually.Stop };

    [Fact]
    public Task Every_scenario_is_the_same_story_on_virtual_time_and_with_real_processes() =>
        Parallel.ForEachAsync(ShippedScenarios.Names, AtOnce, async (name, _) =>
        {
            var scenario = ShippedScenarios.Get(name);
            await using var real = Stage(scenario);
            await using VirtualStage virtually = new();

            string story = await PlayAsync(scenario, virtually);

            Assert.Equal(story, await PlayAsync(scenario, real));
            Assert.Contains("\nAs expected: ", story);
            Assert.Equal(
                Happened(name, await virtually.FinishAsync(Eventually.Stop)),
                Happened(name, await real.FinishAsync(Eventually.Stop)));
        });

    [Fact]
    public async Task A_wrong_expectation_fails_with_real_processes_as_well()
    {
        var scenario = ScenarioParser.Parse(
            "servers 2\ncut 1->2\nat alice@1 write x 1\nat bob@2 read x\nexpect read at bob: x = 1",
            "wrong", "wrong.scenario");
        await using var real = Stage(scenario);
        await using VirtualStage virtually = new();

        string story = await PlayAsync(scenario, real);

        Assert.EndsWith("NOT AS EXPECTED: see line 5.\n", story);
        Assert.Equal(await PlayAsync(scenario, virtually), story);
    }

    [Fact]
    public async Task Nothing_is_left_when_it_ends_in_the_middle()
    {
        using CancellationTokenSource stop = new();
        var scenario = ScenarioParser.Parse(
            "servers 2\nat alice@1 write x 1\nwait 1min", "long", "long.scenario");
        int port;
        string folder;

        await using (var stage = Stage(scenario))
        {
            ScenarioRun run = new(scenario, stage, outcome =>
            {
                if (outcome.Step is Step.At)
                {
                    stop.Cancel();
                }

                return Task.CompletedTask;
            });
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run.RunAsync(stop.Token));
            folder = stage.Folder;
            port = stage.PortOf(1);
            Assert.NotEmpty(Directory.GetFiles(folder));
        }

        Assert.False(Directory.Exists(folder));
        StoreClientOptions options = new()
        {
            Servers = [new ServerAddress("127.0.0.1", port)],
            UnavailableWait = TimeSpan.Zero,
        };
        await Assert.ThrowsAsync<ConnectionLostException>(
            () => StoreClient.ConnectAsync(options, Eventually.Stop));
    }

    private static RealStage Stage(Scenario scenario) => new(
        new RealStageOptions(
            Binaries.Server, Speed,
            KeepsData: scenario.Steps.Any(step => step is Step.Start { IsNew: false })),
        TimeProvider.System);

    private static async Task<string> PlayAsync(Scenario scenario, IStage stage)
    {
        StringWriter output = new() { NewLine = "\n" };
        PlayText text = new(output);
        text.Begin(scenario);
        ScenarioRun run = new(scenario, stage, outcome =>
        {
            text.Tell(outcome);
            return Task.CompletedTask;
        });
        text.End(await run.RunAsync(Eventually.Stop));
        return $"{output}";
    }

    /// <summary>What a picture shows of a run, whatever the time: for each process, its writes, what it held
    /// back, and what it was shown.</summary>
    private static string Happened(string name, IReadOnlyList<IReadOnlyList<TraceLine>> traces)
    {
        var run = RunBuilder.Build(traces);
        var marks =
            from one in run.Events
            where one.Traced is TraceEvent.Wrote or TraceEvent.Accepted or TraceEvent.Delayed
                or TraceEvent.Applied or TraceEvent.WasPushed
            let lane = run.Lanes[one.Lane]
            select $"{lane.Name}: {EventText.Label(lane.IsServer, one.Traced)}";
        return $"{name}\n{string.Join('\n', marks.Order(StringComparer.Ordinal))}";
    }
}
