using static CausalStore.Checking.Tests.Judged;

namespace CausalStore.Checking.Tests;

// The five histories of figure 2 of "On verifying causal consistency" (POPL 2017), with the paper's verdicts.
public sealed class PaperTests
{
    private readonly History _history = new();

    private SessionHistory A => _history.Session("a");

    private SessionHistory B => _history.Session("b");

    private SessionHistory C => _history.Session("c");

    [Fact]
    public void Figure_2a_is_causal_memory_but_does_not_converge()
    {
        A.Wrote("x", "1").Read("x", "2");
        B.Wrote("x", "2").Read("x", "1");

        AssertViolated(_history, ViolationKind.CyclicCF, Promises.CausalConvergence);
    }

    [Fact]
    public void Figure_2b_converges_although_it_is_not_causal_memory()
    {
        A.Wrote("z", "1").Wrote("x", "1").Wrote("y", "1");
        B.Wrote("x", "2").Read("z", null).Read("y", "1").Read("x", "2");

        AssertHolds(_history);
    }

    [Fact]
    public void Figure_2c_is_causally_consistent_but_does_not_converge()
    {
        A.Wrote("x", "1");
        B.Wrote("x", "2").Read("x", "1").Read("x", "2");

        AssertViolated(_history, ViolationKind.CyclicCF, Promises.CausalConvergence);
    }

    [Fact]
    public void Figure_2d_converges_although_it_is_not_sequential()
    {
        A.Wrote("x", "1").Read("y", null).Wrote("y", "1").Read("x", "1");
        B.Wrote("x", "2").Read("y", null).Wrote("y", "2").Read("x", "2");

        AssertHolds(_history);
    }

    [Fact]
    public void Figure_2e_is_not_causally_consistent()
    {
        A.Wrote("x", "1").Wrote("y", "1");
        B.Read("y", "1").Wrote("x", "2");
        C.Read("x", "2").Read("x", "1");

        AssertViolated(
            _history,
            ViolationKind.WriteCORead,
            Promises.CausalConsistency | Promises.CausalConvergence | Promises.MonotonicReads);
    }
}
