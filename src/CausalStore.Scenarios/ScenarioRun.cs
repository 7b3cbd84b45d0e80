using CausalStore.Protocol;

namespace CausalStore.Scenarios;

/// <summary>Plays a scenario on a stage, step by step, and tells what comes of each.</summary>
public sealed class ScenarioRun
{
    /// <summary>Between two steps: as a person types.</summary>
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(1);

    /// <summary>What is expected may take a moment: the last way, from a server to its client.</summary>
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan AtMost = TimeSpan.FromMinutes(1);

    private readonly Scenario _scenario;
    private readonly IStage _stage;
    private readonly Func<Outcome, Task> _tell;
    private readonly Dictionary<string, StoryClient> _clients = [];
    private readonly StoryCluster _cluster;
    private readonly Judge _judge;
    private readonly List<Outcome> _failed = [];
    private Response.Error? _error;

    /// <param name="tell">Told of each step once it is done.</param>
    public ScenarioRun(Scenario scenario, IStage stage, Func<Outcome, Task> tell)
    {
        _scenario = scenario;
        _stage = stage;
        _tell = tell;
        _cluster = new StoryCluster(stage);
        _judge = new Judge(stage, _cluster, _clients);
    }

    /// <exception cref="StageException">It cannot go on.</exception>
    public async Task<Verdict> RunAsync(CancellationToken stop)
    {
        int expected = 0;

        for (int index = 0; index < _scenario.Steps.Count; index++)
        {
            var step = _scenario.Steps[index];
            var outcome = await DoAsync(step, stop);
            expected += step is Step.Expect or Step.WaitUntil ? 1 : 0;

            if (_error is not null && step is Step.At or Step.Move && !IsErrorExpected(index))
            {
                outcome = outcome with { Kind = OutcomeKind.Failed };
            }

            if (outcome.Kind == OutcomeKind.Failed)
            {
                _failed.Add(outcome);
            }

            await _tell(outcome);

            if (step is not (Step.Say or Step.Expect or Step.Wait))
            {
                await _cluster.SettleAsync(stop);
                await _stage.PassAsync(Pace, stop);
            }
        }

        return new Verdict(expected, _failed);
    }

    private bool IsErrorExpected(int index) =>
        _scenario.Steps.Skip(index + 1).FirstOrDefault(step => step is not Step.Say)
            is Step.Expect(Expectation.Error);

    private async Task<Outcome> DoAsync(Step step, CancellationToken stop)
    {
        switch (step)
        {
            case Step.Say(var text):
                return new Outcome(step, OutcomeKind.Said, text);
            case Step.Expect(Expectation.Error(var code)):
                return ErrorIs(step, code);
            case Step.Expect(var expectation):
                return await IsSoAsync(step, expectation, Moment, stop);
            case Step.WaitUntil(var expectation):
                return await IsSoAsync(step, expectation, AtMost, stop);
            default:
                return new Outcome(step, OutcomeKind.Happened, await HappensAsync(step, stop));
        }
    }

    private Outcome ErrorIs(Step step, ErrorCode code) => _error?.Code == code
        ? new Outcome(step, OutcomeKind.Held, $"that is the error {code.Name()}")
        : new Outcome(
            step, OutcomeKind.Failed,
            _error is null ? "there was no error" : $"that is the error {_error.Code.Name()}");

    private async Task<Outcome> IsSoAsync(
        Step step, Expectation expectation, TimeSpan limit, CancellationToken stop)
    {
        Look look = default;
        bool holds = await _stage.UntilAsync(
            async () =>
            {
                look = await _judge.LookAsync(expectation, stop);
                return look.Holds;
            },
            limit, stop);
        return new Outcome(step, holds ? OutcomeKind.Held : OutcomeKind.Failed, look.Found);
    }

    /// <summary>Does what a step says.</summary>
    /// <returns>What came of it, in a sentence.</returns>
    private async Task<string> HappensAsync(Step step, CancellationToken stop)
    {
        switch (step)
        {
            case Step.Servers servers:
                await _cluster.FoundAsync(servers, stop);
                return Sentences.Of(servers);
            case Step.At at:
                return await AskAsync(at, stop);
            case Step.Move(var client, var to, var withContext):
                return await MoveAsync(client, to, withContext, stop);
            case Step.Disturb(var arrows, var action, var delay):
                await DisturbAsync(arrows, action, delay, stop);
                return Sentences.Of(arrows, action, delay);
            case Step.HealAll:
                await DisturbAsync(_cluster.Disturbed, LinkAction.Heal, TimeSpan.Zero, stop);
                return "all that servers send to each other goes through again";
            case Step.Start(var server, var isNew):
                await _cluster.StartAsync(server, stop);
                return isNew
                    ? $"server {server} starts: a new one, which has nothing"
                    : $"server {server} starts again, with what it had written down";
            case Step.Stop(var server):
                await _cluster.EndAsync(server, isInOrder: true, stop);
                return $"server {server} stops, and hands over what others lack";
            case Step.Kill(var server):
                await _cluster.EndAsync(server, isInOrder: false, stop);
                return $"server {server} is killed";
            case Step.Wait(var time):
                await _stage.PassAsync(time, stop);
                return $"{Sentences.Of(time)} pass";
            default:
                throw new ArgumentException($"nobody knows how to do {step}", nameof(step));
        }
    }

    private async Task<string> AskAsync(Step.At at, CancellationToken stop)
    {
        if (!_clients.TryGetValue(at.Client, out var client))
        {
            client = new StoryClient(at.Client, _stage);
            _clients.Add(at.Client, client);
            await client.ConnectAsync(at.Server, stop);
        }

        var reply = await client.AskAsync(at.Request, stop);
        _error = reply[0] as Response.Error;

        if (reply[0] is Response.Ok({ } version))
        {
            _cluster.Wrote(at.Server, version, at.Request);
        }

        return Sentences.Of(at.Client, at.Server, at.Request, reply);
    }

    private async Task<string> MoveAsync(string client, int to, bool withContext, CancellationToken stop)
    {
        _error = await _clients[client].MoveAsync(to, withContext, stop);
        return _error is { } error
            ? Sentences.Refused(client, to, error)
            : Sentences.Moved(client, to, _clients[client].Seen, withContext);
    }

    private async Task DisturbAsync(
        IReadOnlyList<Arrow> arrows, LinkAction action, TimeSpan delay, CancellationToken stop)
    {
        foreach (var arrow in arrows)
        {
            await _cluster.DisturbAsync(arrow, action, delay, stop);
        }
    }
}
