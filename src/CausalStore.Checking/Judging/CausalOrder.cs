namespace CausalStore.Checking.Judging;

// What stands before what: the transitive closure of session order and reads-from, as one clock per node.
//
// The clock of a node holds, for every other chain, the index of the last node of that chain in its causal
// past; for its own chain the index says it all. A node that learns nothing new shares the clock of the one
// before it. Writes of unknown outcome, each a chain of one, are a set apart (UnknownWrites): there may be
// thousands of them, but what is known of them changes seldom.
internal sealed class CausalOrder
{
    private readonly Graph _graph;
    private readonly int[][] _clocks;
    private readonly UnknownWrites[] _unknown;

    private CausalOrder(Graph graph)
    {
        _graph = graph;
        _clocks = new int[graph.NodeCount][];
        _unknown = new UnknownWrites[graph.NodeCount];
    }

    /// <summary>
    /// Everything that certainly happened, but for the reads at rest: what those should know.
    /// </summary>
    public int[] Everything { get; private set; } = [];

    public static List<(int Before, int After)> DirectEdges(Graph graph)
    {
        var edges = new List<(int, int)>(graph.NodeCount + graph.Reads.Count);

        for (var node = 0; node < graph.NodeCount; node++)
        {
            if (graph.Previous[node] >= 0)
            {
                edges.Add((graph.Previous[node], node));
            }

            for (var read = graph.Reads.Start(node); read < graph.Reads.End(node); read++)
            {
                if (graph.WriterOf[read] >= 0)
                {
                    edges.Add((graph.WriterOf[read], node));
                }
            }
        }

        return edges;
    }

    /// <param name="graph">A graph in which no read shows a write that comes after it.</param>
    /// <param name="order">Its nodes, causes first.</param>
    public static CausalOrder Follow(Graph graph, int[] order)
    {
        var causal = new CausalOrder(graph);
        var nothing = new int[graph.FirstUnknownChain];

        foreach (var node in order)
        {
            causal.SetClock(node, nothing);
        }

        causal.Everything = causal.ClockOfEverything();
        return causal;
    }

    /// <summary>Whether the one is in the causal past of the other (nobody is in his own).</summary>
    public bool IsBefore(int earlier, int later)
    {
        var chain = _graph.ChainOf[earlier];

        return chain == _graph.ChainOf[later]
            ? earlier < later
            : SeenOfOther(later, chain) >= _graph.IndexOf(earlier);
    }

    /// <summary>The last node of the chain in the node's causal past, as an index; 0 for none.</summary>
    public int Seen(int node, int chain)
        => chain == _graph.ChainOf[node] ? _graph.IndexOf(node) - 1 : SeenOfOther(node, chain);

    /// <summary>The causal past as a clock of its own.</summary>
    public int[] Past(int node)
    {
        var past = new int[_graph.ChainCount];
        Join(past, node, inclusive: false);
        return past;
    }

    /// <summary>Adds the causal past of a node, and the node itself if asked to.</summary>
    public void Join(int[] clock, int node, bool inclusive)
    {
        var own = _graph.ChainOf[node];
        Join(clock, _clocks[node]);

        foreach (var one in _unknown[node])
        {
            clock[_graph.FirstUnknownChain + one] = 1;
        }

        clock[own] = Math.Max(clock[own], _graph.IndexOf(node) - (inclusive ? 0 : 1));
    }

    /// <summary>Whether a clock covers the node.</summary>
    public bool Covers(int[] clock, int node) => clock[_graph.ChainOf[node]] >= _graph.IndexOf(node);

    private int SeenOfOther(int node, int chain)
    {
        if (chain < _graph.FirstUnknownChain)
        {
            return _clocks[node][chain];
        }

        return _unknown[node].Contains(chain - _graph.FirstUnknownChain) ? 1 : 0;
    }

    private void SetClock(int node, int[] nothing)
    {
        var previous = _graph.Previous[node];
        var clock = previous >= 0 ? _clocks[previous] : nothing;
        var unknown = previous >= 0 ? _unknown[previous] : UnknownWrites.None;
        var shared = true;

        if (previous >= 0 && _graph.ChainOf[previous] != _graph.ChainOf[node])
        {
            clock = (int[])clock.Clone();
            clock[_graph.ChainOf[previous]] = _graph.IndexOf(previous);
            shared = false;
        }

        for (var read = _graph.Reads.Start(node); read < _graph.Reads.End(node); read++)
        {
            var writer = _graph.WriterOf[read];

            if (writer < 0 || _graph.ChainOf[writer] == _graph.ChainOf[node])
            {
                continue;
            }

            var (chain, isUnknown) = (_graph.ChainOf[writer], _graph.IsUnknown(writer));
            var number = chain - _graph.FirstUnknownChain;

            if (isUnknown ? unknown.Contains(number) : clock[chain] >= _graph.IndexOf(writer))
            {
                continue;
            }

            clock = shared ? (int[])clock.Clone() : clock;
            shared = false;
            Join(clock, _clocks[writer]);
            unknown = unknown.Union(_unknown[writer]);

            if (isUnknown)
            {
                unknown = unknown.With(number);
            }
            else
            {
                clock[chain] = Math.Max(clock[chain], _graph.IndexOf(writer));
            }
        }

        _clocks[node] = clock;
        _unknown[node] = unknown;
    }

    private static void Join(int[] clock, int[] added)
    {
        for (var chain = 0; chain < added.Length; chain++)
        {
            clock[chain] = Math.Max(clock[chain], added[chain]);
        }
    }

    private int[] ClockOfEverything()
    {
        var clock = new int[_graph.ChainCount];

        for (var node = 0; node < _graph.NodeCount; node++)
        {
            if (!_graph.Operations[node].AtRest && !_graph.IsUnknown(node))
            {
                clock[_graph.ChainOf[node]] = _graph.IndexOf(node);
            }
        }

        foreach (var writer in _graph.WriterOf)
        {
            if (writer >= 0)
            {
                var chain = _graph.ChainOf[writer];
                clock[chain] = Math.Max(clock[chain], _graph.IndexOf(writer));
            }
        }

        return clock;
    }
}
