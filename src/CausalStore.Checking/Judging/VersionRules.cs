namespace CausalStore.Checking.Judging;

// What versions promise, judged only if asked to: each is used once, a causally later write has the greater
// one, and of all writes of a key that a reader knew, it is shown the one with the greatest.
internal sealed class VersionRules
{
    private readonly Graph _graph;
    private readonly CausalOrder _order;
    private readonly Findings _findings;
    private readonly Storyteller _teller;
    private readonly bool _nothingIsLost;

    private VersionRules(
        Graph graph, CausalOrder order, Findings findings, Storyteller teller, bool nothingIsLost)
    {
        _graph = graph;
        _order = order;
        _findings = findings;
        _teller = teller;
        _nothingIsLost = nothingIsLost;
    }

    public static void Judge(
        Graph graph, CausalOrder order, int[] causesFirst, Findings findings, Storyteller teller,
        bool nothingIsLost)
    {
        var rules = new VersionRules(graph, order, findings, teller, nothingIsLost);
        rules.LearnFromReads();
        rules.JudgeUniqueness();
        rules.JudgeGrowth(causesFirst);
        rules.JudgeWinners();
    }

    // A write whose reply never came has its version from those who saw it.
    private void LearnFromReads()
    {
        for (var read = 0; read < _graph.Reads.Count; read++)
        {
            if (_graph.WriterOf[read] is >= 0 and var writer)
            {
                _graph.VersionOf[writer] ??= _graph.Reads.Version[read];
            }
        }
    }

    private void JudgeUniqueness()
    {
        var first = new Dictionary<HistoryVersion, int>();

        for (var node = 0; node < _graph.NodeCount; node++)
        {
            if (_graph.VersionOf[node] is { } version && !first.TryAdd(version, node))
            {
                var (one, other) = (first[version], node);
                _findings.Report(
                    ViolationKind.VersionUsedTwice, Promises.Versions, () => UsedTwice(one, other));
            }
        }
    }

    private void JudgeGrowth(int[] causesFirst)
    {
        // The node with the greatest version among a node and its causal past.
        var greatest = new int[_graph.NodeCount];

        foreach (var node in causesFirst)
        {
            var best = _graph.Previous[node] >= 0 ? greatest[_graph.Previous[node]] : -1;

            for (var read = _graph.Reads.Start(node); read < _graph.Reads.End(node); read++)
            {
                if (_graph.WriterOf[read] is >= 0 and var writer)
                {
                    best = Greater(best, greatest[writer]);
                }
            }

            if (best >= 0 && _graph.VersionOf[node] < _graph.VersionOf[best])
            {
                var (cause, effect) = (best, node);
                _findings.Report(
                    ViolationKind.VersionNotGreater, Promises.Versions, () => NotGreater(cause, effect));
            }

            greatest[node] = Greater(best, node);
        }
    }

    private int Greater(int one, int other)
    {
        if (other < 0 || _graph.VersionOf[other] is null)
        {
            return one;
        }

        return one < 0 || _graph.VersionOf[other] > _graph.VersionOf[one] ? other : one;
    }

    private void JudgeWinners()
    {
        for (var node = 0; node < _graph.NodeCount; node++)
        {
            for (var read = _graph.Reads.Start(node); read < _graph.Reads.End(node); read++)
            {
                if (_graph.WriterOf[read] >= 0)
                {
                    JudgeWinner(node, read);
                }
            }
        }
    }

    private void JudgeWinner(int node, int read)
    {
        var shown = _graph.WriterOf[read];
        var knowsAll = _graph.Operations[node].AtRest && _nothingIsLost;

        foreach (var run in _graph.WritersOfKey.Runs(_graph.Reads.Key[read]))
        {
            var seen = knowsAll ? _order.Everything[run.Chain] : _order.Seen(node, run.Chain);
            var latest = _graph.WritersOfKey.LatestUpTo(run, _graph.NodeAt(run.Chain, seen));

            if (latest >= 0 && _graph.VersionOf[latest] > _graph.VersionOf[shown])
            {
                _findings.Report(
                    ViolationKind.NotTheLastWriter, Promises.Versions, () => NotLast(node, read, latest));
                return;
            }
        }
    }

    private Story UsedTwice(int one, int other)
        => new Story(
            $"{_teller.Name(one)} and {_teller.Name(other)} got one version, {_graph.VersionOf[one]}.")
            .Operation(_teller.Name(one), _teller.Text(one))
            .Operation(_teller.Name(other), _teller.Text(other))
            .Edge(_teller.Name(one), _teller.Name(other), "same version")
            .Say("A version names one write; it is never used again, whatever crashes.");

    private Story NotGreater(int cause, int effect)
    {
        var story = new Story($"{_teller.Name(effect)} came after {_teller.Name(cause)}, but its version "
            + $"{_graph.VersionOf[effect]} is smaller than {_graph.VersionOf[cause]}.");

        return _teller.Way(story, cause, effect)
            .Say("A causally later write must have the greater version, or it loses against its cause.");
    }

    private Story NotLast(int node, int read, int greater)
    {
        var shown = _graph.WriterOf[read];
        var knew = _order.IsBefore(greater, node);
        var story = new Story(
            $"{(knew ? "" : "At rest ")}{_teller.Name(node)} read {_teller.Shown(read)}"
            + $" ({_graph.VersionOf[shown]}), although {(knew ? "it knew" : "there was")} the greater version"
            + $" {_graph.VersionOf[greater]} of {_teller.Name(greater)}.",
            _graph.Keys[_graph.Reads.Key[read]]);

        story.Operation(_teller.Name(shown), _teller.Text(shown));

        if (knew)
        {
            _teller.Way(story, greater, node);
        }

        return story
            .Operation(_teller.Name(greater), _teller.Text(greater))
            .Operation(_teller.Name(node), _teller.Text(node))
            .Edge(_teller.Name(node), _teller.Name(shown), "shows")
            .Say("Of the writes of a key the greatest version wins; of equal timestamps the greater server.");
    }
}
