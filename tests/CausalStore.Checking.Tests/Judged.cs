namespace CausalStore.Checking.Tests;

// How the hand-made histories are written and asked about.
internal static class Judged
{
    public static HistoryStep W(string key, string value, string? version = null)
        => new HistoryStep.Write(key, value, V(version));

    public static HistoryStep D(string key, string? version = null)
        => new HistoryStep.Delete(key, V(version));

    public static HistoryStep R(string key, string? value, string? version = null)
        => new HistoryStep.Read(key, value is null ? (Bytes?)null : value, V(version));

    public static HistoryVersion? V(string? version)
        => version is null ? null : HistoryVersion.Parse(version);

    public static void AssertHolds(History history, CheckOptions? options = null)
    {
        var verdict = CausalChecker.Check(history, options);
        var told = verdict is Verdict.Violated violated
            ? string.Concat(violated.Violations)
            : verdict.ToString();

        Assert.True(verdict is Verdict.Holds, told);
    }

    public static Violation AssertViolated(
        History history, ViolationKind kind, Promises broken, CheckOptions? options = null)
    {
        var verdict = Assert.IsType<Verdict.Violated>(CausalChecker.Check(history, options));

        var violation = verdict.Violations.FirstOrDefault(found => found.Kind == kind);
        Assert.True(violation is not null, string.Concat(verdict.Violations));
        Assert.True(violation.Broken == broken, $"expected {broken}\n{violation}");
        Assert.StartsWith("digraph", violation.ToDot());
        return violation;
    }
}
