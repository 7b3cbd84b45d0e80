namespace CausalStore.Replication;

/// <summary>Which keys have changed since somebody last asked: each once, however often it did.</summary>
internal sealed class ChangedKeys
{
    private readonly List<int> _numbers = [];
    private readonly List<byte[]> _removed = [];
    private ulong[] _isNoted = [];

    /// <summary>Notes that a record was added or has another value.</summary>
    public void Note(int number)
    {
        int word = number >> 6;

        if (word >= _isNoted.Length)
        {
            Array.Resize(ref _isNoted, Math.Max(2 * _isNoted.Length, word + 1));
        }

        ulong bit = 1UL << (number & 63);

        if ((_isNoted[word] & bit) == 0)
        {
            _isNoted[word] |= bit;
            _numbers.Add(number);
        }
    }

    /// <summary>Notes that a key is gone.</summary>
    public void NoteRemoved(ReadOnlySpan<byte> key) => _removed.Add(key.ToArray());

    /// <summary>What was noted, and forgets it. A number may be free by now, or another key's, which has then
    /// changed as well; a key that was removed may be back.</summary>
    public (int[] Numbers, byte[][] Removed) Take()
    {
        (int[] Numbers, byte[][] Removed) taken = ([.. _numbers], [.. _removed]);
        Clear();
        return taken;
    }

    public void Clear()
    {
        foreach (int number in _numbers)
        {
            _isNoted[number >> 6] = 0;
        }

        _numbers.Clear();
        _removed.Clear();
    }
}
