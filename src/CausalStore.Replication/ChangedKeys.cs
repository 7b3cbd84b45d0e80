using System.Numerics;

namespace CausalStore.Replication;

/// <summary>Which keys have changed since somebody last asked: each once, however often it did.</summary>
internal sealed class ChangedKeys
{
    private const int WordBits = 64;

    private readonly List<byte[]> _removed = [];
    private ulong[] _isNoted = [];
    private int _count;

    /// <summary>Notes that a record was added or has another value.</summary>
    public void Note(int number)
    {
        int word = number / WordBits;

        if (word >= _isNoted.Length)
        {
            Array.Resize(ref _isNoted, Math.Max(2 * _isNoted.Length, word + 1));
        }

        ulong bit = 1UL << (number % WordBits);
        _count += (_isNoted[word] & bit) == 0 ? 1 : 0;
        _isNoted[word] |= bit;
    }

    /// <summary>Notes that a key is gone.</summary>
    public void NoteRemoved(ReadOnlySpan<byte> key) => _removed.Add(key.ToArray());

    /// <summary>What was noted, and forgets it: numbers in rising order, as they stand in memory, more or
    /// less. A number may be free by now, or another key's, which has then changed as well; a key that was
    /// removed may be back.</summary>
    public (int[] Numbers, byte[][] Removed) Take()
    {
        int[] numbers = new int[_count];
        int next = 0;

        for (int word = 0; next < _count; word++)
        {
            for (ulong bits = _isNoted[word]; bits != 0; bits &= bits - 1)
            {
                numbers[next++] = (word * WordBits) + BitOperations.TrailingZeroCount(bits);
            }
        }

        byte[][] removed = [.. _removed];
        Clear();
        return (numbers, removed);
    }

    public void Clear()
    {
        Array.Clear(_isNoted);
        _count = 0;
        _removed.Clear();
    }
}
