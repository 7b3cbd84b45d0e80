namespace CausalStore.Checking.Judging;

// The order of the questions: who read from whom, what is before what, what contradicts that, who won over
// whom, and what is left when everything has arrived.
internal sealed class Judge(CheckOptions options)
{
    private const Promises Causal = Promises.CausalConsistency | Promises.CausalConvergence;

    private readonly Findings _findings = new(options.StoriesPerKind);
    private readonly List<(int Node, int Read)> _impossible = [];
    private readonly List<int> _settled = [];

    public Verdict Decide(History history)
    {
        var graph = GraphBuilder.Build(history, _findings);
        var teller = new Storyteller(graph);
        ReadsFrom.Resolve(graph, options.Versions, _findings, teller);
        var (order, causesFirst) = FindOrder(graph, teller);

        JudgeReads(graph, order, teller);

        if (options.Versions == VersionUse.Judge)
        {
            VersionRules.Judge(graph, order, causesFirst, _findings, teller, options.NothingIsLost);
        }

        return Verdict(graph);
    }

    // Each round may show that somebody had seen a certain delete, and so settle more reads. What is not
    // settled after a few rounds stays open. Where settling leads to a cycle, the cycle is reported and the
    // rest stays open: from a contradiction anything follows.
    private (CausalOrder Order, int[] CausesFirst) FindOrder(Graph graph, Storyteller teller)
    {
        const int RoundsMax = 8;

        var settles = true;

        for (var round = 1; ; round++)
        {
            var direct = Digraph.FromEdges(graph.NodeCount, CausalOrder.DirectEdges(graph));
            var components = Components.Find(direct);
            teller.Learn(direct, null);

            if (components.Cyclic.Count > 0)
            {
                BreakCycles(graph, components, teller);
                settles &= _settled.Count == 0;
                Unsettle(graph);
                continue;
            }

            var order = CausalOrder.Follow(graph, components.Order);
            teller.Learn(direct, order);

            settles &= round <= RoundsMax;

            if (!new Candidates(graph, order).Settle(settles ? _settled : null, _impossible))
            {
                return (order, components.Order);
            }
        }
    }

    private void Unsettle(Graph graph)
    {
        foreach (var read in _settled.Where(read => graph.WriterOf[read] != Graph.Dropped))
        {
            graph.WriterOf[read] = Graph.Open;
        }

        foreach (var (_, read) in _impossible)
        {
            graph.WriterOf[read] = Graph.Open;
        }

        _settled.Clear();
        _impossible.Clear();
    }

    private void BreakCycles(Graph graph, Components components, Storyteller teller)
    {
        foreach (var knot in components.Cyclic)
        {
            _findings.Report(
                ViolationKind.CyclicCO, Causal, () => new CausalStories(graph, null!, teller).OwnPast(knot));
        }

        for (var node = 0; node < graph.NodeCount; node++)
        {
            for (var read = graph.Reads.Start(node); read < graph.Reads.End(node); read++)
            {
                var writer = graph.WriterOf[read];

                if (writer >= 0 && components.Of[node] > 0 && components.Of[node] == components.Of[writer])
                {
                    graph.WriterOf[read] = Graph.Dropped;
                }
            }
        }
    }

    private void JudgeReads(Graph graph, CausalOrder order, Storyteller teller)
    {
        var stories = new CausalStories(graph, order, teller);
        var stale = StaleReads.Find(graph, order);
        Blame.Report(graph, order, stale.Found, _impossible, stories, _findings);

        var arbitration = Arbitration.Combine(graph, order, stale.Wins);
        var circles = ReportCircles(arbitration, Promises.CausalConvergence, stories);
        JudgeStates(graph, order, stale, arbitration, stories);

        var finals = FinalReads.Judge(graph, order, _findings, teller, options.NothingIsLost);

        if (circles == 0 && finals.Wins.Count > 0)
        {
            var atRest = Arbitration.Combine(graph, order, stale.Wins, finals.Wins);
            ReportCircles(atRest, Promises.Convergence, stories);
        }
    }

    private int ReportCircles(Arbitration arbitration, Promises broken, CausalStories stories)
    {
        var circles = 0;

        foreach (var circle in arbitration.Circles())
        {
            _findings.Report(ViolationKind.CyclicCF, broken, () => stories.Circle(circle));
            circles++;
        }

        return circles;
    }

    // An operation that read several keys may contradict itself; then two of the writes it shows are in one
    // circle, so that only few operations have to be looked at.
    private void JudgeStates(
        Graph graph, CausalOrder order, StaleReads stale, Arbitration arbitration, CausalStories stories)
    {
        var state = new OneState(graph, order);
        var staleNodes = stale.Found.Select(one => one.Node).ToHashSet();
        var circles = stale.Undone.Count == 0
            ? arbitration
            : Arbitration.Combine(graph, order, stale.Wins, stale.Undone);

        for (var node = 0; node < graph.NodeCount; node++)
        {
            if (!staleNodes.Contains(node)
                && ShowsTwoOfOneCircle(graph, node, circles)
                && !state.IsExplainedByItsPast(node))
            {
                var broken = Causal | state.BrokenWithin(
                    node, _findings.Wanted(ViolationKind.FracturedRead));
                _findings.Report(ViolationKind.FracturedRead, broken, () => stories.Fractured(node));
            }
        }
    }

    private static bool ShowsTwoOfOneCircle(Graph graph, int node, Arbitration circles)
    {
        var first = -1;

        for (var read = graph.Reads.Start(node); read < graph.Reads.End(node); read++)
        {
            var writer = graph.WriterOf[read];

            if (writer < 0 || !circles.AreInOneCircle(writer, writer))
            {
                continue;
            }

            if (first >= 0 && first != writer)
            {
                return true;
            }

            first = writer;
        }

        return false;
    }

    private Verdict Verdict(Graph graph)
    {
        var figures = Figures(graph);

        if (_findings.Count > 0)
        {
            return new Verdict.Violated(_findings.Told(), _findings.Count, _findings.Broken, figures);
        }

        return Doubts.Reason(graph, options.Versions) is { } reason
            ? new Verdict.CannotBeJudged(reason, figures)
            : new Verdict.Holds(figures);
    }

    private static HistoryFigures Figures(Graph graph)
    {
        var ofOthers = 0;

        for (var node = 0; node < graph.NodeCount; node++)
        {
            for (var read = graph.Reads.Start(node); read < graph.Reads.End(node); read++)
            {
                var writer = graph.WriterOf[read];

                if (writer >= 0 && graph.Operations[writer].Session != graph.Operations[node].Session)
                {
                    ofOthers++;
                }
            }
        }

        return new HistoryFigures(
            Operations: graph.NodeCount,
            Sessions: graph.Operations.Select(operation => operation.Session).Distinct().Count(),
            Reads: graph.Reads.Count,
            ReadsOfOthers: ofOthers,
            OpenReads: graph.WriterOf.Count(writer => writer == Graph.Open),
            FinalReads: graph.Operations.Count(operation => operation.AtRest));
    }
}
