namespace CausalStore.Checking.Judging;

// Whether one state explains all that an operation read: whether the writes of a causal past can be put into
// one order, causes first, whose last write of every key read is the one that was shown. This is CC by its
// definition (POPL 2017, section 3.1), for operations that read several keys at once.
internal sealed class OneState(Graph graph, CausalOrder order)
{
    public bool IsExplainedByItsPast(int node) => Explains(node, order.Past(node));

    /// <summary>What the operation breaks by itself, if it is not explained.</summary>
    public Promises BrokenWithin(int node)
        => (IsSnapshot(node) ? Promises.None : Promises.SnapshotReads)
            | (MixesTwoWrites(node) ? Promises.AtomicVisibility : Promises.None);

    // Whether what the operation itself showed fits together, whatever its session had seen.
    private bool IsSnapshot(int node)
    {
        var shown = new int[graph.ChainCount];

        foreach (var read in JudgedReads(node))
        {
            if (graph.WriterOf[read] >= 0)
            {
                order.Join(shown, graph.WriterOf[read], inclusive: true);
            }
        }

        return Explains(node, shown);
    }

    // Whether it read one key from one atomic write and another key from another one, though both wrote both:
    // neither can be last.
    private bool MixesTwoWrites(int node)
    {
        var reads = JudgedReads(node).Where(read => graph.WriterOf[read] >= 0).ToList();

        return reads.Any(one => reads.Any(other =>
            graph.WriterOf[one] != graph.WriterOf[other]
            && graph.Reads.Key[one] != graph.Reads.Key[other]
            && Writes(graph.WriterOf[one], graph.Reads.Key[other])
            && Writes(graph.WriterOf[other], graph.Reads.Key[one])));
    }

    private bool Writes(int node, int key)
    {
        for (var write = graph.Writes.Start(node); write < graph.Writes.End(node); write++)
        {
            if (graph.Writes.Key[write] == key)
            {
                return true;
            }
        }

        return false;
    }

    private bool Explains(int node, int[] past)
    {
        var reads = JudgedReads(node).ToList();
        var losers = reads.ConvertAll(read => Losers(read, past));

        for (var i = 0; i < reads.Count; i++)
        {
            if (graph.WriterOf[reads[i]] == Graph.Initial && losers[i].Any(index => index > 0))
            {
                return false;
            }
        }

        var winners = reads.ConvertAll(read => graph.WriterOf[read]);
        var open = Enumerable.Range(0, reads.Count).Where(i => winners[i] >= 0).ToList();

        // Who is among nobody's losers may be put last; take him away and look again.
        while (open.RemoveAll(i => !open.Exists(j => order.Covers(losers[j], winners[i]))) > 0)
        {
        }

        return open.Count == 0;
    }

    // The writes of the key in the past that the one shown has to come after, with all that is before them.
    private int[] Losers(int read, int[] past)
    {
        var losers = new int[past.Length];

        foreach (var run in graph.WritersOfKey.Runs(graph.Reads.Key[read]))
        {
            var latest = graph.WritersOfKey.LatestUpTo(run, graph.NodeAt(run.Chain, past[run.Chain]));

            if (latest >= 0 && latest != graph.WriterOf[read])
            {
                order.Join(losers, latest, inclusive: true);
            }
        }

        return losers;
    }

    private IEnumerable<int> JudgedReads(int node)
        => Enumerable.Range(graph.Reads.Start(node), graph.Reads.End(node) - graph.Reads.Start(node))
            .Where(read => graph.WriterOf[read] >= Graph.Initial);
}
