namespace CausalStore.Scenarios;

/// <summary>Plays a scenario in thought: who is where, and who runs. So a mistake is found before anything is
/// started.</summary>
internal sealed class ScenarioChecker
{
    private readonly Dictionary<string, int> _clients = [];
    private readonly HashSet<int> _known = [];
    private readonly HashSet<int> _running = [];
    private Step? _last;

    public bool IsNew(int server) => !_known.Contains(server);

    /// <summary>Where a client is; it must have been somewhere.</summary>
    public int ServerOf(string client) => _clients.TryGetValue(client, out int server)
        ? server
        : throw new ScenarioException(
            $"where is {client}? A client says so where it first comes, as in: at {client}@1 ...");

    public Step Checked(Step step)
    {
        if (step is not Step.Servers && _known.Count == 0 && step is not Step.Say)
        {
            throw new ScenarioException("the first step says how many servers there are, as in: servers 3");
        }

        Check(step);
        _last = step is Step.Say ? _last : step;
        return step;
    }

    private void Check(Step step)
    {
        switch (step)
        {
            case Step.Servers(var count, _, _):
                Check(_known.Count == 0, "the servers are there already; 'start 4' lets another one join");
                _known.UnionWith(Enumerable.Range(1, count));
                _running.UnionWith(_known);
                break;
            case Step.At at:
                CheckAt(at);
                break;
            case Step.Move(var client, var to, _):
                ServerOf(client);
                CheckRuns(to);
                _clients[client] = to;
                break;
            case Step.Disturb(var arrows, _, _):
                CheckArrows(arrows);
                break;
            case Step.Start(var server, _):
                Check(_running.Add(server), $"server {server} runs already");
                _known.Add(server);
                break;
            case Step.Stop(var server):
                End(server);
                break;
            case Step.Kill(var server):
                End(server);
                break;
            case Step.Expect(var expectation):
                Check(expectation);
                break;
            case Step.WaitUntil(var expectation):
                Check(
                    expectation is not Expectation.Error,
                    "an error is there at once, or never: 'expect' it");
                Check(expectation);
                break;
        }
    }

    private void CheckAt(Step.At at)
    {
        CheckRuns(at.Server);

        if (!_clients.TryAdd(at.Client, at.Server) && _clients[at.Client] != at.Server)
        {
            throw new ScenarioException($"{at.Client} is at server {_clients[at.Client]}; "
                + $"'move {at.Client} to {at.Server}' takes {at.Client} there");
        }
    }

    private void CheckArrows(IEnumerable<Arrow> arrows)
    {
        foreach (var arrow in arrows)
        {
            CheckRuns(arrow.From);
            Check(arrow.From != arrow.To, $"{arrow} leads nowhere: a server sends nothing to itself");
        }
    }

    private void Check(Expectation expectation)
    {
        switch (expectation)
        {
            case Expectation.Read(var client, _):
                CheckRuns(ServerOf(client));
                break;
            case Expectation.Pushes(var client, _):
                ServerOf(client);
                break;
            case Expectation.Pending(var server, _):
                CheckRuns(server);
                break;
            case Expectation.Serving(var server, _):
                CheckRuns(server);
                break;
            case Expectation.Error:
                Check(
                    _last is Step.At or Step.Move,
                    "only what a client did in the step before is answered with an error");
                break;
        }
    }

    private void End(int server)
    {
        CheckRuns(server);
        _running.Remove(server);
    }

    private void CheckRuns(int server) => Check(
        _running.Contains(server),
        _known.Contains(server)
            ? $"server {server} does not run; 'start {server}' starts it again"
            : $"there is no server {server}; 'start {server}' lets it join");

    private static void Check(bool isFine, string wrong)
    {
        if (!isFine)
        {
            throw new ScenarioException(wrong);
        }
    }
}
