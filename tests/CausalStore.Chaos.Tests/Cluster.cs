using System.Net;
using System.Net.Sockets;

namespace CausalStore.Chaos.Tests;

/// <summary>All sites, and whoever was forgotten.</summary>
internal sealed class Cluster : IAsyncDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("causalstore-chaos-").FullName;

    public Cluster(ChaosSettings settings, Random dice, Tally tally)
    {
        int[] ports = FreePorts(settings.Servers, dice);
        Sites = [.. ports.Select((port, index) => new Site(
            id: index + 1,
            port,
            Path.Combine(_root, $"site-{index + 1}"),
            [
                "--peers", .. ports.Where(other => other != port).Select(other => $"{other}"),

                // Every other one keeps no log for others: who lacks a write gets a copy of the state.
                .. index % 2 == 0 ? new[] { "--retain", "0" } : [],
                "--relay-after", "1", .. settings.ServerArguments,
            ],
            tally))];
    }

    public IReadOnlyList<Site> Sites { get; }

    /// <summary>Ids whose servers are lost, and with them what nobody else had of their writes.</summary>
    public HashSet<int> Forgotten { get; } = [];

    /// <summary>Whether the files stay where they are, for somebody to look at.</summary>
    public bool KeepsFiles { get; set; }

    public string In(string name) => Path.Combine(_root, name);

    public async Task StartAsync(CancellationToken stop)
    {
        foreach (var site in Sites)
        {
            site.Start();
        }

        await Task.WhenAll(Sites.Select(site => site.ServesAsync(stop)));
    }

    /// <exception cref="InvalidOperationException">A server has ended, and nobody told it to.</exception>
    public void DemandRunning()
    {
        foreach (var site in Sites.Where(site => !site.IsTaken))
        {
            site.DemandRunning();
        }
    }

    /// <summary>Whatever links hold back is let go.</summary>
    public async Task HealAsync(CancellationToken stop)
    {
        foreach (var site in Sites)
        {
            foreach (var other in Sites.Where(other => other != site))
            {
                await Moments.UntilAsync(
                    async () => await site.AskAsync($"link {other.Id} heal", stop) is { Error: null },
                    () => $"a link is healed: {site.Said}",
                    stop);
            }
        }
    }

    /// <summary>Waits until all are equal and nothing is under way.</summary>
    public async Task<IReadOnlyList<Status>> RestAsync(CancellationToken stop)
    {
        List<Status?> all = [];
        await Moments.UntilAsync(
            async () =>
            {
                DemandRunning();
                all.Clear();

                foreach (var site in Sites)
                {
                    all.Add(await site.StatusAsync(stop));
                }

                return all.All(status => status?.IsAtRest == true)
                    && all.Select(status => status!.Agreed).Distinct().Count() == 1;
            },
            () => "all servers become equal:\n"
                + string.Join("\n\n", Sites.Zip(all, (site, status) => $"{site.Said}\n{status}")),
            stop);
        return [.. all.OfType<Status>()];
    }

    /// <summary>The end, as people make it: all exit codes are 0.</summary>
    public Task StopAsync(CancellationToken stop) => OperatingSystem.IsWindows()
        ? Task.CompletedTask
        : Task.WhenAll(Sites.Select(site => site.StopAsync(stop)));

    public async ValueTask DisposeAsync()
    {
        foreach (var site in Sites)
        {
            await site.EndAsync();
        }

        if (!KeepsFiles)
        {
            Directory.Delete(_root, recursive: true);
        }
    }

    /// <summary>Below those that systems give away: nobody else takes one while its server is down.</summary>
    private static int[] FreePorts(int count, Random dice)
    {
        HashSet<int> ports = [];

        while (ports.Count < count)
        {
            int port = dice.Next(10_000, 30_000);
            using TcpListener listener = new(IPAddress.Loopback, port);

            try
            {
                listener.Start();
                ports.Add(port);
            }
            catch (SocketException)
            {
                // Somebody has it.
            }
        }

        return [.. ports];
    }
}
