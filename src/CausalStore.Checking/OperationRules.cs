namespace CausalStore.Checking;

// What one operation may consist of. A history that breaks these rules says nothing that could be judged.
internal static class OperationRules
{
    /// <exception cref="ArgumentException">Says what is wrong and what to do.</exception>
    public static void Demand(HistoryStep[] steps, bool outcomeUnknown, bool atRest)
    {
        if (steps.Length == 0)
        {
            throw new ArgumentException("an operation without steps says nothing: leave it out");
        }

        var writes = steps.Count(IsWrite);
        var pushes = steps.Count(step => step is HistoryStep.Push);

        if (pushes > 0 && pushes < steps.Length)
        {
            throw new ArgumentException(
                "pushes (\"p\") come unasked: write them as an operation of their own");
        }

        if (outcomeUnknown && writes < steps.Length)
        {
            throw new ArgumentException(
                "only writes can have an unknown outcome: leave out a read without a reply");
        }

        if (atRest && (writes > 0 || pushes > 0))
        {
            throw new ArgumentException("only reads and scans can be final");
        }

        if (steps.Select(VersionOf).OfType<HistoryVersion>().Distinct().Count() > 1)
        {
            throw new ArgumentException(
                "an atomic write has one version: write separate writes as separate operations");
        }
    }

    public static bool IsWrite(HistoryStep step) => step is HistoryStep.Write or HistoryStep.Delete;

    public static HistoryVersion? VersionOf(HistoryStep step) => step switch
    {
        HistoryStep.Write write => write.Version,
        HistoryStep.Delete delete => delete.Version,
        _ => null,
    };
}
