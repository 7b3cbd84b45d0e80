namespace CausalStore.Checking.Judging;

// Who wrote a key (or one value of it): per key the nodes in ascending order, and so chain after chain.
internal sealed class WriteIndex
{
    private readonly int[] _nodes;
    private readonly int[] _firstRun;
    private readonly List<Run> _runs = [];

    private WriteIndex(int[] nodes, int[] firstRun)
    {
        _nodes = nodes;
        _firstRun = firstRun;
    }

    public static WriteIndex Build(Entries writes, List<int> group, int groups, int nodes, int[] chainOf)
    {
        var start = new int[groups + 1];

        foreach (var member in group)
        {
            start[member + 1]++;
        }

        for (var i = 0; i < groups; i++)
        {
            start[i + 1] += start[i];
        }

        var sorted = new int[group.Count];
        var next = start.AsSpan(0, groups).ToArray();

        for (var node = 0; node < nodes; node++)
        {
            for (var entry = writes.Start(node); entry < writes.End(node); entry++)
            {
                sorted[next[group[entry]]++] = node;
            }
        }

        var index = new WriteIndex(sorted, new int[groups + 1]);
        index.FindRuns(start, chainOf);
        return index;
    }

    /// <summary>All writers, in ascending order.</summary>
    public ReadOnlySpan<int> All(int group)
    {
        var runs = Runs(group);
        return runs.IsEmpty ? [] : _nodes.AsSpan(runs[0].From, runs[^1].To - runs[0].From);
    }

    /// <summary>The writers chain by chain.</summary>
    public ReadOnlySpan<Run> Runs(int group) => System.Runtime.InteropServices.CollectionsMarshal
        .AsSpan(_runs)[_firstRun[group].._firstRun[group + 1]];

    public ReadOnlySpan<int> Nodes(Run run) => _nodes.AsSpan(run.From, run.To - run.From);

    /// <summary>How many writers of the run are at most <paramref name="node"/>.</summary>
    public int CountUpTo(Run run, int node)
    {
        var low = run.From;
        var high = run.To;

        while (low < high)
        {
            var middle = (low + high) >>> 1;

            if (_nodes[middle] <= node)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low - run.From;
    }

    /// <summary>The last writer of the run that is at most <paramref name="node"/>, or -1.</summary>
    public int LatestUpTo(Run run, int node)
    {
        var count = CountUpTo(run, node);
        return count == 0 ? -1 : _nodes[run.From + count - 1];
    }

    private void FindRuns(int[] start, int[] chainOf)
    {
        for (var group = 0; group + 1 < start.Length; group++)
        {
            _firstRun[group] = _runs.Count;
            var from = start[group];

            for (var i = from + 1; i <= start[group + 1]; i++)
            {
                if (i == start[group + 1] || chainOf[_nodes[i]] != chainOf[_nodes[from]])
                {
                    _runs.Add(new Run(chainOf[_nodes[from]], from, i));
                    from = i;
                }
            }
        }

        _firstRun[^1] = _runs.Count;
    }

    /// <summary>The writers of one chain, as places in the index.</summary>
    internal readonly record struct Run(int Chain, int From, int To);
}
