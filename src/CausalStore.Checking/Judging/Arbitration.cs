namespace CausalStore.Checking.Judging;

// CyclicCF (POPL 2017, table 2): causal order and "won over" must not run in a circle.
//
// A store in which the last writer wins has one order of all writes behind it. Each read says of the writes
// that it knew that the one shown comes after them; if these sayings contradict each other, no order exists.
internal sealed class Arbitration
{
    private readonly CausalOrder _order;
    private readonly Digraph _graph;
    private readonly Components _components;
    private readonly IReadOnlyList<StaleReads.Win>[] _wins;

    private Arbitration(CausalOrder order, Digraph graph, IReadOnlyList<StaleReads.Win>[] wins)
    {
        _order = order;
        _graph = graph;
        _wins = wins;
        _components = Components.Find(graph);
    }

    public static Arbitration Combine(
        Graph graph, CausalOrder order, params IReadOnlyList<StaleReads.Win>[] wins)
    {
        var edges = CausalOrder.DirectEdges(graph);

        foreach (var some in wins)
        {
            edges.AddRange(some.Select(win => (win.Loser, win.Winner)));
        }

        return new Arbitration(order, Digraph.FromEdges(graph.NodeCount, edges), wins);
    }

    /// <summary>Whether both take part in one contradiction.</summary>
    public bool AreInOneCircle(int one, int other)
        => _components.Of[one] > 0 && _components.Of[one] == _components.Of[other];

    /// <summary>A short circle from every knot of contradictions: who won over whom, in turn.</summary>
    public IEnumerable<List<StaleReads.Win>> Circles()
    {
        if (_components.Cyclic.Count == 0)
        {
            yield break;
        }

        var paths = new PathFinder(_graph, _order.IsBefore);
        var byKnot = _wins.SelectMany(some => some)
            .Where(win => AreInOneCircle(win.Loser, win.Winner))
            .ToLookup(win => _components.Of[win.Loser]);

        for (var knot = 1; knot <= _components.Cyclic.Count; knot++)
        {
            yield return Shortest(paths, [.. byKnot[knot]], _components.Cyclic[knot - 1].Length);
        }
    }

    private List<StaleReads.Win> Shortest(PathFinder paths, List<StaleReads.Win> wins, int size)
    {
        var known = new Dictionary<(int Loser, int Winner), StaleReads.Win>();

        foreach (var win in wins)
        {
            known.TryAdd((win.Loser, win.Winner), win);
        }

        foreach (var win in known.Values)
        {
            if (known.TryGetValue((win.Winner, win.Loser), out var opposite))
            {
                return [win, opposite];
            }
        }

        // Every circle is a proof; the shortest is looked for as long as that stays cheap.
        var searches = Math.Clamp(2_000_000 / size, 1, 32);

        return known.Values.Take(searches)
            .Select(win => CircleThrough(paths, win, known))
            .MinBy(circle => circle.Count)!;
    }

    private List<StaleReads.Win> CircleThrough(
        PathFinder paths, StaleReads.Win win, Dictionary<(int Loser, int Winner), StaleReads.Win> known)
    {
        var way = paths.Find(win.Winner, win.Loser, node => AreInOneCircle(node, win.Loser));
        List<StaleReads.Win> circle = [win];

        for (var i = 0; i + 1 < way.Count; i++)
        {
            if (!_order.IsBefore(way[i], way[i + 1]))
            {
                circle.Add(known[(way[i], way[i + 1])]);
            }
        }

        return circle;
    }
}
