using CausalStore.Protocol;

namespace CausalStore.Client.Top;

/// <summary>One server as it was in one round.</summary>
/// <param name="Id">Null: it has never answered, and nobody knows who listens there.</param>
/// <param name="Report">Null: it is down.</param>
/// <param name="Rates">Null: it has been asked only once.</param>
/// <param name="Failure">Why it is down.</param>
/// <param name="DownFor">Since when that has been known.</param>
internal sealed record ServerView(
    ServerId? Id, ServerAddress Address, ServerReport? Report, Rates? Rates, string Failure,
    TimeSpan DownFor);

/// <summary>All servers as they were in one round.</summary>
internal sealed record ClusterView(IReadOnlyList<ServerView> Servers, IReadOnlyList<Lag> Lags)
{
    public IEnumerable<ServerReport> Reports =>
        Servers.Select(server => server.Report).OfType<ServerReport>();
}
