namespace CausalStore.HouseRules.Tests;

/// <summary>A file, or a folder with its <c>/</c>, that may break a rule, and why.</summary>
internal sealed record Excuse(string Path, string Reason)
{
    /// <summary>What no excuse covers, and the excuses that nobody needs: both must be empty.</summary>
    /// <param name="findings">A path, then what is wrong there.</param>
    public static IEnumerable<string> Remaining(
        IReadOnlyCollection<(string Path, string Wrong)> findings, IReadOnlyCollection<Excuse> excuses) =>
        findings.Where(finding => !excuses.Any(excuse => excuse.Covers(finding.Path)))
            .Select(finding => $"{finding.Path}{finding.Wrong}")
            .Concat(excuses.Where(excuse => !findings.Any(finding => excuse.Covers(finding.Path)))
                .Select(excuse => $"{excuse.Path}: its excuse is no longer needed; take it away"));

    private bool Covers(string path) =>
        Path.EndsWith('/') ? path.StartsWith(Path, StringComparison.Ordinal) : path == Path;
}
