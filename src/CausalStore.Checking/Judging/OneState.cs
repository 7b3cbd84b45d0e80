namespace CausalStore.Checking.Judging;

// Whether one state explains all that an operation read: whether the writes of a causal past can be put into
// one order, causes first, whose last write of every key read is the one that was shown. This is CC by its
// definition (POPL 2017, section 3), for operations that read several keys at once.
internal sealed class OneState(Graph graph, CausalOrder order)
{
    public bool IsExplainedByItsPast(int node) => Explains(node, order.Past(node));

    /// <summary>
    /// Which of the wanted promises the operation breaks by itself, if it is not explained.
    /// </summary>
    public Promises BrokenWithin(int node, Promises wanted)
    {
        var fractured = wanted.HasFlag(Promises.SnapshotReads) && !IsSnapshot(node);
        var mixed = wanted.HasFlag(Promises.AtomicVisibility) && MixesTwoWrites(node);

        return (fractured ? Promises.SnapshotReads : Promises.None)
            | (mixed ? Promises.AtomicVisibility : Promises.None);
    }

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
        var writers = new Dictionary<int, int>();

        foreach (var read in JudgedReads(node).Where(read => graph.WriterOf[read] >= 0))
        {
            writers[graph.Reads.Key[read]] = graph.WriterOf[read];
        }

        foreach (var (key, writer) in writers)
        {
            for (var write = graph.Writes.Start(writer); write < graph.Writes.End(writer); write++)
            {
                if (writers.TryGetValue(graph.Writes.Key[write], out var other)
                    && other != writer
                    && Writes(other, key)
                    && graph.Writes.Key[write] != key)
                {
                    return true;
                }
            }
        }

        return false;
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

        return CanBeOrdered(reads.ConvertAll(read => graph.WriterOf[read]), losers);
    }

    // Put last the winners that come before no other one; take them away and look again. What is left at the
    // end would each have to come before another of the rest.
    private bool CanBeOrdered(List<int> winners, List<int[]> losers)
    {
        var all = Enumerable.Range(0, winners.Count).Where(i => winners[i] >= 0).ToList();
        var comesBefore = all.ToDictionary(i => i, i => all.Count(j => order.Covers(losers[j], winners[i])));
        var last = new Stack<int>(all.Where(i => comesBefore[i] == 0));
        var ordered = 0;

        for (; last.TryPop(out var j); ordered++)
        {
            foreach (var i in all)
            {
                if (order.Covers(losers[j], winners[i]) && --comesBefore[i] == 0)
                {
                    last.Push(i);
                }
            }
        }

        return ordered == all.Count;
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
