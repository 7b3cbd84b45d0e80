using System.Diagnostics;

namespace CausalStore.Checking.Tests;

public sealed class ThroughputTests(ITestOutputHelper output)
{
    private static readonly int Operations =
        Environment.GetEnvironmentVariable("CAUSALSTORE_LONG") is null ? 100_000 : 1_000_000;

    [Theory]
    [InlineData(10, true, VersionUse.Judge)]
    [InlineData(10, false, VersionUse.Ignore)]
    [InlineData(1_000, true, VersionUse.WhereNeeded)]
    public void A_long_honest_history_of_twenty_sessions_is_judged_in_time(
        int keys, bool recordVersions, VersionUse use)
    {
        var store = new ToyStore(seed: 7, servers: 5, keys) { RecordVersions = recordVersions };
        var history = store.Run(Operations, sessions: 20);
        var watch = Stopwatch.StartNew();

        var verdict = CausalChecker.Check(history, new CheckOptions { Versions = use });

        output.WriteLine(
            $"{keys} keys, versions {use}: {watch.Elapsed.TotalSeconds:F1} s for {verdict.Figures}");
        Assert.IsType<Verdict.Holds>(verdict);
        Assert.True(verdict.Figures.ReadsOfOthers > Operations / 10, "nobody read what another wrote");
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(30), "a million operations have 30 seconds");
    }

    [Theory]
    [InlineData(10)]
    [InlineData(1_000)]
    public void A_long_history_of_a_store_that_waits_for_nothing_is_judged_in_time(int keys)
    {
        var history = new ToyStore(seed: 8, servers: 5, keys) { Waits = false }.Run(Operations, sessions: 20);
        var watch = Stopwatch.StartNew();

        var verdict = Assert.IsType<Verdict.Violated>(CausalChecker.Check(history));

        output.WriteLine($"{keys} keys: {watch.Elapsed.TotalSeconds:F1} s for {verdict.Found} violations");
        output.WriteLine(string.Concat(verdict.Violations.Take(3)));
        Assert.True(verdict.Broken.HasFlag(Promises.CausalConsistency));
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(60), "bad news must not be slow");
    }
}
