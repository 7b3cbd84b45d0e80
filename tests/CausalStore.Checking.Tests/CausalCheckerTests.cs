using static CausalStore.Checking.Tests.Judged;

namespace CausalStore.Checking.Tests;

public sealed class CausalCheckerTests
{
    private const Promises Causal = Promises.CausalConsistency | Promises.CausalConvergence;

    private readonly History _history = new();

    private SessionHistory Alice => _history.Session("alice");

    private SessionHistory Bob => _history.Session("bob");

    private SessionHistory Carol => _history.Session("carol");

    [Fact]
    public void A_history_without_operations_cannot_be_judged()
    {
        Alice.MayHave(W("x", "1"));

        var verdict = Assert.IsType<Verdict.CannotBeJudged>(CausalChecker.Check(_history));

        Assert.StartsWith("nothing was recorded", verdict.Reason);
    }

    [Fact]
    public void The_reply_shown_before_the_post_it_answers_is_found()
    {
        Alice.Wrote("x", "lost").Wrote("y", "found");
        Bob.Read("y", "found").Wrote("z", "glad");
        Carol.Read("z", "glad").Read("y", null);

        var violation = AssertViolated(
            _history, ViolationKind.WriteCOInitRead, Causal | Promises.WritesFollowReads);

        Assert.Equal("carol#2 read y missing, although y = found was in its past.", violation.Sentence);
        Assert.Equal(["alice#2", "bob#1", "bob#2", "carol#1", "carol#2"], violation.Operations);
        Assert.Contains("\"alice#2\" -> \"bob#1\" [label=\"read by\"]", violation.ToDot());
        Assert.Contains("carol#1 read z = glad    (shows what bob#2 wrote)", violation.Explanation);
    }

    [Fact]
    public void The_reply_held_back_until_the_post_is_there_holds()
    {
        Alice.Wrote("x", "lost").Wrote("y", "found");
        Bob.Read("y", "found").Wrote("z", "glad");
        Carol.Read("x", "lost").Read("z", null).Read("y", "found").Read("z", "glad");

        AssertHolds(_history);
    }

    [Fact]
    public void A_read_of_the_initial_state_after_a_seen_write_is_found()
    {
        Alice.Wrote("x", "1");
        Bob.Read("x", "1").Read("x", null);

        AssertViolated(
            _history,
            ViolationKind.WriteCOInitRead,
            Causal | Promises.MonotonicReads);
    }

    [Fact]
    public void A_value_that_nobody_wrote_is_found()
    {
        Alice.Wrote("x", "1");
        Bob.Read("x", "2");

        AssertViolated(_history, ViolationKind.ThinAirRead, Causal);
    }

    [Fact]
    public void A_stale_read_at_the_end_of_a_long_chain_is_found()
    {
        Alice.Wrote("x", "1").Wrote("x", "2").Wrote("a", "1");
        Bob.Read("a", "1").Wrote("b", "1");
        Carol.Read("b", "1").Read("x", "1");

        var violation = AssertViolated(_history, ViolationKind.WriteCORead, Causal);

        Assert.Equal(
            ["alice#1", "alice#2", "alice#3", "bob#1", "bob#2", "carol#1", "carol#2"], violation.Operations);
    }

    [Fact]
    public void Two_effects_that_are_each_others_cause_are_found()
    {
        Alice.Read("y", "1").Wrote("x", "1");
        Bob.Read("x", "1").Wrote("y", "1");

        var violation = AssertViolated(_history, ViolationKind.CyclicCO, Causal);

        Assert.Equal(4, violation.Operations.Count);
    }

    [Fact]
    public void A_read_of_what_the_session_writes_later_is_found()
    {
        Alice.Read("x", "1").Wrote("x", "1");

        AssertViolated(_history, ViolationKind.CyclicCO, Causal);
    }

    [Fact]
    public void Two_sessions_that_see_two_writes_in_opposite_orders_are_found()
    {
        _history.Session("a").Wrote("x", "1");
        _history.Session("b").Wrote("x", "2");
        Alice.Read("x", "1").Read("x", "2");
        Bob.Read("x", "2").Read("x", "1");

        var violation = AssertViolated(_history, ViolationKind.CyclicCF, Promises.CausalConvergence);

        Assert.Equal(6, violation.Operations.Count);
    }

    [Fact]
    public void Winners_that_contradict_each_other_only_across_keys_are_found()
    {
        Alice.Wrote("x", "1").Read("y", "2").Read("x", "1");
        Bob.Wrote("y", "2");
        Carol.Wrote("x", "3").Read("x", "1").Read("x", "3");

        AssertViolated(_history, ViolationKind.CyclicCF, Promises.CausalConvergence);
    }

    [Fact]
    public void A_write_that_loses_against_a_concurrent_one_at_once_is_no_violation()
    {
        Alice.Wrote("x", "1").Read("x", "1");
        Bob.Wrote("x", "2").Read("x", "1");

        AssertHolds(_history);
    }

    [Fact]
    public void A_pushed_line_counts_as_read()
    {
        Alice.Wrote("x", "1").Wrote("y", "1");
        Bob.Pushed("y", "1").Read("x", null);

        AssertViolated(_history, ViolationKind.WriteCOInitRead, Causal | Promises.MonotonicWrites);
    }

    [Fact]
    public void Pushes_of_one_line_are_seen_one_after_the_other()
    {
        Alice.Wrote("x", "1").Wrote("x", "2");
        Bob.Together(new HistoryStep.Push("x", "1"), new HistoryStep.Push("x", "2"));

        AssertHolds(_history);
    }

    [Fact]
    public void A_key_that_a_scan_leaves_out_counts_as_missing()
    {
        Alice.Wrote("a1", "1").Wrote("a2", "2");
        Bob.Scanned("a", new Row("a2", "2"));

        AssertViolated(
            _history,
            ViolationKind.WriteCOInitRead,
            Causal | Promises.SnapshotReads | Promises.MonotonicWrites);
    }

    [Theory]
    [InlineData("a1", null)]
    [InlineData(null, "a0")]
    public void A_key_beyond_the_limits_of_a_scan_is_not_missed(string? after, string? through)
    {
        Alice.Wrote("a1", "1").Wrote("a2", "2").Wrote("a0", "0");
        var rows = after is null ? new Row("a0", "0") : new Row("a2", "2");
        Bob.Together(new HistoryStep.Scan("a", [rows], Some(after), Some(through)));

        AssertHolds(_history);
    }

    [Fact]
    public void A_write_of_unknown_outcome_may_never_happen()
    {
        Alice.MayHave(W("x", "1")).Read("x", null).Wrote("y", "1");
        Bob.Read("y", "1").Read("x", null);

        AssertHolds(_history);
    }

    [Fact]
    public void A_write_of_unknown_outcome_may_happen_later()
    {
        Alice.MayHave(W("x", "1")).Read("x", null);
        Bob.Read("x", "1");

        AssertHolds(_history);
    }

    [Fact]
    public void A_write_of_unknown_outcome_that_was_seen_has_its_causes()
    {
        Alice.Wrote("y", "1").MayHave(W("x", "1"));
        Bob.Read("x", "1").Read("y", null);

        AssertViolated(_history, ViolationKind.WriteCOInitRead, Causal | Promises.MonotonicWrites);
    }

    [Fact]
    public void A_value_written_twice_without_versions_cannot_be_judged()
    {
        Alice.Wrote("x", "1");
        Bob.Wrote("x", "1");
        Carol.Read("x", "1");

        var verdict = Assert.IsType<Verdict.CannotBeJudged>(CausalChecker.Check(_history));

        Assert.Contains("x = 1 was written by alice#1 and by bob#1", verdict.Reason);
    }

    [Fact]
    public void Versions_tell_apart_what_was_written_twice()
    {
        Alice.Wrote("x", "1", V("1@1")).Wrote("x", "2", V("2@1")).Wrote("x", "1", V("3@1"));
        Bob.Read("x", "1", V("3@1")).Read("x", "1", V("1@1"));

        AssertViolated(
            _history,
            ViolationKind.WriteCORead,
            Causal | Promises.MonotonicReads | Promises.MonotonicWrites);
        Assert.IsType<Verdict.CannotBeJudged>(
            CausalChecker.Check(_history, new CheckOptions { Versions = VersionUse.Ignore }));
    }

    [Fact]
    public void What_is_found_is_counted_and_only_the_first_few_are_told()
    {
        for (var i = 0; i < 100; i++)
        {
            Bob.Read("x", $"nobody wrote {i}");
        }

        var verdict = Assert.IsType<Verdict.Violated>(
            CausalChecker.Check(_history, new CheckOptions { StoriesPerKind = 2 }));

        Assert.Equal(100, verdict.Found);
        Assert.Equal(2, verdict.Violations.Count);
    }

    private static Bytes? Some(string? text) => text is null ? (Bytes?)null : text;
}
