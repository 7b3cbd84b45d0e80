namespace CausalStore.Checking.Judging;

// What was found so far. Everything is counted; told are a few of each kind, and one for each broken promise.
internal sealed class Findings(int storiesPerKind)
{
    private readonly Dictionary<ViolationKind, int> _told = [];
    private readonly List<Violation> _violations = [];

    public Promises Broken { get; private set; }

    public long Count { get; private set; }

    /// <summary>The told ones, the smallest first.</summary>
    public IReadOnlyList<Violation> Violations => [.. _violations.OrderBy(v => v.Operations.Count)];

    /// <summary>Whether a finding that may break these promises would still be told.</summary>
    public bool Wants(ViolationKind kind, Promises promises)
        => (promises & ~Broken) != 0 || _told.GetValueOrDefault(kind) < storiesPerKind;

    public void Report(ViolationKind kind, Promises promises, Func<Story> tell)
    {
        Count++;

        if (!Wants(kind, promises))
        {
            return;
        }

        Broken |= promises;
        _told[kind] = _told.GetValueOrDefault(kind) + 1;
        _violations.Add(tell().Seal(kind, promises));
    }

    /// <summary>Counts one that is like those told before.</summary>
    public void CountOnly() => Count++;
}
