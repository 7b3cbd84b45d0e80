namespace CausalStore.Checking.Judging;

// Reports stale and impossible reads, each with every promise that it breaks.
internal sealed class Blame
{
    private const Promises Causal = Promises.CausalConsistency | Promises.CausalConvergence;

    private const Promises Possible = Causal | Promises.ReadYourWrites | Promises.MonotonicReads
        | Promises.MonotonicWrites | Promises.WritesFollowReads | Promises.AtomicVisibility
        | Promises.SnapshotReads;

    private readonly Graph _graph;
    private readonly CausalOrder _order;
    private readonly CausalStories _stories;
    private readonly Findings _findings;
    private readonly SeenBefore _seenBefore;
    private readonly OneState _state;
    private (int Node, Promises Wanted, Promises Broken) _within = (-1, Promises.None, Promises.None);

    private Blame(Graph graph, CausalOrder order, CausalStories stories, Findings findings, HashSet<int> keys)
    {
        _graph = graph;
        _order = order;
        _stories = stories;
        _findings = findings;
        _seenBefore = new SeenBefore(graph, order, keys);
        _state = new OneState(graph, order);
    }

    /// <param name="graph">The operations.</param>
    /// <param name="order">What is before what.</param>
    /// <param name="stale">The stale reads, by node.</param>
    /// <param name="impossible">The reads that nothing explains, by node.</param>
    /// <param name="stories">How to tell them.</param>
    /// <param name="findings">Whom to tell.</param>
    public static void Report(
        Graph graph,
        CausalOrder order,
        List<StaleReads.Stale> stale,
        List<(int Node, int Read)> impossible,
        CausalStories stories,
        Findings findings)
    {
        if (stale.Count + impossible.Count == 0)
        {
            return;
        }

        var unexplained = impossible.Select(one => new StaleReads.Stale(one.Node, one.Read, Hider: -1));
        List<StaleReads.Stale> all = [.. stale, .. unexplained];
        var keys = all.Select(one => graph.Reads.Key[one.Read]).ToHashSet();
        var blame = new Blame(graph, order, stories, findings, keys);

        foreach (var session in all.OrderBy(one => one.Node).GroupBy(one => graph.ChainOf[one.Node]))
        {
            blame.ReportSession(session.Key, [.. session]);
        }
    }

    private void ReportSession(int chain, List<StaleReads.Stale> reads)
    {
        var view = new SessionView(_graph, _order, _seenBefore, chain);
        var next = 0;

        for (var node = _graph.ChainStart[chain]; next < reads.Count; node++)
        {
            view.Advance(node);

            for (; next < reads.Count && reads[next].Node == node; next++)
            {
                ReportRead(view, reads[next]);
            }
        }
    }

    private void ReportRead(SessionView view, StaleReads.Stale stale)
    {
        var kind = (stale.Hider < 0, _graph.Values[_graph.Reads.Value[stale.Read]].Value) switch
        {
            (_, null) when stale.Hider < 0 || _graph.WriterOf[stale.Read] == Graph.Initial
                => ViolationKind.WriteCOInitRead,
            _ => ViolationKind.WriteCORead,
        };

        // A broken store has a million stale reads: ask only what is not known yet.
        var wanted = _findings.Wanted(kind) & Possible;

        if (wanted == Promises.None)
        {
            _findings.CountOnly();
            return;
        }

        var broken = Causal
            | (stale.Hider < 0 ? OfAllCandidates(view, stale, wanted) : OfOne(view, stale, wanted));

        _findings.Report(kind, broken, () => stale.Hider < 0
            ? _stories.Impossible(stale.Node, stale.Read)
            : _stories.Stale(stale));
    }

    private Promises OfOne(SessionView view, StaleReads.Stale stale, Promises wanted)
    {
        var (key, writer) = (_graph.Reads.Key[stale.Read], _graph.WriterOf[stale.Read]);
        return view.BrokenBy(stale.Node, key, writer, wanted) | BrokenWithin(stale.Node, wanted);
    }

    // A scan may hold hundreds of stale reads: what it says of itself is found once.
    private Promises BrokenWithin(int node, Promises wanted)
    {
        if (_within.Node != node || _within.Wanted != wanted)
        {
            _within = (node, wanted, _state.BrokenWithin(node, wanted));
        }

        return _within.Broken;
    }

    // A promise is surely broken only if it is, whichever write was meant.
    private Promises OfAllCandidates(SessionView view, StaleReads.Stale stale, Promises wanted)
    {
        var key = _graph.Reads.Key[stale.Read];
        var value = _graph.Reads.Value[stale.Read];
        var broken = _graph.Values[value].Value is null
            ? view.BrokenBy(stale.Node, key, Graph.Initial, wanted)
            : Possible;

        foreach (var run in _graph.WritersOfValue.Runs(value))
        {
            var seen = _order.Seen(stale.Node, run.Chain);
            var latest = _graph.WritersOfValue.LatestUpTo(run, _graph.NodeAt(run.Chain, seen));
            var inFuture = _graph.WritersOfValue.Nodes(run)[^1] != latest;
            broken &= inFuture ? Promises.None : view.BrokenBy(stale.Node, key, latest, wanted);
        }

        return broken & ~Promises.SnapshotReads;
    }
}
