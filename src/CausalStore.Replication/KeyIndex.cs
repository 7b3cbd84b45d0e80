namespace CausalStore.Replication;

// Key to the place of its record (extendible hashing: Fagin, Nievergelt, Pippenger, Strong, 1979).
//
// A directory, indexed by the first bits of a key's hash, leads to small tables of slots, and each table is
// split in two when it is full: so growing costs a little now and then, and never stalls. A slot holds the
// hash beside the place, so a key is only looked at when it is very likely the right one, and splitting looks
// at none.
internal sealed class KeyIndex(RecordHeap records)
{
    private const int SlotBits = 11;
    private const int Slots = 1 << SlotBits;
    private const int SlotMask = Slots - 1;
    private const int UsedMax = Slots * 4 / 5;
    private const int HashBits = 64 - RecordHeap.PlaceBits;
    private const ulong PlaceMask = (1UL << RecordHeap.PlaceBits) - 1;

    private readonly ulong[] _split = new ulong[Slots];
    private Table[] _directory = [new Table(0)];
    private int _depth;

    private sealed class Table(int depth)
    {
        /// <summary>How many bits of a hash lead here.</summary>
        public int Depth { get; set; } = depth;

        /// <summary>HASH:30 PLACE:34, or 0; behind one another from where the hash's last bits
        /// say.</summary>
        public ulong[] Slots { get; } = new ulong[KeyIndex.Slots];

        public int Used { get; set; }
    }

    /// <summary>The place of the key's record; 0: there is none.</summary>
    /// <param name="hash">Of <see cref="HashOf"/>.</param>
    public long Find(ReadOnlySpan<byte> key, uint hash)
    {
        ulong[] slots = TableOf(hash).Slots;

        for (int at = (int)hash & SlotMask; slots[at] != 0; at = (at + 1) & SlotMask)
        {
            ulong slot = slots[at];

            if (HashIn(slot) == hash && records.At(PlaceIn(slot)).Key.SequenceEqual(key))
            {
                return PlaceIn(slot);
            }
        }

        return 0;
    }

    /// <summary>The place in the slot where a key with this hash is looked for first, most often its own; 0:
    /// the slot is free.</summary>
    public long HomeOf(uint hash) => PlaceIn(TableOf(hash).Slots[(int)hash & SlotMask]);

    /// <summary>The part of a key's hash that is used here.</summary>
    public static uint HashOf(ReadOnlySpan<byte> key)
    {
        HashCode hash = default;
        hash.AddBytes(key);
        return (uint)hash.ToHashCode() >> (32 - HashBits);
    }

    /// <summary>Adds a key that is not there.</summary>
    public void Add(uint hash, long place)
    {
        var table = TableOf(hash);

        while (table.Used >= UsedMax && table.Depth < HashBits - SlotBits)
        {
            Split(hash, table);
            table = TableOf(hash);
        }

        Invariant.Holds(table.Used < Slots - 1, "a table of the index has room: hashes are spread");
        Put(table, SlotOf(hash, place));
    }

    /// <summary>Removes a key that is there.</summary>
    public void Remove(uint hash, long place)
    {
        var table = TableOf(hash);
        ulong[] slots = table.Slots;
        int at = SlotWith(slots, hash, place);
        table.Used--;

        // Whatever stands behind and would be at home here or before moves up, so that no gap hides it.
        for (int next = (at + 1) & SlotMask; slots[next] != 0; next = (next + 1) & SlotMask)
        {
            int home = (int)HashIn(slots[next]) & SlotMask;

            if (((next - home) & SlotMask) >= ((next - at) & SlotMask))
            {
                slots[at] = slots[next];
                at = next;
            }
        }

        slots[at] = 0;
    }

    /// <summary>A record stands elsewhere.</summary>
    public void Move(uint hash, long from, long to)
    {
        ulong[] slots = TableOf(hash).Slots;
        slots[SlotWith(slots, hash, from)] = SlotOf(hash, to);
    }

    public void Clear()
    {
        _directory = [new Table(0)];
        _depth = 0;
    }

    private Table TableOf(uint hash) => _directory[_depth == 0 ? 0 : hash >> (HashBits - _depth)];

    private static ulong SlotOf(uint hash, long place) =>
        ((ulong)hash << RecordHeap.PlaceBits) | (ulong)place;

    private static uint HashIn(ulong slot) => (uint)(slot >> RecordHeap.PlaceBits);

    private static long PlaceIn(ulong slot) => (long)(slot & PlaceMask);

    private static int SlotWith(ulong[] slots, uint hash, long place)
    {
        int at = (int)hash & SlotMask;

        while (slots[at] != SlotOf(hash, place))
        {
            at = (at + 1) & SlotMask;
        }

        return at;
    }

    private static void Put(Table table, ulong slot)
    {
        int at = (int)HashIn(slot) & SlotMask;

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

        // All the places of the directory that lead to it begin with the same bits.
        int places = 1 << (_depth - table.Depth);
        int first = (int)(hash >> (HashBits - _depth)) & ~(places - 1);
        Table second = new(++table.Depth);
        _directory.AsSpan(first + (places / 2), places / 2).Fill(second);

        // The table stays as the first half, so that growing leaves nothing for the collector.
        table.Slots.CopyTo(_split, 0);
        Array.Clear(table.Slots);
        table.Used = 0;

        foreach (ulong slot in _split)
        {
            if (slot != 0)
            {
                Put(((slot >> (64 - table.Depth)) & 1) == 0 ? table : second, slot);
            }
        }
    }
}
