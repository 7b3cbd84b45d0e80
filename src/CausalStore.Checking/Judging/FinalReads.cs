namespace CausalStore.Checking.Judging;

// When everything has arrived everywhere, all replicas show the same, and nothing that was acknowledged, or
// seen by anybody, is missing unless something else replaced it.
internal sealed class FinalReads
{
    private readonly Graph _graph;
    private readonly CausalOrder _order;
    private readonly Findings _findings;
    private readonly Storyteller _teller;

    // The first read at rest of every key.
    private readonly Dictionary<int, (int Node, int Read)> _first = [];

    private FinalReads(Graph graph, CausalOrder order, Findings findings, Storyteller teller)
    {
        _graph = graph;
        _order = order;
        _findings = findings;
        _teller = teller;
    }

    /// <summary>Which writes lost against those that are shown at rest.</summary>
    public List<StaleReads.Win> Wins { get; } = [];

    public static FinalReads Judge(
        Graph graph, CausalOrder order, Findings findings, Storyteller teller, bool nothingIsLost)
    {
        var finals = new FinalReads(graph, order, findings, teller);

        for (var node = 0; node < graph.NodeCount; node++)
        {
            if (graph.Operations[node].AtRest)
            {
                finals.Judge(node, nothingIsLost);
            }
        }

        return finals;
    }

    private void Judge(int node, bool nothingIsLost)
    {
        for (var read = _graph.Reads.Start(node); read < _graph.Reads.End(node); read++)
        {
            var first = _first.TryAdd(_graph.Reads.Key[read], (node, read));

            if (!first)
            {
                Compare(node, read);
            }

            if (nothingIsLost)
            {
                JudgeLoss(node, read, first);
            }
        }
    }

    private void Compare(int node, int read)
    {
        var (otherNode, other) = _first[_graph.Reads.Key[read]];
        var bothKnown = _graph.WriterOf[read] >= Graph.Initial && _graph.WriterOf[other] >= Graph.Initial;

        if (_graph.Reads.Value[read] != _graph.Reads.Value[other]
            || (bothKnown && _graph.WriterOf[read] != _graph.WriterOf[other]))
        {
            _findings.Report(
                ViolationKind.FinalReadsDiffer,
                Promises.Convergence,
                () => Differ(node, read, otherNode, other));
        }
    }

    private void JudgeLoss(int node, int read, bool first)
    {
        var writer = _graph.WriterOf[read];
        var lost = -1;

        foreach (var run in _graph.WritersOfKey.Runs(_graph.Reads.Key[read]))
        {
            var last = _graph.NodeAt(run.Chain, _order.Everything[run.Chain]);
            var latest = _graph.WritersOfKey.LatestUpTo(run, last);

            if (latest < 0 || latest == writer || writer == Graph.Dropped)
            {
                continue;
            }

            if (writer == Graph.Initial || (writer >= 0 && _order.IsBefore(writer, latest)))
            {
                lost = latest;
            }
            else if (first && writer >= 0 && !_order.IsBefore(latest, writer))
            {
                Wins.Add(new StaleReads.Win(latest, writer, node));
            }
            else if (writer == Graph.Open)
            {
                lost = NothingExplains(node, read) ? latest : lost;
            }
        }

        if (lost >= 0)
        {
            _findings.Report(ViolationKind.LostWrite, Promises.Convergence, () => Lost(node, read, lost));
        }
    }

    private bool NothingExplains(int node, int read)
        => new Candidates(_graph, _order).Of(node, read, _order.Everything).Count == 0;

    private Story Differ(int node, int read, int otherNode, int other)
    {
        var names = (_teller.Name(node), _teller.Name(otherNode));
        var values = (_teller.Shown(read), _teller.Shown(other));

        return new Story($"At rest {names.Item2} read {values.Item2}, but {names.Item1} read {values.Item1}.")
            .Operation(names.Item2, $"finally read {values.Item2}")
            .Operation(names.Item1, $"finally read {values.Item1}")
            .Edge(names.Item2, names.Item1, "differs from")
            .Say("When everything has arrived everywhere, all replicas must show the same.");
    }

    private Story Lost(int node, int read, int lost)
    {
        var name = _teller.Name(lost);
        var written = _teller.Written(lost, _graph.Reads.Key[read]);
        var story = new Story(
            $"At rest {_teller.Name(node)} read {_teller.Shown(read)}: {written} is lost.",
            _graph.Keys[_graph.Reads.Key[read]]);

        if (_graph.WriterOf[read] >= 0)
        {
            _teller.Way(story, _graph.WriterOf[read], lost);
        }

        return story
            .Operation(name, _teller.Text(lost))
            .Operation(_teller.Name(node), $"finally read {_teller.Shown(read)}")
            .Edge(_teller.Name(node), name, "does not show")
            .Say($"{name} happened, nothing that could win over it replaced it, and yet it is not there.");
    }
}
