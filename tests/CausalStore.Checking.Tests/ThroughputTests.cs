namespace CausalStore.Checking.Tests;

// Measured is the processor's time, not the clock's: the machine may be busy with something else. No other
// test runs meanwhile.
[Collection(nameof(ThroughputTests))]
[CollectionDefinition(nameof(ThroughputTests), DisableParallelization = true)]
public sealed class ThroughputTests(ITestOutputHelper output)
{
    private static readonly int Operations =
        Environment.GetEnvironmentVariable("CAUSALSTORE_LONG") is null ? 100_000 : 1_000_000;

    private static TimeSpan Used => Environment.CpuUsage.TotalTime;

    [Theory]
    [InlineData(10, true, VersionUse.Judge)]
    [InlineData(10, false, VersionUse.Ignore)]
    [InlineData(1_000, true, VersionUse.WhereNeeded)]
    public void A_long_honest_history_of_twenty_sessions_is_judged_in_time(
        int keys, bool recordVersions, VersionUse use)
    {
        var store = new ToyStore(seed: 7, servers: 5, keys) { RecordVersions = recordVersions };
        var history = store.Run(Operations, sessions: 20);
        var start = Used;

        var verdict = CausalChecker.Check(history, new CheckOptions { Versions = use });

        output.WriteLine(
            $"{keys} keys, versions {use}: {(Used - start).TotalSeconds:F1} s for {verdict.Figures}");
        Assert.IsType<Verdict.Holds>(verdict);
        Assert.True(verdict.Figures.ReadsOfOthers > Operations / 10, "nobody read what another wrote");
        Assert.True(Used - start < TimeSpan.FromSeconds(30), "a million operations have 30 seconds");
    }

    [Theory]
    [InlineData(10)]
    [InlineData(1_000)]
    public void So_is_one_with_many_writes_whose_reply_never_came(int keys)
    {
        var store = new ToyStore(seed: 9, servers: 5, keys) { OneIsUnknownOf = 200 };
        var history = store.Run(Operations, sessions: 20);
        var unknown = history.Sessions.Sum(session => session.Operations.Count(one => one.OutcomeUnknown));
        var (start, memory) = (Used, GC.GetTotalAllocatedBytes());

        var verdict = CausalChecker.Check(history);

        output.WriteLine($"{keys} keys, {unknown} unknown outcomes: {(Used - start).TotalSeconds:F1} s, "
            + $"{(GC.GetTotalAllocatedBytes() - memory) >> 20} MiB allocated, for {verdict.Figures}");
        Assert.IsType<Verdict.Holds>(verdict);
        Assert.True(Used - start < TimeSpan.FromSeconds(30), "a million operations have 30 seconds");
    }

    [Fact]
    public void A_long_history_is_written_and_read_in_time()
    {
        var history = new ToyStore(seed: 7, servers: 5, keys: 10).Run(Operations, sessions: 20);
        var text = new StringWriter();
        var start = Used;

        HistoryWriter.Write(history, text);
        var written = Used - start;
        var again = HistoryReader.Read(text.ToString());

        var read = Used - start - written;
        output.WriteLine($"written in {written.TotalSeconds:F1} s, read in {read.TotalSeconds:F1} s");
        Assert.Equal(history.Sessions.Count, again.Sessions.Count);
        Assert.True(Used - start < TimeSpan.FromSeconds(30), "files must not be the slow part");
    }

    [Theory]
    [InlineData(10)]
    [InlineData(1_000)]
    public void A_long_history_of_a_store_that_waits_for_nothing_is_judged_in_time(int keys)
    {
        var history = new ToyStore(seed: 8, servers: 5, keys) { Waits = false }.Run(Operations, sessions: 20);
        var start = Used;

        var verdict = Assert.IsType<Verdict.Violated>(CausalChecker.Check(history));

        output.WriteLine($"{keys} keys: {(Used - start).TotalSeconds:F1} s for {verdict.Found} violations");
        output.WriteLine(string.Concat(verdict.Violations.Take(3)));
        Assert.True(verdict.Broken.HasFlag(Promises.CausalConsistency));
        Assert.True(Used - start < TimeSpan.FromSeconds(120), "bad news must not be slow");
    }
}
