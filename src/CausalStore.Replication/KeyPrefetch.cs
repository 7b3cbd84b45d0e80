namespace CausalStore.Replication;

/// <summary>
/// Brings the memory of the keys that the next lines name into the processor's cache, so that the waits for
/// it overlap instead of following one another. It changes nothing that anybody can see.
/// </summary>
/// <remarks>Group prefetching: Chen, Ailamaki, Gibbons, Mowry, Improving Hash Join Performance through
/// Prefetching (2004), section 4; with plain loads, which the processor lets overlap as well.</remarks>
internal sealed class KeyPrefetch(ReplicaState state)
{
    /// <summary>Words before the key in <c>write KEY VALUE</c>, <c>read KEY</c>, <c>delete KEY</c>.</summary>
    public const int WordsBeforeKeyInRequest = 1;

    /// <summary>Words before the first key in <c>replicate VERSION PREVIOUS NEEDS write KEY
    /// VALUE</c>.</summary>
    public const int WordsBeforeKeyInWrite = 5;

    /// <summary>Lines that are looked at together.</summary>
    public const int Group = 16;

    // Longer lines cost more than a wait for memory; and a line that is still coming is looked at again.
    private const int BytesMax = 4096;

    private readonly uint[] _hashes = new uint[Group];

    /// <summary>Looks at the first lines, where no quotes are.</summary>
    /// <returns>How many lines may follow before it is worth looking again.</returns>
    public int Look(ReadOnlySpan<byte> lines, int wordsBeforeKey)
    {
        lines = lines[..Math.Min(lines.Length, BytesMax)];
        int keys = 0;

        for (int count = 0; count < Group; count++)
        {
            int length = lines.IndexOf((byte)'\n');

            if (length < 0)
            {
                break;
            }

            var key = Word(lines[..length], wordsBeforeKey);
            lines = lines[(length + 1)..];

            if (!key.IsEmpty)
            {
                _hashes[keys++] = KeyIndex.HashOf(key);
            }
        }

        if (keys > 1)
        {
            state.Store.Touch(_hashes.AsSpan(0, keys));
        }

        return Group;
    }

    /// <summary>The word after so many others; of a line with fewer, the last one.</summary>
    internal static ReadOnlySpan<byte> Word(ReadOnlySpan<byte> line, int wordsBefore)
    {
        for (; wordsBefore > 0; wordsBefore--)
        {
            line = line[(line.IndexOf((byte)' ') + 1)..];
        }

        int end = line.IndexOf((byte)' ');
        return end < 0 ? line : line[..end];
    }
}
