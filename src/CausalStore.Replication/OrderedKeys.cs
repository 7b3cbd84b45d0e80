namespace CausalStore.Replication;

// The keys in byte order: runs of record numbers, each in order, one behind the other. A run that is full is
// cut in two, so that a new key moves few numbers, and a scan of a page costs what the page costs.
internal sealed class OrderedKeys(RecordHeap records)
{
    private const int RunMax = 512;

    private readonly List<Run> _runs = [];

    private sealed class Run
    {
        public int[] Numbers { get; } = new int[RunMax];

        public int Count { get; set; }

        public ReadOnlySpan<int> Used => Numbers.AsSpan(0, Count);
    }

    /// <summary>Adds a record whose key is not there.</summary>
    public void Add(int number)
    {
        if (_runs.Count == 0)
        {
            Run first = new() { Count = 1 };
            first.Numbers[0] = number;
            _runs.Add(first);
            return;
        }

        var key = records[number].Key;
        int at = RunOf(key);
        var run = _runs[at];
        int place = PlaceIn(run, key);

        if (run.Count == RunMax)
        {
            run = Cut(at, ref place);
        }

        Array.Copy(run.Numbers, place, run.Numbers, place + 1, run.Count - place);
        run.Numbers[place] = number;
        run.Count++;
    }

    /// <summary>Removes a record; its key must still be readable.</summary>
    public void Remove(int number)
    {
        var key = records[number].Key;
        int at = RunOf(key);
        var run = _runs[at];
        int place = PlaceIn(run, key);
        run.Count--;
        Array.Copy(run.Numbers, place + 1, run.Numbers, place, run.Count - place);

        if (run.Count == 0)
        {
            _runs.RemoveAt(at);
        }
    }

    /// <summary>The records whose keys are not below <paramref name="first"/>, in order. Nothing may change
    /// meanwhile.</summary>
    public IEnumerable<int> From(byte[] first)
    {
        if (_runs.Count == 0)
        {
            yield break;
        }

        int at = RunOf(first);

        for (int place = PlaceIn(_runs[at], first); at < _runs.Count; at++, place = 0)
        {
            for (; place < _runs[at].Count; place++)
            {
                yield return _runs[at].Numbers[place];
            }
        }
    }

    /// <summary>All records in order. Nothing may change meanwhile.</summary>
    public IEnumerable<int> All()
    {
        foreach (var run in _runs)
        {
            for (int place = 0; place < run.Count; place++)
            {
                yield return run.Numbers[place];
            }
        }
    }

    public void Clear() => _runs.Clear();

    /// <summary>The last run that begins at or before a key, else the first.</summary>
    private int RunOf(ReadOnlySpan<byte> key)
    {
        int low = 0;
        int high = _runs.Count;

        // Keys often come in order.
        if (IsBefore(_runs[^1].Numbers[0], key))
        {
            return high - 1;
        }

        while (high - low > 1)
        {
            int middle = (low + high) / 2;
            (low, high) = records[_runs[middle].Numbers[0]].Key.SequenceCompareTo(key) <= 0
                ? (middle, high)
                : (low, middle);
        }

        return low;
    }

    /// <summary>The place of the first key in a run that is not below this one.</summary>
    private int PlaceIn(Run run, ReadOnlySpan<byte> key)
    {
        int low = 0;
        int high = run.Count;

        if (high > 0 && IsBefore(run.Numbers[high - 1], key))
        {
            return high;
        }

        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = IsBefore(run.Numbers[middle], key) ? (middle + 1, high) : (low, middle);
        }

        return low;
    }

    private bool IsBefore(int number, ReadOnlySpan<byte> key) =>
        records[number].Key.SequenceCompareTo(key) < 0;

    /// <summary>Cuts a full run in two; at the very end, where keys come in order, it is left full.</summary>
    private Run Cut(int at, ref int place)
    {
        var full = _runs[at];
        bool isAppended = at == _runs.Count - 1 && place == RunMax;
        int kept = isAppended ? RunMax : RunMax / 2;
        Run rest = new() { Count = RunMax - kept };
        full.Used[kept..].CopyTo(rest.Numbers);
        full.Count = kept;
        _runs.Insert(at + 1, rest);

        if (place < kept || (place == kept && !isAppended))
        {
            return full;
        }

        place -= kept;
        return rest;
    }
}
