namespace CausalStore.Checking.Judging;

// One look per read and chain, at the last write of the key that the read had in its past (AWDIT, PLDI 2025).
//
// If that write replaced the one shown, the read is stale (WriteCORead, WriteCOInitRead). If neither is
// before the other, the one shown has won: in every order of all writes it must come later (CF, POPL 2017,
// table 2).
internal sealed class StaleReads
{
    private readonly Graph _graph;
    private readonly CausalOrder _order;

    private StaleReads(Graph graph, CausalOrder order)
    {
        _graph = graph;
        _order = order;
    }

    /// <summary>Reads that show a write, or nothing, although the hider replaced it in their past.</summary>
    public List<Stale> Found { get; } = [];

    /// <summary>Which write won over which, and the read that shows it.</summary>
    public List<Win> Wins { get; } = [];

    /// <summary>
    /// The same for stale reads: what was replaced would have to win over what replaced it.
    /// </summary>
    public List<Win> Undone { get; } = [];

    public static StaleReads Find(Graph graph, CausalOrder order)
    {
        var stale = new StaleReads(graph, order);

        for (var node = 0; node < graph.NodeCount; node++)
        {
            for (var read = graph.Reads.Start(node); read < graph.Reads.End(node); read++)
            {
                if (graph.WriterOf[read] >= Graph.Initial)
                {
                    stale.Look(node, read);
                }
            }
        }

        return stale;
    }

    private void Look(int node, int read)
    {
        var writer = _graph.WriterOf[read];
        var hider = -1;

        foreach (var run in _graph.WritersOfKey.Runs(_graph.Reads.Key[read]))
        {
            var seen = _order.Seen(node, run.Chain);

            if (seen == 0)
            {
                continue;
            }

            var latest = _graph.WritersOfKey.LatestUpTo(run, _graph.NodeAt(run.Chain, seen));

            if (latest < 0 || latest == writer)
            {
                continue;
            }

            if (writer == Graph.Initial)
            {
                hider = latest;
            }
            else if (_order.IsBefore(writer, latest))
            {
                hider = latest;
                Undone.Add(new Win(latest, writer, node));
            }
            else if (!_order.IsBefore(latest, writer))
            {
                Wins.Add(new Win(latest, writer, node));
            }
        }

        if (hider >= 0)
        {
            Found.Add(new Stale(node, read, hider));
        }
    }

    internal readonly record struct Stale(int Node, int Read, int Hider);

    internal readonly record struct Win(int Loser, int Winner, int Witness);
}
