using static CausalStore.Checking.Tests.Judged;

namespace CausalStore.Checking.Tests;

public sealed class DeleteTests
{
    private const Promises Causal = Promises.CausalConsistency | Promises.CausalConvergence;

    private readonly History _history = new();

    private SessionHistory Alice => _history.Session("alice");

    private SessionHistory Bob => _history.Session("bob");

    private SessionHistory Carol => _history.Session("carol");

    [Fact]
    public void A_key_is_missing_after_its_delete()
    {
        Alice.Wrote("x", "1").Deleted("x").Read("x", null);
        Bob.Read("x", "1").Read("x", null);

        AssertHolds(_history);
    }

    [Fact]
    public void A_value_that_comes_back_after_its_delete_is_found()
    {
        Alice.Wrote("x", "1").Deleted("x").Read("x", "1");

        AssertViolated(_history, ViolationKind.WriteCORead, Causal | Promises.ReadYourWrites);
    }

    [Fact]
    public void The_only_delete_that_explains_a_missing_key_counts_as_seen()
    {
        Alice.Wrote("x", "1").Wrote("y", "1").Deleted("x");
        Bob.Read("x", "1").Read("x", null).Wrote("z", "1");
        Carol.Read("z", "1").Read("x", "1");

        AssertViolated(_history, ViolationKind.WriteCORead, Causal | Promises.WritesFollowReads);
    }

    [Fact]
    public void A_key_that_is_missing_although_it_was_written_again_is_found()
    {
        Alice.Wrote("x", "1").Deleted("x").Wrote("x", "2");
        Bob.Read("x", "2").Read("x", null);

        AssertViolated(
            _history,
            ViolationKind.WriteCOInitRead,
            Causal | Promises.MonotonicReads);
    }

    [Fact]
    public void A_concurrent_delete_explains_what_is_missing()
    {
        Alice.Wrote("x", "1").Read("x", null);
        Bob.Deleted("x");

        AssertHolds(_history);
    }

    [Fact]
    public void A_delete_that_may_have_happened_explains_what_is_missing()
    {
        Alice.Wrote("x", "1").MayHave(D("x")).Read("x", null).Wrote("x", "2").AtRest(R("x", "2"));
        Bob.AtRest(R("x", "2"));

        AssertHolds(_history);
    }

    [Fact]
    public void A_delete_that_may_have_happened_explains_what_is_missing_at_rest()
    {
        Alice.Wrote("x", "1").MayHave(D("x"));
        Bob.AtRest(R("x", null));

        AssertHolds(_history);
    }

    [Fact]
    public void A_tombstone_says_by_its_version_which_delete_was_seen()
    {
        Alice.Wrote("x", "1", V("1@1")).Deleted("x", V("2@1")).Wrote("x", "2", V("3@1")).Deleted(
            "x", V("4@1"));
        Bob.Read("x", "2", V("3@1")).Read("x", null, V("2@1"));

        AssertViolated(
            _history,
            ViolationKind.WriteCORead,
            Causal | Promises.MonotonicReads);
    }

    [Fact]
    public void A_deleted_key_that_is_back_at_rest_is_found()
    {
        Alice.Wrote("x", "1").Deleted("x");
        Bob.AtRest(R("x", "1"));

        AssertViolated(_history, ViolationKind.LostWrite, Promises.Convergence);
    }
}
