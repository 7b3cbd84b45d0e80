using CausalStore.Checking.Judging;

namespace CausalStore.Checking;

/// <summary>
/// Judges from the outside whether a store was causally consistent (POPL 2017, arXiv 1611.00580).
/// </summary>
/// <remarks>
/// Linear in operations times sessions (as AWDIT, PLDI 2025, arXiv 2504.06975), but for the logarithm of a
/// search. The history must begin with an empty store and must hold every write.
/// </remarks>
public static class CausalChecker
{
    /// <returns>Never an exception for what a store did, however wrong.</returns>
    public static Verdict Check(History history, CheckOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(history);

        return new Judge(options ?? new CheckOptions()).Decide(history);
    }
}
