using System.Runtime.InteropServices;

namespace CausalStore.Checking.Judging;

// Who stands directly before whom: a list of predecessors for every node.
internal sealed class Digraph
{
    private readonly int[] _start;
    private readonly int[] _before;

    private Digraph(int[] start, int[] before)
    {
        _start = start;
        _before = before;
    }

    public int NodeCount => _start.Length - 1;

    public static Digraph FromEdges(int nodes, List<(int Before, int After)> edges)
    {
        var start = new int[nodes + 1];

        foreach (var (_, after) in CollectionsMarshal.AsSpan(edges))
        {
            start[after + 1]++;
        }

        for (var node = 0; node < nodes; node++)
        {
            start[node + 1] += start[node];
        }

        var next = start.AsSpan(0, nodes).ToArray();
        var before = new int[edges.Count];

        foreach (var (earlier, after) in CollectionsMarshal.AsSpan(edges))
        {
            before[next[after]++] = earlier;
        }

        return new Digraph(start, before);
    }

    public ReadOnlySpan<int> Before(int node)
        => _before.AsSpan(_start[node], _start[node + 1] - _start[node]);
}
