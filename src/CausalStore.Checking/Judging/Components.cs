namespace CausalStore.Checking.Judging;

// Strongly connected components (Tarjan 1972), without recursion: a session may have a million operations.
//
// Followed from a node to what stands before it, the components come out in an order in which everything
// stands after its predecessors: the one pass finds the cycles, and where there are none, a causal order.
internal sealed class Components
{
    private readonly Digraph _graph;
    private readonly int[] _number;
    private readonly int[] _lowest;
    private readonly int[] _nextEdge;
    private readonly Stack<int> _path = [];
    private readonly Stack<int> _open = [];
    private int _numbered;
    private int _ordered;

    private Components(Digraph graph)
    {
        _graph = graph;
        _number = new int[graph.NodeCount];
        _lowest = new int[graph.NodeCount];
        _nextEdge = new int[graph.NodeCount];
        Of = new int[graph.NodeCount];
        Order = new int[graph.NodeCount];
    }

    /// <summary>All nodes, each after those that stand before it (except within a cycle).</summary>
    public int[] Order { get; }

    /// <summary>The component of every node: for one that is on no cycle 0.</summary>
    public int[] Of { get; }

    /// <summary>The members of component 1, 2, ...: nodes that stand before each other.</summary>
    public List<int[]> Cyclic { get; } = [];

    public static Components Find(Digraph graph)
    {
        var components = new Components(graph);

        for (var node = 0; node < graph.NodeCount; node++)
        {
            if (components._number[node] == 0)
            {
                components.Walk(node);
            }
        }

        return components;
    }

    private void Walk(int root)
    {
        Enter(root);

        while (_path.TryPeek(out var node))
        {
            var before = _graph.Before(node);

            if (_nextEdge[node] == before.Length)
            {
                _path.Pop();
                Leave(node);
                continue;
            }

            var next = before[_nextEdge[node]++];

            if (_number[next] == 0)
            {
                Enter(next);
            }
            else if (Of[next] < 0)
            {
                _lowest[node] = Math.Min(_lowest[node], _number[next]);
            }
        }
    }

    private void Enter(int node)
    {
        _number[node] = ++_numbered;
        _lowest[node] = _numbered;
        Of[node] = -1;
        _path.Push(node);
        _open.Push(node);
    }

    private void Leave(int node)
    {
        if (_path.TryPeek(out var parent))
        {
            _lowest[parent] = Math.Min(_lowest[parent], _lowest[node]);
        }

        if (_lowest[node] != _number[node])
        {
            return;
        }

        var first = _ordered;
        int member;

        do
        {
            member = _open.Pop();
            Order[_ordered++] = member;
            Of[member] = 0;
        }
        while (member != node);

        if (_ordered - first > 1 || _graph.Before(node).Contains(node))
        {
            Cyclic.Add(Order[first.._ordered]);

            foreach (var cyclic in Cyclic[^1])
            {
                Of[cyclic] = Cyclic.Count;
            }
        }
    }
}
