namespace CausalStore.Checking.Judging;

// The reads, or the writes, of all nodes: those of node n are numbered Start[n] to Start[n + 1] - 1.
internal sealed class Entries
{
    private readonly List<int> _start = [0];

    public List<int> Key { get; } = [];

    public List<int> Value { get; } = [];

    public List<HistoryVersion?> Version { get; } = [];

    public int Count => Key.Count;

    public int Start(int node) => _start[node];

    public int End(int node) => _start[node + 1];

    public int NodeOf(int entry)
    {
        var found = _start.BinarySearch(entry);

        if (found < 0)
        {
            return ~found - 1;
        }

        while (_start[found + 1] == entry)
        {
            found++;
        }

        return found;
    }

    public void Add(int key, int value, HistoryVersion? version)
    {
        Key.Add(key);
        Value.Add(value);
        Version.Add(version);
    }

    public void EndNode() => _start.Add(Key.Count);
}
