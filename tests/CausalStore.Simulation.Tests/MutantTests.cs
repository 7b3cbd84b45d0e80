namespace CausalStore.Simulation.Tests;

/// <summary>Who tests the tests: every mistake that somebody might make must be caught, within few
/// seeds.</summary>
public sealed class MutantTests(MutantTests.Original original, ITestOutputHelper output)
    : IClassFixture<MutantTests.Original>
{
    private const int SeedsMax = 50;

    public static TheoryData<string> Names => [.. Mutant.All.Select(mutant => mutant.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_planted_mistake_is_caught(string name)
    {
        var mutant = Mutant.All.Single(each => each.Name == name);
        var planted = MutantCompiler.Compile(mutant);

        for (ulong seed = 1; seed <= SeedsMax; seed++)
        {
            string? unmutated = original.Run(seed, mutant.Profile);
            Assert.True(
                unmutated is null,
                $"seed={seed} profile={mutant.Profile} fails without the mistake: {unmutated}");

            if (planted.Run(seed, mutant.Profile) is { } failure)
            {
                output.WriteLine($"caught by seed={seed} profile={mutant.Profile}: {failure}");
                return;
            }
        }

        Assert.Fail($"'{mutant}' was not caught by {SeedsMax} seeds of the profile {mutant.Profile}");
    }

    /// <summary>The copy without a mistake, which must pass the same seeds; each is run once.</summary>
    public sealed class Original
    {
        private readonly CompiledMutant _unmutated = MutantCompiler.Compile(mutant: null);
        private readonly Dictionary<(ulong Seed, Profile Profile), string?> _results = [];

        internal string? Run(ulong seed, Profile profile)
        {
            if (!_results.TryGetValue((seed, profile), out string? failure))
            {
                failure = _unmutated.Run(seed, profile);
                _results.Add((seed, profile), failure);
            }

            return failure;
        }
    }
}
