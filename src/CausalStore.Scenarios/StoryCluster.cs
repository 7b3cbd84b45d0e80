using System.Text;
using CausalStore.Protocol;

namespace CausalStore.Scenarios;

/// <summary>The servers of a scenario as far as the scenario itself knows: who runs, which links are
/// disturbed, what was written where.</summary>
internal sealed class StoryCluster(IStage stage)
{
    /// <summary>What needs no more than a moment unless something is broken.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly SortedSet<int> _running = [];
    private readonly HashSet<Arrow> _disturbed = [];
    private readonly Dictionary<int, WriteVersion> _lastWrites = [];
    private readonly Dictionary<WriteVersion, ClientRequest> _writes = [];
    private Step.Servers _plan = new(0, Consistency.Causal, TimeSpan.Zero);

    public IReadOnlyCollection<int> Running => _running;

    /// <summary>The links that are disturbed, in their order.</summary>
    public IReadOnlyList<Arrow> Disturbed => [.. _disturbed.OrderBy(arrow => (arrow.From, arrow.To))];

    public async Task FoundAsync(Step.Servers plan, CancellationToken stop)
    {
        _plan = plan;
        await StartAsync(1, [], stop);
        await ServesAsync(1, stop);
        var others = Enumerable.Range(2, plan.Count - 1).ToList();
        await Task.WhenAll(others.Select(server => StartAsync(server, [1], stop)));

        foreach (int server in others)
        {
            await ServesAsync(server, stop);
        }
    }

    /// <summary>Whether it serves is not waited for: it may have to wait for others.</summary>
    public Task StartAsync(int server, CancellationToken stop) => StartAsync(server, [.. _running], stop);

    public async Task EndAsync(int server, bool isInOrder, CancellationToken stop)
    {
        await (isInOrder ? stage.StopAsync(server, stop) : stage.KillAsync(server, stop));
        _running.Remove(server);
        _disturbed.RemoveWhere(arrow => arrow.From == server);
    }

    public async Task DisturbAsync(Arrow arrow, LinkAction action, TimeSpan delay, CancellationToken stop)
    {
        string what = action switch
        {
            LinkAction.Cut => "cut",
            LinkAction.Heal => "heal",
            _ => $"delay {stage.Scaled(delay).TotalMilliseconds:0}",
        };
        var reply = await stage.AskAsync(arrow.From, $"link {arrow.To} {what}", stop);

        if (reply[0] is Response.Error(_, var reason))
        {
            throw new StageException($"server {arrow.From} does not disturb its links: {reason}");
        }

        _ = action == LinkAction.Heal ? _disturbed.Remove(arrow) : _disturbed.Add(arrow);
    }

    public void Wrote(int server, WriteVersion version, ClientRequest write)
    {
        _lastWrites[server] = version;
        _writes[version] = write;
    }

    /// <summary>A context, with what its writes do where the scenario has written them.</summary>
    public string Told(Context context)
    {
        var entries = context.Exact.ToArray().Select(version => _writes.TryGetValue(version, out var write)
            ? $"{Sentences.Waiting(write)} ({version})"
            : $"{version}");
        return string.Join(", ", context.UpTo.ToArray().Select(version => $"..{version}").Concat(entries));
    }

    /// <summary>Waits until everybody has received what nothing keeps from coming, so that the next step does
    /// not race with it.</summary>
    public async Task SettleAsync(CancellationToken stop)
    {
        if (!await stage.UntilAsync(() => IsSettledAsync(stop), Patience, stop))
        {
            throw new StageException(
                $"after {Patience.TotalSeconds} s, not all has come where nothing keeps it from coming");
        }
    }

    public async Task<bool> ServesNowAsync(int server, CancellationToken stop) =>
        (await stage.AskAsync(server, "status", stop)).Contains(new Response.Text("state serving"));

    private async Task StartAsync(int server, IReadOnlyList<int> meetAt, CancellationToken stop)
    {
        await stage.StartAsync(new ServerPart(server, meetAt, _plan.Consistency, _plan.RelayAfter), stop);
        _running.Add(server);
    }

    private async Task ServesAsync(int server, CancellationToken stop)
    {
        if (!await stage.UntilAsync(() => ServesNowAsync(server, stop), Patience, stop))
        {
            throw new StageException($"after {Patience.TotalSeconds} s, server {server} does not serve");
        }
    }

    private async Task<bool> IsSettledAsync(CancellationToken stop)
    {
        foreach (int server in _running)
        {
            var missing = _lastWrites.Where(last => last.Key != server && _running.Contains(last.Key)
                && !_disturbed.Contains(new Arrow(last.Key, server))).Select(last => last.Value).ToList();

            if (missing.Count > 0 && !await HasReceivedAsync(server, missing, stop))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>An origin sends its writes in order, so who has its last one has all.</summary>
    private async Task<bool> HasReceivedAsync(
        int server, List<WriteVersion> versions, CancellationToken stop)
    {
        var status = Texts(await stage.AskAsync(server, "status", stop));

        if (!status.Contains("state serving"))
        {
            return true;
        }

        string applied = status.Single(line => line.StartsWith("applied ", StringComparison.Ordinal));
        var context = Context.Parse(Encoding.UTF8.GetBytes(applied["applied ".Length..]));
        var delayed = Texts(await stage.AskAsync(server, "pending", stop));

        return versions.TrueForAll(version => context.Exact.Contains(version)
            || context.UpTo.ToArray().Any(one => one.Origin == version.Origin && one >= version)
            || delayed.Exists(line => line.StartsWith($"delayed {version} ", StringComparison.Ordinal)));
    }

    private static List<string> Texts(IReadOnlyList<Response> lines) =>
        [.. lines.OfType<Response.Text>().Select(text => text.Line)];
}
