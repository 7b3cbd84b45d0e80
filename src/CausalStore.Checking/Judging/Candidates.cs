namespace CausalStore.Checking.Judging;

// Which writes could explain a read that does not say: one of "missing" where there were deletes, or one of a
// value that was written more than once.
//
// A candidate is out if it comes after the read, or if the read's past holds a write that replaced it. Where
// one candidate is left, the read shows that one; where none is, the read is impossible. Choices for several
// reads are not tried together: an open read is never a false alarm, but may hide a violation.
internal sealed class Candidates(Graph graph, CausalOrder order)
{
    /// <summary>Settles the open reads that only one write explains.</summary>
    /// <returns>
    /// Whether somebody has seen more than was known, so that the order must be found anew.
    /// </returns>
    /// <param name="settled">Told what was settled; null: nothing is to be settled.</param>
    /// <param name="impossible">Told what no write explains.</param>
    public bool Settle(List<int>? settled, List<(int Node, int Read)> impossible)
    {
        var learned = false;

        for (var node = 0; node < graph.NodeCount; node++)
        {
            int[]? past = null;

            for (var read = graph.Reads.Start(node); read < graph.Reads.End(node); read++)
            {
                if (graph.WriterOf[read] != Graph.Open)
                {
                    continue;
                }

                var (count, one) = Of(node, read, past ??= order.Past(node));

                if (count == 0)
                {
                    impossible.Add((node, read));
                    graph.WriterOf[read] = Graph.Dropped;
                }
                else if (count == 1 && settled is not null)
                {
                    graph.WriterOf[read] = one;
                    settled.Add(read);
                    learned |= one >= 0 && !order.IsBefore(one, node);
                }
            }
        }

        return learned;
    }

    /// <summary>How many candidates there are (counted up to 2), and one of them.</summary>
    /// <param name="node">Who read.</param>
    /// <param name="read">What it read.</param>
    /// <param name="past">What it had seen, as a clock.</param>
    public (int Count, int One) Of(int node, int read, int[] past)
    {
        var value = graph.Reads.Value[read];
        var (seen, replaced) = Replaced(graph.Reads.Key[read], past);
        var count = 0;
        var one = Graph.Dropped;

        if (graph.Values[value].Value is null && !seen)
        {
            (count, one) = (1, Graph.Initial);
        }

        foreach (var run in graph.WritersOfValue.Runs(value))
        {
            var nodes = graph.WritersOfValue.Nodes(run);
            var known = graph.WritersOfValue.CountUpTo(run, graph.NodeAt(run.Chain, past[run.Chain]));

            if (known > 0 && !order.Covers(replaced, nodes[known - 1]))
            {
                (count, one) = (count + 1, nodes[known - 1]);
            }

            for (var i = known; i < nodes.Length && count < 2 && !order.IsBefore(node, nodes[i]); i++)
            {
                if (nodes[i] != node)
                {
                    (count, one) = (count + 1, nodes[i]);
                }
            }

            if (count >= 2)
            {
                break;
            }
        }

        return (count, one);
    }

    // Whether the past holds a write of the key at all, and everything that its writes of the key replaced.
    private (bool Seen, int[] Replaced) Replaced(int key, int[] past)
    {
        var replaced = new int[past.Length];
        var seen = false;

        foreach (var run in graph.WritersOfKey.Runs(key))
        {
            var latest = graph.WritersOfKey.LatestUpTo(run, graph.NodeAt(run.Chain, past[run.Chain]));

            if (latest >= 0)
            {
                seen = true;
                order.Join(replaced, latest, inclusive: false);
            }
        }

        return (seen, replaced);
    }
}
