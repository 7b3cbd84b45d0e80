using CausalStore.Server.Tests.Kit;

namespace CausalStore.Server.Tests;

/// <summary>What a server leaves that is gone for good, with real processes.</summary>
public sealed class ForgottenServerTests : IAsyncDisposable
{
    private static readonly string[] Kept = ["applied", "delayed"];
    private static readonly string[] Lost = ["nobody", "after"];

    private readonly ServerSites _sites = new();

    public ValueTask DisposeAsync() => _sites.DisposeAsync();

    [Fact]
    public async Task What_one_has_applied_or_delayed_reaches_all_and_what_nobody_has_is_lost_with_effects()
    {
        // Whoever names what is lost would wait for an hour if that were not known at once.
        await _sites.StartClusterAsync(
            4, "--allow-faults", "--relay-after", "0", "--context-wait", "3600");
        ServerSite[] left = [_sites[1], _sites[2], _sites[3]];
        LineClient[] watchers = await Task.WhenAll(left.Select(WatchAsync));
        string lost = await LeaveAsync(_sites[4], applies: _sites[1], delays: _sites[2]);
        await _sites[4].KillAsync();

        // Each says what it holds before it has got anything from the others.
        await DemandOkAsync(left, other => $"link {other.Id} cut");
        await DemandOkAsync(left, _ => "forget 4");
        await DemandOkAsync(left, other => $"link {other.Id} heal");

        await DemandSettledAsync(left, lost);
        await DemandNeverShownAsync(watchers);
        await Task.WhenAll(left.Select(site => site.KillAsync()));
        await Task.WhenAll(left.Select(site => site.StartAsync()));
        await DemandSettledAsync(left, lost);
    }

    /// <summary>Writes four things: the first comes to one member; the second, which needs it, and the
    /// fourth, which needs the third, come to another; the third comes to nobody.</summary>
    /// <returns>The context of one who has seen the third.</returns>
    private static async Task<string> LeaveAsync(ServerSite leaving, ServerSite applies, ServerSite delays)
    {
        using var client = await leaving.ConnectAsync();
        Assert.All(
            await client.AskAllAsync("link 2 cut", "link 3 cut"), answer => Assert.Equal("ok", answer));
        Assert.StartsWith("ok ", await client.AskAsync("write applied 1"));
        await applies.ShowsAsync("applied", "1");
        Assert.Equal("ok", await client.AskAsync("link 1 cut"));
        Assert.StartsWith("ok ", await client.AskAsync("write delayed 2"));
        Assert.StartsWith("ok ", await client.AskAsync("write nobody 3"));
        string context = (await client.AskAsync("context"))!["context ".Length..];
        Assert.StartsWith("ok ", await client.AskAsync("write after 4"));

        // Whoever has a write may send it: here, one that comes by and is gone again.
        string cluster = await leaving.StatusAsync("cluster");
        using var from = await VisitAsync(leaving, cluster);
        using var to = await VisitAsync(delays, cluster);
        await to.SendAsync(await ReadWriteAsync(from, "delayed") + "\n");
        await to.SendAsync(await ReadWriteAsync(from, "after") + "\n");
        await delays.SaysAsync("delayed", count => count == "2");
        return context;
    }

    private static async Task<LineClient> VisitAsync(ServerSite site, string cluster)
    {
        var visitor = await LineClient.ConnectAsync(site.Port);
        await visitor.SendAsync($"hello server 9 visitor {cluster} 0 waiting\nhave -\n");
        return visitor;
    }

    private static async Task<string> ReadWriteAsync(LineClient visitor, string key)
    {
        while (true)
        {
            string line = await visitor.ReadLineAsync() ?? throw new EndOfStreamException(key);

            if (line.Contains($" write {key} "))
            {
                return line;
            }
        }
    }

    /// <summary>Asks each about every other one.</summary>
    private static async Task DemandOkAsync(ServerSite[] sites, Func<ServerSite, string> request)
    {
        foreach (var site in sites)
        {
            using var client = await site.ConnectAsync();
            string[] requests = [.. sites.Where(other => other != site).Select(request)];
            Assert.All(await client.AskAllAsync(requests), answer => Assert.Equal("ok", answer));
        }
    }

    private static async Task<LineClient> WatchAsync(ServerSite site)
    {
        var watcher = await site.ConnectAsync();
        Assert.Equal("ok", await watcher.AskAsync("watch \"\""));
        return watcher;
    }

    private static async Task DemandSettledAsync(ServerSite[] sites, string lost)
    {
        foreach (var site in sites)
        {
            using var client = await site.ServesAsync();
            await client.ShowsAsync("applied", "1");
            await client.ShowsAsync("delayed", "2");
            await site.SaysAsync("lost", count => count == "1");
            Assert.Equal("0", await site.StatusAsync("delayed"));
            Assert.Equal(
                Lost.Select(key => $"missing {key}"), await client.AskAllAsync(
                    [.. Lost.Select(key => $"read {key}")]));
            Assert.StartsWith("error lost ", await client.AskAsync($"context {lost}"));
        }
    }

    /// <summary>What was pushed from the beginning to now.</summary>
    private static async Task DemandNeverShownAsync(LineClient[] watchers)
    {
        foreach (var watcher in watchers)
        {
            await watcher.SendAsync("ping\n");
            List<string> pushed = [];

            while (await watcher.ReadLineAsync() is { } line && line != "pong")
            {
                pushed.Add(line.Split(' ')[1]);
            }

            Assert.Equal(Kept, pushed);
            watcher.Dispose();
        }
    }
}
