namespace CausalStore.Checking.Judging;

// What was found so far. Everything is counted; a number of each kind is written down, and of these the
// smallest are told, with at least one for each broken promise.
internal sealed class Findings(int storiesPerKind)
{
    // A small counter-example is worth looking at a few more for.
    private const int TriesPerStory = 16;

    private readonly Dictionary<ViolationKind, int> _written = [];
    private readonly List<Violation> _violations = [];

    public Promises Broken { get; private set; }

    public long Count { get; private set; }

    /// <summary>The told ones, the smallest first.</summary>
    public IReadOnlyList<Violation> Told()
    {
        // Of two that are equally small a circle of winners is the harder one to understand.
        var smallestFirst = _violations.OrderBy(violation => violation.Operations.Count)
            .ThenBy(violation => violation.Kind == ViolationKind.CyclicCF).ToList();
        var told = smallestFirst.GroupBy(v => v.Kind).SelectMany(kind => kind.Take(storiesPerKind))
            .ToHashSet();

        foreach (var promise in Enum.GetValues<Promises>().Where(one => one != Promises.None))
        {
            if (!told.Any(violation => violation.Broken.HasFlag(promise))
                && smallestFirst.Find(violation => violation.Broken.HasFlag(promise)) is { } example)
            {
                told.Add(example);
            }
        }

        return smallestFirst.FindAll(told.Contains);
    }

    /// <summary>Whether a finding that may break these promises would still be written down.</summary>
    public bool Wants(ViolationKind kind, Promises promises)
        => (promises & ~Broken) != 0 || _written.GetValueOrDefault(kind) < storiesPerKind * TriesPerStory;

    /// <summary>
    /// The promises worth asking about: all, or once enough is written down, the unbroken ones.
    /// </summary>
    public Promises Wanted(ViolationKind kind) => Wants(kind, Promises.None) ? ~Promises.None : ~Broken;

    public void Report(ViolationKind kind, Promises promises, Func<Story> tell)
    {
        Count++;

        if (!Wants(kind, promises))
        {
            return;
        }

        Broken |= promises;
        _written[kind] = _written.GetValueOrDefault(kind) + 1;
        _violations.Add(tell().Seal(kind, promises));
    }

    /// <summary>Counts one that is like those written down before.</summary>
    public void CountOnly() => Count++;
}
