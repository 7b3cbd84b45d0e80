namespace CausalStore.Checking.Tests;

// The definitions, tried out: every way to say who read from whom, every order of the writes. Good for half a
// dozen operations, and shares nothing with the checker but the history.
internal sealed class BruteForce
{
    private const int Initial = -1;

    private readonly List<Node> _nodes = [];
    private readonly List<(int Node, Bytes Key, List<int> Candidates)> _reads = [];
    private readonly List<int> _previous = [];

    // Of the assignment at hand: who read from whom, and who is before whom.
    private int[] _writer = [];
    private bool[,] _before = new bool[0, 0];

    private BruteForce(History history)
    {
        foreach (var session in history.Sessions)
        {
            var previous = -1;

            foreach (var operation in session.Operations)
            {
                // Pushes of one line were seen one after the other.
                var moments = operation.Steps[0] is HistoryStep.Push
                    ? operation.Steps.Select(step => new[] { step })
                    : [[.. operation.Steps]];

                foreach (var steps in moments)
                {
                    _nodes.Add(new Node(operation, steps, _nodes.Count));
                    _previous.Add(previous);
                    previous = operation.OutcomeUnknown ? previous : _nodes.Count - 1;
                }
            }
        }

        foreach (var node in _nodes)
        {
            _reads.AddRange(node.Reads(_nodes).Select(read => (node.Number, read.Key, CandidatesOf(read))));
        }
    }

    /// <summary>What is broken however the reads are explained.</summary>
    public Promises Broken { get; private set; } = AllJudged;

    /// <summary>Whether every read says which write it shows, and no read shows its own future.</summary>
    public bool IsExact { get; private set; }

    public static Promises AllJudged => (Promises)((int)Promises.Versions - 1);

    public static BruteForce Judge(History history)
    {
        var force = new BruteForce(history);
        force.Assign(new int[force._reads.Count], 0);
        force.IsExact = force._reads.All(read => read.Candidates.Count == 1) && force.HasOrder();
        return force;
    }

    private List<int> CandidatesOf((Bytes Key, Bytes? Value, HistoryVersion? Version) read)
    {
        var writers = _nodes.Where(
            node => node.Writes.TryGetValue(read.Key, out var value) && value == read.Value).ToList();

        // A version names one write, or one whose reply never came and whose version nobody knows.
        if (read.Version is { } version)
        {
            var named = writers.FindAll(node => node.Version == version);
            writers = named.Count > 0 ? named : writers.FindAll(node => node.Version is null);
        }

        var candidates = writers.ConvertAll(node => node.Number);

        if (read.Value is null && read.Version is null)
        {
            candidates.Add(Initial);
        }

        return candidates;
    }

    private void Assign(int[] writers, int next)
    {
        if (next < writers.Length)
        {
            foreach (var candidate in _reads[next].Candidates)
            {
                writers[next] = candidate;
                Assign(writers, next + 1);
            }

            return;
        }

        _writer = writers;

        if (HasOrder())
        {
            Broken &= BrokenHere();
        }
    }

    private bool HasOrder()
    {
        var count = _nodes.Count;
        _before = new bool[count, count];

        for (var node = 0; node < count; node++)
        {
            if (_previous[node] >= 0)
            {
                _before[_previous[node], node] = true;
            }
        }

        for (var read = 0; read < _reads.Count; read++)
        {
            if (_writer[read] >= 0)
            {
                _before[_writer[read], _reads[read].Node] = true;
            }
        }

        for (var via = 0; via < count; via++)
        {
            for (var from = 0; from < count; from++)
            {
                for (var to = 0; to < count; to++)
                {
                    _before[from, to] |= _before[from, via] && _before[via, to];
                }
            }
        }

        return Enumerable.Range(0, count).All(node => !_before[node, node]);
    }

    private Promises BrokenHere()
    {
        var broken = Promises.None;
        var all = Enumerable.Range(0, _nodes.Count).ToList();

        void Unless(bool holds, Promises promise) => broken |= holds ? Promises.None : promise;

        Unless(all.TrueForAll(IsExplained), Promises.CausalConsistency);
        Unless(OneOrderExplainsAll(final: false), Promises.CausalConvergence);
        Unless(all.TrueForAll(IsSnapshot), Promises.SnapshotReads);
        Unless(OlderThan(ReadsBefore), Promises.MonotonicReads);
        Unless(OlderThan(WritesBefore), Promises.ReadYourWrites);
        Unless(OlderThan(WritesBeforeWritesSeen), Promises.MonotonicWrites);
        Unless(OlderThan(ReadsBeforeWritesSeen), Promises.WritesFollowReads);
        Unless(OlderThan(AtomicWritesSeen) && !MixesAtomicWrites(), Promises.AtomicVisibility);
        Unless(FinalReadsAgree() && OneOrderExplainsAllIfAny(), Promises.Convergence);
        return broken;
    }

    // CC: the writes in the past of an operation, in some order, explain all that it read.
    private bool IsExplained(int node) => SomeOrder(Past(node), order => Explains(order, [node], _ => order));

    private bool IsSnapshot(int node)
    {
        var writers = ReadsOf(node).Select(read => _writer[read]).Where(writer => writer >= 0).ToList();
        var shown = Writers().Where(write => writers.Exists(w => w == write || _before[write, w])).ToList();
        return SomeOrder(shown, order => Explains(order, [node], _ => order));
    }

    // CCv: one order of all writes explains every read from what is in its past.
    private bool OneOrderExplainsAll(bool final)
    {
        var nodes = Enumerable.Range(0, _nodes.Count).ToList();
        return SomeOrder(Writers(), order => Explains(order, nodes, node => final && IsFinal(node)
            ? [.. Everything()]
            : Past(node)));
    }

    private bool OneOrderExplainsAllIfAny()
        => !OneOrderExplainsAll(final: false) || OneOrderExplainsAll(final: true);

    private bool Explains(List<int> order, List<int> nodes, Func<int, List<int>> seenBy)
    {
        foreach (var node in nodes)
        {
            var seen = seenBy(node);

            foreach (var read in ReadsOf(node))
            {
                var key = _reads[read].Key;
                var last = order.FindLastIndex(write => seen.Contains(write) && WritesKey(write, key));

                if ((last < 0 ? Initial : order[last]) != _writer[read])
                {
                    return false;
                }
            }
        }

        return true;
    }

    private bool SomeOrder(List<int> writes, Predicate<List<int>> accepts) => SomeOrder([], writes, accepts);

    private bool SomeOrder(List<int> order, List<int> left, Predicate<List<int>> accepts)
    {
        if (left.Count == 0)
        {
            return accepts(order);
        }

        return left.Exists(next => !left.Exists(other => _before[other, next])
            && SomeOrder([.. order, next], left.FindAll(other => other != next), accepts));
    }

    // A guarantee names writes that the reader should know of; no read may show what is older than these.
    private bool OlderThan(Func<int, Bytes, IEnumerable<int>> known)
    {
        for (var read = 0; read < _reads.Count; read++)
        {
            var (node, key, _) = _reads[read];

            if (known(node, key).Any(write => IsOlder(_writer[read], write)))
            {
                return false;
            }
        }

        return true;
    }

    private bool IsOlder(int writer, int than)
        => writer != than && (writer == Initial || _before[writer, than]);

    private IEnumerable<int> ReadsBefore(int node, Bytes key)
        => SessionBefore(node).SelectMany(earlier => Shown(earlier, key));

    private IEnumerable<int> WritesBefore(int node, Bytes key)
        => SessionBefore(node).Where(earlier => WritesKey(earlier, key));

    private IEnumerable<int> WritesBeforeWritesSeen(int node, Bytes key)
        => SeenUpTo(node).SelectMany(SessionBefore).Where(write => WritesKey(write, key));

    private IEnumerable<int> ReadsBeforeWritesSeen(int node, Bytes key)
        => SeenUpTo(node).SelectMany(write => SessionBefore(write).Append(write))
            .SelectMany(reader => Shown(reader, key));

    private IEnumerable<int> AtomicWritesSeen(int node, Bytes key)
        => SessionBefore(node).Append(node).SelectMany(ReadsOf)
            .Where(read => _writer[read] >= 0 && _reads[read].Key != key && WritesKey(_writer[read], key))
            .Select(read => _writer[read]);

    private bool MixesAtomicWrites() => Enumerable.Range(0, _nodes.Count).Any(node =>
        ReadsOf(node).Any(one => ReadsOf(node).Any(other =>
            _writer[one] >= 0
            && _writer[other] >= 0
            && _writer[one] != _writer[other]
            && _reads[one].Key != _reads[other].Key
            && WritesKey(_writer[one], _reads[other].Key)
            && WritesKey(_writer[other], _reads[one].Key))));

    private bool FinalReadsAgree()
    {
        var finals = Enumerable.Range(0, _reads.Count).Where(read => IsFinal(_reads[read].Node)).ToList();

        return finals.TrueForAll(read =>
            finals.TrueForAll(
                other => _reads[read].Key != _reads[other].Key || _writer[read] == _writer[other])
            && !Everything().Any(
                write => WritesKey(write, _reads[read].Key) && IsOlder(_writer[read], write)));
    }

    private IEnumerable<int> Everything()
        => Writers().Where(write => !_nodes[write].Operation.OutcomeUnknown || _writer.Contains(write));

    private bool IsFinal(int node) => _nodes[node].Operation.AtRest;

    private List<int> Writers()
        => [.. _nodes.Where(node => node.Writes.Count > 0).Select(node => node.Number)];

    private List<int> Past(int node) => Writers().FindAll(write => _before[write, node]);

    private IEnumerable<int> ReadsOf(int node)
        => Enumerable.Range(0, _reads.Count).Where(read => _reads[read].Node == node);

    private IEnumerable<int> SeenUpTo(int node) => SessionBefore(node).Append(node)
        .SelectMany(ReadsOf).Select(read => _writer[read]).Where(writer => writer >= 0);

    private IEnumerable<int> Shown(int node, Bytes key) => ReadsOf(node)
        .Where(read => _reads[read].Key == key && _writer[read] >= 0).Select(read => _writer[read]);

    private IEnumerable<int> SessionBefore(int node)
    {
        for (var earlier = _previous[node]; earlier >= 0; earlier = _previous[earlier])
        {
            yield return earlier;
        }
    }

    private bool WritesKey(int node, Bytes key) => _nodes[node].Writes.ContainsKey(key);

    private sealed class Node
    {
        private readonly IReadOnlyList<HistoryStep> _steps;

        public Node(Operation operation, IReadOnlyList<HistoryStep> steps, int number)
        {
            Operation = operation;
            Number = number;
            _steps = steps;

            foreach (var step in steps)
            {
                if (step is HistoryStep.Write write)
                {
                    Writes[write.Key] = write.Value;
                    Version = write.Version;
                }
                else if (step is HistoryStep.Delete delete)
                {
                    Writes[delete.Key] = null;
                    Version = delete.Version;
                }
            }
        }

        public Operation Operation { get; }

        public int Number { get; }

        public Dictionary<Bytes, Bytes?> Writes { get; } = [];

        public HistoryVersion? Version { get; }

        public IEnumerable<(Bytes Key, Bytes? Value, HistoryVersion? Version)> Reads(List<Node> all)
            => _steps.SelectMany(step => step switch
            {
                HistoryStep.Read(var key, var value, var version) => [(key, value, version)],
                HistoryStep.Push(var key, var value, var version) => [(key, value, version)],
                HistoryStep.Scan scan => Scanned(scan, all),
                _ => Array.Empty<(Bytes, Bytes?, HistoryVersion?)>(),
            });

        private static (Bytes Key, Bytes? Value, HistoryVersion? Version)[] Scanned(
            HistoryStep.Scan scan, List<Node> all)
        {
            var absent = all.SelectMany(node => node.Writes.Keys).Distinct().Where(key =>
                key.StartsWith(scan.Prefix)
                && (scan.After is not { } after || key > after)
                && (scan.Through is not { } through || key <= through)
                && scan.Rows.All(row => row.Key != key));

            return [
                .. scan.Rows.Select(row => (row.Key, (Bytes?)row.Value, row.Version)),
                .. absent.Select(key => (key, (Bytes?)null, (HistoryVersion?)null)),
            ];
        }
    }
}
