namespace CausalStore.Checking.Judging;

// What one session has been shown directly, while its operations are gone through in order; from it follows
// which guarantee a stale read breaks. Each guarantee names one reason why the session should have known
// better (Terry et al., PDIS 1994); a stale read with a longer reason breaks causal consistency alone.
internal sealed class SessionView(Graph graph, CausalOrder order, SeenBefore seenBefore, int chain)
{
    // Per chain: the last node whose write was shown here, and the last one its writer had surely finished.
    private readonly Dictionary<int, int> _shownOf = [];
    private readonly Dictionary<int, int> _finishedOf = [];

    // Per key and chain: the last atomic write of the key that was shown here by another of its keys.
    private readonly Dictionary<(int Key, int Chain), int> _partOf = [];
    private readonly Dictionary<int, int> _shownBy = [];

    /// <summary>Goes on to the next operation of the session.</summary>
    public void Advance(int node)
    {
        for (var read = graph.Reads.Start(node); read < graph.Reads.End(node); read++)
        {
            if (graph.WriterOf[read] is >= 0 and var writer)
            {
                Raise(_shownOf, graph.ChainOf[writer], writer);
                RaiseFinished(graph.Previous[writer]);
                NoteParts(writer, graph.Reads.Key[read]);
            }
        }
    }

    /// <summary>The guarantees that break if the operation reads this key as this writer left it.</summary>
    /// <param name="node">The operation, to which the view has advanced.</param>
    /// <param name="key">What it read.</param>
    /// <param name="writer">A node, or Initial.</param>
    /// <param name="wanted">The guarantees that are asked about.</param>
    public Promises BrokenBy(int node, int key, int writer, Promises wanted)
    {
        var broken = Promises.None;

        if (wanted.HasFlag(Promises.MonotonicReads) && seenBefore.SomethingNewer(
            chain, node - 1, key, writer))
        {
            broken |= Promises.MonotonicReads;
        }

        if (wanted.HasFlag(Promises.WritesFollowReads)
            && (AnyoneKnewBetter(_shownOf, key, writer) || AnyoneKnewBetter(_finishedOf, key, writer)))
        {
            broken |= Promises.WritesFollowReads;
        }

        foreach (var run in graph.WritersOfKey.Runs(key))
        {
            broken |= BrokenBy(run, node, key, writer, wanted);
        }

        return broken;
    }

    private Promises BrokenBy(WriteIndex.Run run, int node, int key, int writer, Promises wanted)
    {
        var broken = Promises.None;

        if (run.Chain == chain && Replaces(graph.WritersOfKey.LatestUpTo(run, node - 1), writer))
        {
            broken |= Promises.ReadYourWrites;
        }

        if (wanted.HasFlag(Promises.MonotonicWrites)
            && _finishedOf.TryGetValue(run.Chain, out var finished)
            && Replaces(graph.WritersOfKey.LatestUpTo(run, finished), writer))
        {
            broken |= Promises.MonotonicWrites;
        }

        if (_partOf.TryGetValue((key, run.Chain), out var part) && Replaces(part, writer))
        {
            broken |= Promises.AtomicVisibility;
        }

        return broken;
    }

    private bool AnyoneKnewBetter(Dictionary<int, int> upTo, int key, int writer)
    {
        foreach (var (other, last) in upTo)
        {
            if (seenBefore.SomethingNewer(other, last, key, writer))
            {
                return true;
            }
        }

        return false;
    }

    private bool Replaces(int newer, int writer)
        => newer >= 0 && newer != writer && (writer == Graph.Initial || order.IsBefore(writer, newer));

    private void RaiseFinished(int node)
    {
        if (node >= 0)
        {
            Raise(_finishedOf, graph.ChainOf[node], node);
        }
    }

    // Shown by one key, all other keys of the write must be there; shown by two, all of them.
    private void NoteParts(int writer, int key)
    {
        if (!_shownBy.TryAdd(writer, key) && (_shownBy[writer] == key || _shownBy[writer] < 0))
        {
            return;
        }

        var second = _shownBy[writer] != key;

        for (var write = graph.Writes.Start(writer); write < graph.Writes.End(writer); write++)
        {
            if (second || graph.Writes.Key[write] != key)
            {
                Raise(_partOf, (graph.Writes.Key[write], graph.ChainOf[writer]), writer);
            }
        }

        _shownBy[writer] = second ? -1 : key;
    }

    private static void Raise<TKey>(Dictionary<TKey, int> last, TKey key, int node)
        where TKey : notnull
        => last[key] = Math.Max(last.GetValueOrDefault(key, -1), node);
}
