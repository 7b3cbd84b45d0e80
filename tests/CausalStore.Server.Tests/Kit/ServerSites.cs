namespace CausalStore.Server.Tests.Kit;

/// <summary>Sites of one test, and a directory for what they keep.</summary>
internal sealed class ServerSites : IAsyncDisposable
{
    private readonly TemporaryDirectory _temporary = new();
    private readonly List<ServerSite> _sites = [];

    /// <summary>The site whose first server had that id.</summary>
    public ServerSite this[int firstId] => _sites.Single(site => site.FirstId == firstId);

    /// <summary>A path for whatever; not made yet.</summary>
    public string In(string name) => _temporary.In(name);

    /// <summary>A site for a server that names these as its peers; nothing is started.</summary>
    public ServerSite Add(int id, int[] peers, params IEnumerable<string> more) =>
        AddAt(FreePorts.One(), id, peers, more);

    /// <summary>The same, at a port where another one ran before.</summary>
    public ServerSite AddAt(int port, int id, int[] peers, params IEnumerable<string> more)
    {
        string[] named = peers.Length > 0 ? ["--peers", .. peers.Select(peer => $"{peer}")] : [];
        ServerSite site = new(id, port, In($"site-{id}"), [.. named, .. more]);
        _sites.Add(site);
        return site;
    }

    /// <summary>Starts servers 1, 2, ... that name each other, and waits until all serve and know
    /// all.</summary>
    public async Task StartClusterAsync(int count, params IEnumerable<string> more)
    {
        int[] ports = [.. Enumerable.Range(0, count).Select(_ => FreePorts.One())];
        ServerSite[] sites = [.. ports.Select((port, index) =>
            AddAt(port, index + 1, [.. ports.Where(other => other != port)], more))];
        await Task.WhenAll(sites.Select(site => site.StartAsync()));

        foreach (var site in sites)
        {
            (await site.ServesAsync()).Dispose();
            await site.SaysAsync("members", said => said == $"{count}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var site in _sites)
        {
            await site.DisposeAsync();
        }

        _temporary.Dispose();
    }
}
