namespace CausalStore.Chaos.Tests;

/// <summary>What a run is to be.</summary>
/// <param name="Seed">Of which fault comes when and hits whom, and of what sessions do. How the processes
/// take it is theirs: the same seed gives the same weather, not the same run.</param>
internal sealed record ChaosSettings(int Seed)
{
    public int Servers { get; init; } = 4;

    public int Sessions { get; init; } = 12;

    /// <summary>Few, so that sessions meet.</summary>
    public int Keys { get; init; } = 8;

    /// <summary>Rounds are played until so much time has gone by.</summary>
    public TimeSpan Length { get; init; } = TimeSpan.Zero;

    /// <summary>The faults of a round, shuffled by the seed, so that the rare ones come as well.</summary>
    public required IReadOnlyDictionary<Happening, int> Faults { get; init; }

    /// <summary>Between two faults, on average.</summary>
    public TimeSpan Pace { get; init; } = TimeSpan.FromSeconds(0.7);

    /// <summary>A run in which less happened proves nothing.</summary>
    public int KillsMin { get; init; } = 20;

    public int OperationsMin { get; init; } = 2_000;

    public int ReadsOfOthersMin { get; init; } = 1_000;

    public IReadOnlyList<string> ServerArguments { get; init; } = [];

    /// <summary>Whether histories and data are kept where something is wrong.</summary>
    public bool KeepsFiles { get; init; } = true;
}
