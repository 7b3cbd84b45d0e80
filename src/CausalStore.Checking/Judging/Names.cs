namespace CausalStore.Checking.Judging;

// Numbers for keys and for values of keys, and the written keys in byte order (what a scan did not show).
internal sealed class Names
{
    private readonly Dictionary<Bytes, int> _keys = [];
    private readonly Dictionary<(int Key, Bytes? Value), int> _values = [];
    private Bytes[] _writtenKeys = [];
    private int[] _writtenNumbers = [];

    public List<Bytes> Keys { get; } = [];

    public List<(int Key, Bytes? Value)> Values { get; } = [];

    public int Key(Bytes key)
    {
        if (_keys.TryGetValue(key, out var number))
        {
            return number;
        }

        _keys.Add(key, Keys.Count);
        Keys.Add(key);
        return Keys.Count - 1;
    }

    public int Value(int key, Bytes? value)
    {
        if (_values.TryGetValue((key, value), out var number))
        {
            return number;
        }

        _values.Add((key, value), Values.Count);
        Values.Add((key, value));
        return Values.Count - 1;
    }

    /// <summary>To be called when all written keys, and no others, have their numbers.</summary>
    public void EndOfWrittenKeys()
    {
        _writtenKeys = [.. Keys];
        _writtenNumbers = [.. Enumerable.Range(0, Keys.Count)];
        Array.Sort(_writtenKeys, _writtenNumbers);
    }

    public bool IsWritten(int key) => key < _writtenNumbers.Length;

    /// <summary>The written keys that the scan would have shown, had they had a value.</summary>
    public IEnumerable<int> KeysOf(HistoryStep.Scan scan)
    {
        var after = scan.After is { } bound && bound >= scan.Prefix ? bound : (Bytes?)null;
        var first = Array.BinarySearch(_writtenKeys, after ?? scan.Prefix);
        first = first < 0 ? ~first : first + (after is null ? 0 : 1);

        for (var i = first; i < _writtenKeys.Length && _writtenKeys[i].StartsWith(scan.Prefix); i++)
        {
            if (scan.Through is { } through && _writtenKeys[i] > through)
            {
                break;
            }

            yield return _writtenNumbers[i];
        }
    }
}
