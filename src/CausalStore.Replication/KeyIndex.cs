namespace CausalStore.Replication;

// Key to the number of its record (extendible hashing: Fagin, Nievergelt, Pippenger, Strong, 1979).
//
// A directory, indexed by the first bits of a key's hash, leads to small tables of slots, and each table is
// split in two when it is full: so growing costs a little now and then, and never stalls. A slot holds the
// whole hash beside the number, so a key is only looked at when it is very likely the right one, and
// splitting looks at none.
internal sealed class KeyIndex(RecordHeap records)
{
    private const int SlotBits = 11;
    private const int Slots = 1 << SlotBits;
    private const int SlotMask = Slots - 1;
    private const int UsedMax = Slots * 4 / 5;

    private Table[] _directory = [new Table(0)];
    private int _depth;

    private sealed class Table(int depth)
    {
        /// <summary>How many bits of a hash lead here.</summary>
        public int Depth { get; } = depth;

        /// <summary>HASH:32 NUMBER + 1:32, or 0; behind one another from where the hash's last bits
        /// say.</summary>
        public ulong[] Slots { get; } = new ulong[KeyIndex.Slots];

        public int Used { get; set; }
    }

    /// <summary>The number of the key's record; -1: there is none.</summary>
    public int Find(ReadOnlySpan<byte> key, uint hash)
    {
        ulong[] slots = TableOf(hash).Slots;

        for (int at = (int)hash & SlotMask; slots[at] != 0; at = (at + 1) & SlotMask)
        {
            if ((uint)(slots[at] >> 32) == hash && records[NumberIn(slots[at])].Key.SequenceEqual(key))
            {
                return NumberIn(slots[at]);
            }
        }

        return -1;
    }

    /// <summary>Adds a key that is not there.</summary>
    public void Add(uint hash, int number)
    {
        var table = TableOf(hash);

        while (table.Used >= UsedMax && table.Depth < 32 - SlotBits)
        {
            Split(hash, table);
            table = TableOf(hash);
        }

        Invariant.Holds(table.Used < Slots - 1, "a table of the index has room: hashes are spread");
        Put(table, ((ulong)hash << 32) | ((uint)number + 1));
    }

    /// <summary>Removes a key that is there.</summary>
    public void Remove(uint hash, int number)
    {
        var table = TableOf(hash);
        ulong[] slots = table.Slots;
        int at = (int)hash & SlotMask;

        while (NumberIn(slots[at]) != number)
        {
            at = (at + 1) & SlotMask;
        }

        table.Used--;

        // Whatever stands behind and would be at home here or before moves up, so that no gap hides it.
        for (int next = (at + 1) & SlotMask; slots[next] != 0; next = (next + 1) & SlotMask)
        {
            int home = (int)(slots[next] >> 32) & SlotMask;

            if (((next - home) & SlotMask) >= ((next - at) & SlotMask))
            {
                slots[at] = slots[next];
                at = next;
            }
        }

        slots[at] = 0;
    }

    public void Clear()
    {
        _directory = [new Table(0)];
        _depth = 0;
    }

    private Table TableOf(uint hash) => _directory[_depth == 0 ? 0 : hash >> (32 - _depth)];

    private static int NumberIn(ulong slot) => (int)(uint)slot - 1;

    private static void Put(Table table, ulong slot)
    {
        int at = (int)(slot >> 32) & SlotMask;

        while (table.Slots[at] != 0)
        {
            at = (at + 1) & SlotMask;
        }

        table.Slots[at] = slot;
        table.Used++;
    }

    private void Split(uint hash, Table table)
    {
        if (table.Depth == _depth)
        {
            Table[] larger = new Table[2 * _directory.Length];

            for (int index = 0; index < larger.Length; index++)
            {
                larger[index] = _directory[index / 2];
            }

            _directory = larger;
            _depth++;
        }

        int depth = table.Depth + 1;
        Table[] halves = [new Table(depth), new Table(depth)];

        foreach (ulong slot in table.Slots)
        {
            if (slot != 0)
            {
                Put(halves[(slot >> (64 - depth)) & 1], slot);
            }
        }

        // All the places of the directory that lead to it begin with the same bits.
        int places = 1 << (_depth - table.Depth);
        int first = (int)(hash >> (32 - _depth)) & ~(places - 1);

        for (int index = 0; index < places; index++)
        {
            _directory[first + index] = halves[index < places / 2 ? 0 : 1];
        }
    }
}
