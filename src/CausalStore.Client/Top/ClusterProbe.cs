using CausalStore.Protocol;

namespace CausalStore.Client.Top;

/// <summary>Asks all servers of a cluster, in rounds: those that were named, and those that they
/// know.</summary>
internal sealed class ClusterProbe : IAsyncDisposable
{
    private readonly TimeSpan _patience;
    private readonly TimeProvider _time;
    private readonly long _start;
    private readonly HashSet<ServerAddress> _named;
    private readonly Lags _lags = new();
    private List<ServerProbe> _probes;

    /// <param name="patience">How long a server may take to answer.</param>
    public ClusterProbe(IEnumerable<ServerAddress> named, TimeSpan patience, TimeProvider time)
    {
        _patience = patience;
        _time = time;
        _start = time.GetTimestamp();
        _named = [.. named];
        _probes = [.. _named.Select(NewProbe)];
    }

    public async Task<ClusterView> AskAsync(CancellationToken stop)
    {
        await Task.WhenAll(_probes.Select(probe => probe.AskAsync(stop)));

        while (await DiscoverAsync() is { Count: > 0 } found)
        {
            _probes.AddRange(found);
            await Task.WhenAll(found.Select(probe => probe.AskAsync(stop)));
        }

        List<ServerView> servers =
        [
            .. _probes.Select(probe => probe.View).OrderBy(server => server.Id is null)
                .ThenBy(server => server.Id).ThenBy(server => $"{server.Address}", StringComparer.Ordinal),
        ];
        ClusterView view = new(servers, []);
        return view with { Lags = _lags.Take([.. view.Reports], _time.GetElapsedTime(_start)) };
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var probe in _probes)
        {
            await probe.DisposeAsync();
        }
    }

    /// <summary>Servers that somebody knows and nobody asks yet. Those that are known twice, or no longer,
    /// are let go.</summary>
    private async Task<List<ServerProbe>> DiscoverAsync()
    {
        var known = _probes.Select(probe => probe.Report).OfType<ServerReport>()
            .SelectMany(report => report.Members)
            .Where(member => member.Address is not null)
            .GroupBy(member => member.Id)
            .ToDictionary(member => member.Key, member => member.First().Address!.Value);

        foreach (var (id, address) in known)
        {
            if (_probes.Find(probe => probe.Address == address) is { Id: null } named)
            {
                named.Id = id;
            }
        }

        await LetGoAsync(known);
        return
        [
            .. from member in known
               where !_probes.Exists(probe => probe.Id == member.Key || probe.Address == member.Value)
               select NewProbe(member.Value, member.Key),
        ];
    }

    private async Task LetGoAsync(Dictionary<ServerId, ServerAddress> known)
    {
        List<ServerProbe> kept = [];

        foreach (var probe in _probes)
        {
            bool isTwice = probe.Id is not null && kept.Exists(other => other.Id == probe.Id);
            bool isGone = probe.Report is null && !_named.Contains(probe.Address)
                && known.Count > 0 && !known.ContainsKey(probe.Id!.Value);

            if (isTwice || isGone)
            {
                await probe.DisposeAsync();
            }
            else
            {
                kept.Add(probe);
            }
        }

        _probes = kept;
    }

    private ServerProbe NewProbe(ServerAddress address) => new(address, _patience, _time);

    private ServerProbe NewProbe(ServerAddress address, ServerId id) =>
        new(address, _patience, _time) { Id = id };
}
