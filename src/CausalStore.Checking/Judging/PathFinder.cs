namespace CausalStore.Checking.Judging;

// The cheapest way from one node to another, where a step costs nothing or one: a 0-1 breadth-first search,
// from the end backwards.
internal sealed class PathFinder(Digraph graph, Func<int, int, bool> isFree)
{
    private readonly int[] _next = new int[graph.NodeCount];
    private readonly int[] _cost = new int[graph.NodeCount];
    private readonly int[] _search = new int[graph.NodeCount];
    private int _searches;

    /// <summary>The nodes on the way, both ends included; empty if there is no way.</summary>
    /// <param name="from">Where it begins.</param>
    /// <param name="to">Where it ends.</param>
    /// <param name="mayUse">The nodes that may lie on it.</param>
    public List<int> Find(int from, int to, Func<int, bool> mayUse)
    {
        _searches++;
        var near = new Stack<int>();
        var far = new Stack<int>();
        Reach(to, next: to, cost: 0, near);

        for (var cost = 0; near.Count > 0; cost++)
        {
            while (near.TryPop(out var node))
            {
                if (node == from)
                {
                    return Collect(from, to);
                }

                if (_cost[node] != cost)
                {
                    continue;
                }

                foreach (var before in graph.Before(node))
                {
                    if (before == from || mayUse(before))
                    {
                        var free = isFree(before, node);
                        Reach(before, node, free ? cost : cost + 1, free ? near : far);
                    }
                }
            }

            (near, far) = (far, near);
        }

        return [];
    }

    private void Reach(int node, int next, int cost, Stack<int> queue)
    {
        if (_search[node] != _searches || _cost[node] > cost)
        {
            _search[node] = _searches;
            _next[node] = next;
            _cost[node] = cost;
            queue.Push(node);
        }
    }

    private List<int> Collect(int from, int to)
    {
        List<int> path = [from];

        while (path[^1] != to)
        {
            path.Add(_next[path[^1]]);
        }

        return path;
    }
}
