using System.Buffers.Binary;
using CausalStore.Replication;

namespace CausalStore.Server.Storage;

/// <summary>Records in byte order of their keys.</summary>
internal static class KeyOrder
{
    /// <summary>The numbers of the records, ordered.</summary>
    /// <remarks>Numbers are compared many times faster than keys, so records are ordered by the eight bytes
    /// behind what all keys share; only where those are the same, by their keys.</remarks>
    public static int[] Of(FrozenRecords records)
    {
        int shared = SharedPrefix(records);
        ulong[] heads = new ulong[records.Count];
        int[] order = new int[records.Count];

        for (int index = 0; index < order.Length; index++)
        {
            heads[index] = Head(records[index].Key[shared..]);
            order[index] = index;
        }

        heads.AsSpan().Sort(order.AsSpan());

        for (int start = 0, end; start < order.Length; start = end)
        {
            for (end = start + 1; end < order.Length && heads[end] == heads[start];)
            {
                end++;
            }

            if (end - start > 1)
            {
                order.AsSpan(start..end).Sort(
                    (left, right) => records[left].Key.SequenceCompareTo(records[right].Key));
            }
        }

        return order;
    }

    private static int SharedPrefix(FrozenRecords records)
    {
        if (records.Count == 0)
        {
            return 0;
        }

        var shared = records[0].Key;

        for (int index = 1; index < records.Count && !shared.IsEmpty; index++)
        {
            shared = shared[..shared.CommonPrefixLength(records[index].Key)];
        }

        return shared.Length;
    }

    /// <summary>The first bytes as a number; a shorter key is filled up with zeros, so it comes no later than
    /// what begins with it.</summary>
    private static ulong Head(ReadOnlySpan<byte> key)
    {
        if (key.Length >= sizeof(ulong))
        {
            return BinaryPrimitives.ReadUInt64BigEndian(key);
        }

        ulong head = 0;

        for (int index = 0; index < sizeof(ulong); index++)
        {
            head = (head << 8) | (index < key.Length ? key[index] : (byte)0);
        }

        return head;
    }
}
