namespace CausalStore.Checking.Tests;

public sealed class AgreementTests(ITestOutputHelper output)
{
    private static readonly bool Long = Environment.GetEnvironmentVariable("CAUSALSTORE_LONG") is not null;

    [Fact]
    public void The_checker_and_the_definitions_agree_on_every_promise()
    {
        const int Seed = 20_611;
        var runs = Long ? 400_000 : 20_000;
        var histories = new RandomHistories(Seed);
        var seen = new Dictionary<Promises, int>();
        var exact = 0;
        var holding = 0;

        for (var run = 0; run < runs; run++)
        {
            var history = histories.Next(withDeletes: false);
            var expected = BruteForce.Judge(history);
            var actual = BrokenBy(history);

            if (!expected.IsExact)
            {
                Assert.True(
                    (expected.Broken == BruteForce.AllJudged) == actual.HasFlag(Promises.CausalConsistency));
                continue;
            }

            exact++;
            holding += expected.Broken == Promises.None ? 1 : 0;
            AssertSame(expected.Broken, actual, history, run);

            foreach (var promise in Enum.GetValues<Promises>().Where(
                p => p != 0 && expected.Broken.HasFlag(p)))
            {
                seen[promise] = seen.GetValueOrDefault(promise) + 1;
            }
        }

        output.WriteLine(
            $"seed {Seed}: {runs} histories, {exact} compared promise by promise, {holding} hold");
        output.WriteLine(string.Join(", ", seen.Select(pair => $"{pair.Key} broken in {pair.Value}")));
        Assert.All(
            Enum.GetValues<Promises>().Where(
                promise => BruteForce.AllJudged.HasFlag(promise) && promise != 0),
            promise => Assert.True(
                seen.GetValueOrDefault(promise) >= 50, $"{promise} was hardly ever broken"));
    }

    [Fact]
    public void Reads_of_missing_that_several_deletes_explain_are_never_a_false_alarm()
    {
        const int Seed = 4_711;
        var runs = Long ? 40_000 : 1_500;
        var histories = new RandomHistories(Seed);
        var (wrong, found, compared) = (0, 0, 0);

        for (var run = 0; run < runs; run++)
        {
            var history = histories.Next(withDeletes: true);
            var expected = BruteForce.Judge(history).Broken;
            var actual = BrokenBy(history);
            var causal = Promises.CausalConsistency | Promises.CausalConvergence;
            var alarm = actual & causal & ~expected;

            Assert.True(alarm == Promises.None, $"run {run}: {alarm} is a false alarm\n{Print(history)}");
            compared++;
            wrong += (expected & causal) != 0 ? 1 : 0;
            found += (actual & causal) != 0 ? 1 : 0;
        }

        output.WriteLine($"seed {Seed}: {compared} histories, {wrong} wrong, {found} of them found");
        Assert.True(found >= wrong * 0.98, "hardly anything may be missed");
    }

    private static void AssertSame(Promises expected, Promises actual, History history, int run)
    {
        // Where no order exists without the reads at rest, the question of one with them has no answer.
        var unasked = expected.HasFlag(Promises.CausalConvergence) && !expected.HasFlag(Promises.Convergence)
            ? Promises.Convergence
            : Promises.None;

        Assert.True(
            (expected & ~unasked) == (actual & ~unasked),
            $"run {run}: by definition broken: {expected}; by the checker: {actual}\n{Print(history)}");
    }

    private static Promises BrokenBy(History history)
        => CausalChecker.Check(history) is Verdict.Violated violated ? violated.Broken : Promises.None;

    private static string Print(History history)
    {
        var text = new StringWriter();
        HistoryWriter.Write(history, text);
        return text.ToString();
    }
}
