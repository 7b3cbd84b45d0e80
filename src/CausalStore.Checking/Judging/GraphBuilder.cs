namespace CausalStore.Checking.Judging;

// Turns a history into a graph. Which write a read shows is left to ReadsFrom.
internal sealed class GraphBuilder
{
    private const Promises AroundOwnWrite =
        Promises.ReadYourWrites | Promises.CausalConsistency | Promises.CausalConvergence;

    private readonly Names _names = new();
    private readonly Entries _reads = new();
    private readonly Entries _writes = new();
    private readonly List<Operation> _operations = [];
    private readonly List<int> _stepOf = [];
    private readonly List<int> _chainOf = [];
    private readonly List<int> _previous = [];
    private readonly List<int> _chainStart = [0];
    private readonly List<HistoryVersion?> _versions = [];
    private readonly Dictionary<int, int> _overwritten = [];
    private readonly List<(Operation Operation, int Previous)> _unknown = [];
    private readonly HashSet<int> _readValues = [];

    // The keys that the operation at hand has written so far, with the value.
    private readonly Dictionary<int, int> _own = [];
    private readonly HashSet<int> _rows = [];
    private readonly Findings _findings;

    private GraphBuilder(Findings findings)
    {
        _findings = findings;
    }

    /// <param name="history">What to judge.</param>
    /// <param name="findings">Told of a transaction that does not read its own writes.</param>
    public static Graph Build(History history, Findings findings)
    {
        var builder = new GraphBuilder(findings);
        builder.NumberWrittenKeys(history);

        foreach (var session in history.Sessions)
        {
            builder.AddSession(session);
        }

        var sessions = builder._chainStart.Count - 1;
        builder.AddUnknownWrites();
        return builder.Finish(sessions);
    }

    private void NumberWrittenKeys(History history)
    {
        foreach (var step in history.Sessions.SelectMany(s => s.Operations).SelectMany(o => o.Steps))
        {
            if (KeyWrittenBy(step) is { } key)
            {
                _names.Key(key);
            }
        }

        _names.EndOfWrittenKeys();
    }

    private void AddSession(SessionHistory session)
    {
        var previous = -1;

        foreach (var operation in session.Operations)
        {
            if (operation.OutcomeUnknown)
            {
                _unknown.Add((operation, previous));
                continue;
            }

            var pushes = operation.Steps[0] is HistoryStep.Push ? operation.Steps.Count : 0;

            for (var step = 0; step < Math.Max(1, pushes); step++)
            {
                previous = AddNode(operation, pushes > 0 ? step : -1, previous);
            }
        }

        _chainStart.Add(_operations.Count);
    }

    // A write that may have happened counts only if somebody may have seen it: what nobody saw shows nothing.
    private void AddUnknownWrites()
    {
        foreach (var (operation, previous) in _unknown)
        {
            if (operation.Steps.Any(MayHaveBeenSeen))
            {
                AddNode(operation, -1, previous);
                _chainStart.Add(_operations.Count);
            }
        }
    }

    private bool MayHaveBeenSeen(HistoryStep step) => step switch
    {
        HistoryStep.Write(var key, var value, _)
            => _readValues.Contains(_names.Value(_names.Key(key), value)),
        _ => true,
    };

    private int AddNode(Operation operation, int onlyStep, int previous)
    {
        var node = _operations.Count;
        _operations.Add(operation);
        _stepOf.Add(onlyStep);
        _chainOf.Add(_chainStart.Count - 1);
        _previous.Add(previous);
        _own.Clear();
        HistoryVersion? version = null;

        for (var i = 0; i < operation.Steps.Count; i++)
        {
            if (onlyStep < 0 || onlyStep == i)
            {
                AddStep(node, operation.Steps[i]);
                version ??= OperationRules.VersionOf(operation.Steps[i]);
            }
        }

        foreach (var (key, value) in _own)
        {
            _writes.Add(key, value, version);
        }

        _versions.Add(version);
        _writes.EndNode();
        _reads.EndNode();
        return node;
    }

    private void AddStep(int node, HistoryStep step)
    {
        switch (step)
        {
            case HistoryStep.Write(var key, var value, _):
                AddWrite(node, key, value);
                break;
            case HistoryStep.Delete(var key, _):
                AddWrite(node, key, null);
                break;
            case HistoryStep.Read(var key, var value, var version):
                AddRead(node, _names.Key(key), value, version);
                break;
            case HistoryStep.Push(var key, var value, var version):
                AddRead(node, _names.Key(key), value, version);
                break;
            case HistoryStep.Scan scan:
                AddScan(node, scan);
                break;
        }
    }

    private void AddWrite(int node, Bytes key, Bytes? value)
    {
        var number = _names.Key(key);
        var written = _names.Value(number, value);

        if (_own.TryGetValue(number, out var before) && before != written)
        {
            _overwritten[before] = node;
        }

        _own[number] = written;
    }

    private void AddRead(int node, int key, Bytes? value, HistoryVersion? version)
    {
        var number = _names.Value(key, value);

        if (_own.TryGetValue(key, out var written))
        {
            if (written != number)
            {
                _findings.Report(ViolationKind.ReadsAroundOwnWrite, AroundOwnWrite, () =>
                    OwnWriteStory(_operations[node], _names.Keys[key], value));
            }

            return;
        }

        _readValues.Add(number);
        _reads.Add(key, number, version);
    }

    private void AddScan(int node, HistoryStep.Scan scan)
    {
        _rows.Clear();

        foreach (var row in scan.Rows)
        {
            var key = _names.Key(row.Key);
            _rows.Add(key);
            AddRead(node, key, row.Value, row.Version);
        }

        foreach (var key in _names.KeysOf(scan))
        {
            if (!_rows.Contains(key))
            {
                AddRead(node, key, null, null);
            }
        }
    }

    private Graph Finish(int sessions)
    {
        int[] chainOf = [.. _chainOf];

        return new Graph
        {
            Operations = [.. _operations],
            StepOf = [.. _stepOf],
            ChainOf = chainOf,
            ChainStart = [.. _chainStart],
            Previous = [.. _previous],
            FirstUnknownChain = sessions,
            Keys = _names.Keys,
            Values = _names.Values,
            Reads = _reads,
            Writes = _writes,
            WritersOfKey = WriteIndex.Build(_writes, _writes.Key, _names.Keys.Count, chainOf.Length, chainOf),
            WritersOfValue = WriteIndex.Build(
                _writes, _writes.Value, _names.Values.Count, chainOf.Length, chainOf),
            Overwritten = _overwritten,
            WriterOf = new int[_reads.Count],
            VersionOf = [.. _versions],
        };
    }

    private static Story OwnWriteStory(Operation operation, Bytes key, Bytes? value)
    {
        var name = $"{operation.Session}#{operation.Number}";
        var shown = value is { } some ? $"{key} = {some}" : $"{key} missing";

        return new Story($"{name} wrote {key} and then, in the same operation, read {shown}.")
            .Operation(name, $"wrote {key}, then read {shown}")
            .Say("What an operation has written hides from it whatever others wrote.");
    }

    private static Bytes? KeyWrittenBy(HistoryStep step) => step switch
    {
        HistoryStep.Write write => write.Key,
        HistoryStep.Delete delete => delete.Key,
        _ => (Bytes?)null,
    };
}
