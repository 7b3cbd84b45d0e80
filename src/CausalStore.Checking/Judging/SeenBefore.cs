namespace CausalStore.Checking.Judging;

// What a session had been shown of a key up to some moment: everything that is older than any of it is stale
// for this session. Kept only for keys that somebody read stale.
internal sealed class SeenBefore
{
    private readonly Graph _graph;
    private readonly CausalOrder _order;
    private readonly Dictionary<(int Chain, int Key), List<(int Node, int[] Replaced)>> _shown = [];

    public SeenBefore(Graph graph, CausalOrder order, HashSet<int> keys)
    {
        _graph = graph;
        _order = order;

        for (var node = 0; node < graph.NodeCount; node++)
        {
            for (var read = graph.Reads.Start(node); read < graph.Reads.End(node); read++)
            {
                if (graph.WriterOf[read] >= 0 && keys.Contains(graph.Reads.Key[read]))
                {
                    Add(node, graph.Reads.Key[read], graph.WriterOf[read]);
                }
            }
        }
    }

    /// <summary>
    /// Whether the chain, up to this node, was shown a write of the key that replaced this writer's.
    /// </summary>
    public bool SomethingNewer(int chain, int upTo, int key, int writer)
    {
        if (!_shown.TryGetValue((chain, key), out var moments))
        {
            return false;
        }

        var (low, high) = (0, moments.Count);

        while (low < high)
        {
            var middle = (low + high) >>> 1;
            (low, high) = moments[middle].Node <= upTo ? (middle + 1, high) : (low, middle);
        }

        return low > 0 && (writer == Graph.Initial || _order.Covers(moments[low - 1].Replaced, writer));
    }

    private void Add(int node, int key, int writer)
    {
        var place = (_graph.ChainOf[node], key);

        if (!_shown.TryGetValue(place, out var moments))
        {
            _shown.Add(place, moments = []);
        }

        var replaced = moments.Count == 0 ? new int[_graph.ChainCount] : (int[])moments[^1].Replaced.Clone();
        _order.Join(replaced, writer, inclusive: false);

        if (moments.Count == 0 || !replaced.AsSpan().SequenceEqual(moments[^1].Replaced))
        {
            moments.Add((node, replaced));
        }
    }
}
