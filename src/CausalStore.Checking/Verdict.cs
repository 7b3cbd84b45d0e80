namespace CausalStore.Checking;

/// <summary>What a history proves.</summary>
public abstract record Verdict
{
    private Verdict(HistoryFigures figures)
    {
        Figures = figures;
    }

    /// <summary>How much was judged: a run in which nobody read what another wrote proves nothing.</summary>
    public HistoryFigures Figures { get; }

    /// <summary>Nothing impossible was seen.</summary>
    public sealed record Holds(HistoryFigures Counted) : Verdict(Counted);

    /// <summary>Something impossible was seen; the smallest counter-examples stand first.</summary>
    /// <param name="Violations">At least one for every promise that was broken.</param>
    /// <param name="Found">How many there are, told or not.</param>
    /// <param name="Broken">All promises that were broken.</param>
    /// <param name="Counted">How much was judged.</param>
    public sealed record Violated(
        IReadOnlyList<Violation> Violations, long Found, Promises Broken, HistoryFigures Counted)
        : Verdict(Counted);

    /// <summary>
    /// Nothing impossible was found, but what was recorded does not suffice to say that it holds.
    /// </summary>
    /// <param name="Reason">What is missing and what to do, as a sentence.</param>
    /// <param name="Counted">How much was looked at.</param>
    public sealed record CannotBeJudged(string Reason, HistoryFigures Counted) : Verdict(Counted);
}

/// <summary>How much a history holds.</summary>
/// <param name="Operations">Requests and pushes that count.</param>
/// <param name="Sessions">Sessions that did anything.</param>
/// <param name="Reads">Values and absences that were judged.</param>
/// <param name="ReadsOfOthers">Reads that show what another session wrote.</param>
/// <param name="OpenReads">Reads of "missing" that several deletes could explain.</param>
/// <param name="FinalReads">Operations at rest: without them convergence is not judged.</param>
public sealed record HistoryFigures(
    int Operations, int Sessions, int Reads, int ReadsOfOthers, int OpenReads, int FinalReads);
