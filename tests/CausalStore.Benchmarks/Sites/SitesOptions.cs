using CausalStore.Protocol;

namespace CausalStore.Benchmarks.Sites;

/// <summary>One world: how many sites, and what their clients do.</summary>
internal sealed record SitesOptions
{
    public int Sites { get; init; } = 7;

    public Consistency Consistency { get; init; } = Consistency.Causal;

    /// <summary>Clients at each site.</summary>
    public int Sessions { get; init; } = 8;

    public int ReadPercent { get; init; } = 90;

    public int Keys { get; init; } = 1000;

    /// <summary>Between a client's requests, on average.</summary>
    public TimeSpan Think { get; init; } = TimeSpan.FromMilliseconds(20);

    public TimeSpan Duration { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>A batch takes up to so much longer than the link's latency.</summary>
    public int JitterPercent { get; init; } = 5;

    /// <summary>Of a thousand batches, so many are sent again, a round trip later; what was sent behind them
    /// waits for them, as with TCP.</summary>
    public int LossPerMille { get; init; } = 1;

    public int Seed { get; init; } = 1;
}
