namespace CausalStore.Client.Timeline;

/// <summary>
/// What comes before what, as the store sees it: the order within a session, from a write to whoever saw it,
/// and all that follows from these two. What merely happened earlier at the same server is no cause.
/// </summary>
/// <param name="causes">For each node what comes directly before it; behind the events stand nodes that are
/// drawn nowhere and only gather causes.</param>
internal sealed class CausalOrder(IReadOnlyList<int[]> causes)
{
    public IReadOnlyList<int[]> Causes => causes;

    /// <summary>Everything that had to happen before an event.</summary>
    public HashSet<int> Past(int node) => Reach(node, from => causes[from]);

    /// <summary>Everything that could not have happened without it.</summary>
    public HashSet<int> Future(int node)
    {
        var effects = Enumerable.Range(0, causes.Count)
            .SelectMany(to => causes[to].Select(from => (from, to)))
            .ToLookup(edge => edge.from, edge => edge.to);
        return Reach(node, from => effects[from]);
    }

    private static HashSet<int> Reach(int node, Func<int, IEnumerable<int>> next)
    {
        HashSet<int> reached = [];
        Stack<int> open = new([node]);

        while (open.TryPop(out int current))
        {
            foreach (int other in next(current))
            {
                if (reached.Add(other))
                {
                    open.Push(other);
                }
            }
        }

        return reached;
    }
}
