using CausalStore.Checking;

namespace CausalStore.Client.Shell;

/// <summary>A verdict in sentences.</summary>
internal static class VerdictText
{
    /// <summary>Every promise that can be judged, as people call it.</summary>
    private static readonly (Promises Promise, string Name)[] Names =
    [
        (Promises.CausalConsistency, "causal consistency"),
        (Promises.CausalConvergence, "causal convergence"),
        (Promises.ReadYourWrites, "read your writes"),
        (Promises.MonotonicReads, "monotonic reads"),
        (Promises.MonotonicWrites, "monotonic writes"),
        (Promises.WritesFollowReads, "writes follow reads"),
        (Promises.AtomicVisibility, "atomic visibility"),
        (Promises.SnapshotReads, "snapshot reads"),
        (Promises.Convergence, "convergence"),
        (Promises.Versions, "versions"),
    ];

    public static void Write(Verdict verdict, CheckOptions options, TextWriter output)
    {
        var figures = verdict.Figures;
        string run = $"{Count(figures.Operations, "operation")} of {Count(figures.Sessions, "session")}";

        switch (verdict)
        {
            case Verdict.Holds:
                output.WriteLine($"Holds: nothing impossible was seen in {run}.");
                WriteFigures(figures, output);
                WriteUnjudged(figures, options, output);
                break;

            case Verdict.Violated violated:
                WriteViolated(violated, run, output);
                WriteUnjudged(figures, options, output);
                break;

            case Verdict.CannotBeJudged(var reason, _):
                output.WriteLine($"Cannot be judged: {reason}.");
                break;
        }
    }

    private static void WriteViolated(Verdict.Violated violated, string run, TextWriter output)
    {
        string things = violated.Found == 1
            ? "one impossible thing was"
            : $"{violated.Found:N0} impossible things were";
        output.WriteLine(
            $"Violated: {things} seen in {run}. (NAME#3 is the third operation of session NAME.)");

        for (int number = 1; number <= violated.Violations.Count; number++)
        {
            Write(number, violated.Violations[number - 1], output);
        }

        long untold = violated.Found - violated.Violations.Count;

        if (untold > 0)
        {
            output.WriteLine($"\n{untold:N0} more are counted and not told.");
        }

        output.WriteLine($"\nBroken: {Listed(violated.Broken)}.");
    }

    private static void Write(int number, Violation violation, TextWriter output)
    {
        output.WriteLine($"\n{number}. {violation.Sentence}\n");

        foreach (string line in violation.Explanation)
        {
            output.WriteLine($"     {line}");
        }

        output.WriteLine($"\n   This breaks {Listed(violation.Broken)} ({violation.Kind}).");
    }

    private static void WriteFigures(HistoryFigures figures, TextWriter output)
    {
        output.WriteLine(
            $"{Count(figures.Reads, "value")} read, {figures.ReadsOfOthers:N0} of them written by another "
            + "session.");

        if (figures.ReadsOfOthers == 0)
        {
            output.WriteLine("Nobody read what another session wrote: such a run proves little.");
        }

        if (figures.OpenReads > 0)
        {
            output.WriteLine(
                $"{figures.OpenReads:N0} reads of a missing key may show one of several deletes, and were "
                + "left open.");
        }
    }

    private static void WriteUnjudged(HistoryFigures figures, CheckOptions options, TextWriter output)
    {
        List<string> unjudged = [];

        if (figures.FinalReads == 0)
        {
            unjudged.Add("convergence (there are no final reads)");
        }

        if (options.Versions != VersionUse.Judge)
        {
            unjudged.Add("versions ('--trust-versions' does)");
        }

        if (unjudged.Count > 0)
        {
            output.WriteLine($"Not judged: {string.Join(", ", unjudged)}.");
        }
    }

    private static string Listed(Promises promises) =>
        string.Join(", ", Names.Where(one => promises.HasFlag(one.Promise)).Select(one => one.Name));

    private static string Count(int count, string thing) =>
        $"{count:N0} {thing}{(count == 1 ? "" : "s")}";
}
