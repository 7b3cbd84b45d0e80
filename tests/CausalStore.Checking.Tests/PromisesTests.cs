using static CausalStore.Checking.Tests.Judged;

namespace CausalStore.Checking.Tests;

public sealed class PromisesTests
{
    private const Promises Causal = Promises.CausalConsistency | Promises.CausalConvergence;

    private static readonly CheckOptions JudgeVersions = new() { Versions = VersionUse.Judge };

    private readonly History _history = new();

    private SessionHistory Alice => _history.Session("alice");

    private SessionHistory Bob => _history.Session("bob");

    private SessionHistory Carol => _history.Session("carol");

    [Fact]
    public void A_session_that_does_not_see_its_own_write_is_found()
    {
        Alice.Wrote("x", "1").Wrote("x", "2").Read("x", "1");

        AssertViolated(_history, ViolationKind.WriteCORead, Causal | Promises.ReadYourWrites);
    }

    [Fact]
    public void A_transaction_that_reads_around_its_own_write_is_found()
    {
        Alice.Wrote("x", "1").Together(W("x", "2"), R("x", "1"));

        AssertViolated(_history, ViolationKind.ReadsAroundOwnWrite, Causal | Promises.ReadYourWrites);
    }

    [Fact]
    public void A_session_that_goes_back_in_time_is_found()
    {
        Alice.Wrote("x", "1");
        Bob.Read("x", "1").Wrote("x", "2");
        Carol.Read("x", "2").Read("x", "1");

        AssertViolated(_history, ViolationKind.WriteCORead, Causal | Promises.MonotonicReads);
    }

    [Fact]
    public void The_second_write_of_a_session_seen_without_the_first_is_found()
    {
        Alice.Wrote("x", "1").Wrote("y", "1");
        Bob.Read("y", "1").Read("x", null);

        AssertViolated(_history, ViolationKind.WriteCOInitRead, Causal | Promises.MonotonicWrites);
    }

    [Fact]
    public void A_write_seen_without_what_its_session_had_read_is_found()
    {
        Alice.Wrote("x", "1");
        Bob.Read("x", "1").Wrote("y", "1");
        Carol.Read("y", "1").Read("x", null);

        AssertViolated(_history, ViolationKind.WriteCOInitRead, Causal | Promises.WritesFollowReads);
    }

    [Fact]
    public void Half_of_an_atomic_write_is_found()
    {
        Alice.Together(W("x", "1"), W("y", "1"));
        Bob.Read("x", "1").Read("y", null);

        AssertViolated(_history, ViolationKind.WriteCOInitRead, Causal | Promises.AtomicVisibility);
    }

    [Fact]
    public void Two_concurrent_atomic_writes_mixed_in_one_read_are_found()
    {
        Alice.Together(W("x", "1"), W("y", "1"));
        Bob.Together(W("x", "2"), W("y", "2"));
        Carol.Together(R("x", "1"), R("y", "2"));

        var violation = AssertViolated(
            _history,
            ViolationKind.FracturedRead,
            Causal | Promises.AtomicVisibility | Promises.SnapshotReads);

        Assert.Equal(["alice#1", "carol#1", "bob#1"], violation.Operations);
    }

    [Fact]
    public void An_atomic_write_of_which_another_write_has_replaced_a_part_is_no_violation()
    {
        Alice.Together(W("x", "1"), W("y", "1"));
        Bob.Wrote("y", "2");
        Carol.Together(R("x", "1"), R("y", "2"));

        AssertHolds(_history);
    }

    [Fact]
    public void A_value_that_its_own_atomic_write_replaced_is_found()
    {
        Alice.Together(W("x", "1"), W("x", "2"));
        Bob.Read("x", "1");

        AssertViolated(_history, ViolationKind.HalfOfAWrite, Causal | Promises.AtomicVisibility);
    }

    [Fact]
    public void One_read_that_shows_two_moments_is_found()
    {
        Alice.Wrote("x", "1").Wrote("x", "2").Wrote("y", "1");
        Bob.Together(R("x", "1"), R("y", "1"));

        AssertViolated(
            _history, ViolationKind.WriteCORead, Causal | Promises.SnapshotReads | Promises.MonotonicWrites);
    }

    [Fact]
    public void The_same_values_read_one_after_the_other_are_no_violation()
    {
        Alice.Wrote("x", "1").Wrote("x", "2").Wrote("y", "1");
        Bob.Read("x", "1").Read("y", "1");

        AssertHolds(_history);
    }

    [Fact]
    public void Replicas_that_differ_at_rest_are_found()
    {
        Alice.Wrote("x", "1").AtRest(R("x", "1"));
        Bob.Wrote("x", "2").AtRest(R("x", "2"));

        AssertViolated(_history, ViolationKind.FinalReadsDiffer, Promises.Convergence);
    }

    [Fact]
    public void A_write_that_is_gone_at_rest_is_found_unless_losses_are_allowed()
    {
        Alice.Wrote("x", "1");
        Bob.AtRest(R("x", null));

        AssertViolated(_history, ViolationKind.LostWrite, Promises.Convergence);
        AssertHolds(_history, new CheckOptions { NothingIsLost = false });
    }

    [Fact]
    public void A_replaced_value_that_is_back_at_rest_is_found()
    {
        Alice.Wrote("x", "1").Wrote("x", "2");
        Bob.AtRest(R("x", "1"));

        AssertViolated(_history, ViolationKind.LostWrite, Promises.Convergence);
    }

    [Fact]
    public void An_order_at_rest_that_contradicts_what_was_seen_is_found()
    {
        Alice.Wrote("x", "1").Read("x", "2");
        Bob.Wrote("x", "2");
        Carol.AtRest(R("x", "1"));

        AssertViolated(_history, ViolationKind.CyclicCF, Promises.Convergence);
    }

    [Fact]
    public void A_write_of_unknown_outcome_may_be_there_at_rest_or_not()
    {
        Alice.MayHave(W("x", "1")).MayHave(W("y", "1"));
        Bob.AtRest(R("x", "1"), R("y", null));

        AssertHolds(_history);
    }

    [Fact]
    public void A_version_used_twice_is_found_when_versions_are_judged()
    {
        Alice.Wrote("x", "1", V("1@1"));
        Bob.Wrote("y", "1", V("1@1"));

        AssertViolated(_history, ViolationKind.VersionUsedTwice, Promises.Versions, JudgeVersions);
        AssertHolds(_history);
    }

    [Fact]
    public void An_effect_with_a_smaller_version_than_its_cause_is_found()
    {
        Alice.Wrote("x", "1", V("5@1"));
        Bob.Read("x", "1", V("5@1")).Wrote("y", "1", V("4@2"));

        AssertViolated(_history, ViolationKind.VersionNotGreater, Promises.Versions, JudgeVersions);
    }

    [Fact]
    public void A_tie_that_the_smaller_server_wins_is_found()
    {
        Alice.Wrote("x", "1", V("5@1"));
        Bob.Wrote("x", "2", V("5@2"));
        Carol.AtRest(R("x", "1", "5@1"));

        AssertViolated(_history, ViolationKind.NotTheLastWriter, Promises.Versions, JudgeVersions);
        AssertHolds(_history);
    }

    [Fact]
    public void A_greater_version_may_be_lost_where_losses_are_allowed_but_not_to_who_knew_it()
    {
        CheckOptions mayLose = new() { Versions = VersionUse.Judge, NothingIsLost = false };
        Alice.Wrote("x", "1", V("5@1"));
        Bob.Wrote("x", "2", V("6@2"));
        Carol.AtRest(R("x", "1", "5@1"));
        AssertHolds(_history, mayLose);

        _history.Session("dave").Read("x", "2", V("6@2")).AtRest(R("x", "1", "5@1"));

        AssertViolated(_history, ViolationKind.NotTheLastWriter, Promises.Versions, mayLose);
    }

    [Fact]
    public void A_value_under_the_version_of_another_write_is_found()
    {
        Alice.Wrote("x", "1", V("5@1"));
        Bob.Read("x", "1", V("6@1"));

        AssertViolated(_history, ViolationKind.WrongVersion, Promises.Versions, JudgeVersions);
    }
}
