using System.Runtime.InteropServices;
using CausalStore.Protocol;

namespace CausalStore.Replication;

// Keys, values and versions, in blocks of bytes that the collector never walks.
//
// A record has a number, and a table tells where it is: so records may move, and what finds them (KeyIndex,
// OrderedKeys) needs four bytes for each. A new value of the same length takes the place of the old one; any
// other is written at the end, and what it leaves behind is dead. A block that is half dead is emptied, a few
// records with each change, so that nothing ever stalls.
//
// While somebody reads the records of one moment (a copy of the state, a save), the blocks of that moment are
// frozen: nothing in them is written over or moved, whatever is changed meanwhile.
internal sealed class RecordHeap
{
    private const int BlockBits = 20;
    private const int BlockBytes = 1 << BlockBits;
    private const int FirstBlockBytes = 4096;
    private const int OffsetMask = BlockBytes - 1;
    private const int TableBits = 12;
    private const int SparesMax = 4;
    private const int CompactedAtLeastBytes = 256;

    private readonly List<Block?> _blocks = [];
    private readonly Stack<int> _freeBlocks = [];
    private readonly Stack<byte[]> _spares = [];
    private readonly Queue<Block> _halfDead = [];
    private readonly List<long[]> _table = [];
    private Block _head;
    private int _records;
    private int _firstFree = -1;
    private int _freezes;

    /// <summary>A run of records, one behind the other.</summary>
    internal sealed class Block(int index, byte[] bytes)
    {
        public int Index { get; } = index;

        public byte[] Bytes { get; } = bytes;

        public int End { get; set; }

        public int DeadBytes { get; set; }

        /// <summary>Where the emptying of a block that is half dead has come to.</summary>
        public int Emptied { get; set; }

        public bool IsFrozen { get; set; }

        public bool IsQueued { get; set; }
    }

    public RecordHeap() => _head = NewBlock(FirstBlockBytes);

    public int Count { get; private set; }

    /// <summary>Memory for records, those that are dead included.</summary>
    public long Bytes { get; private set; }

    /// <summary>Numbers that have been given out are below this; some of them may be free again.</summary>
    public int NumbersEnd => _records;

    public Stored this[int number] => new(RecordAt(PlaceOf(number)));

    /// <summary>Whether the number is in use.</summary>
    public bool Contains(int number) => PlaceOf(number) >= 0;

    /// <summary>A new record; returns its number.</summary>
    public int Add(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, bool isTombstone, WriteVersion version)
    {
        int number = _firstFree;

        if (number >= 0)
        {
            _firstFree = (int)(-2 - PlaceOf(number));
        }
        else
        {
            number = _records++;

            if (number >> TableBits == _table.Count)
            {
                _table.Add(new long[1 << TableBits]);
            }
        }

        PlaceOf(number) = Append(number, key, value, isTombstone, version);
        Count++;
        Compact(key.Length + value.Length);
        return number;
    }

    /// <summary>Another value and version for a key.</summary>
    public void Replace(int number, ReadOnlySpan<byte> value, bool isTombstone, WriteVersion version)
    {
        long place = PlaceOf(number);
        var block = _blocks[(int)(place >> BlockBits)]!;
        var record = WritableRecordAt(place);
        int length = isTombstone ? -1 : value.Length;

        if (!block.IsFrozen && Record.ValueLengthOf(record) == length)
        {
            Record.SetVersion(record, version);
            value.CopyTo(record[^value.Length..]);
            return;
        }

        // Appending may move the head; the old record stays where it is until it is dead.
        PlaceOf(number) = Append(number, Record.KeyOf(record), value, isTombstone, version);
        Kill(block, record.Length);
        Compact(record.Length + value.Length);
    }

    /// <summary>Forgets a record; its number is given out again.</summary>
    public void Remove(int number)
    {
        long place = PlaceOf(number);
        var block = _blocks[(int)(place >> BlockBits)]!;
        int length = RecordAt(place).Length;
        PlaceOf(number) = -2 - _firstFree;
        _firstFree = number;
        Count--;
        Kill(block, length);
    }

    /// <summary>All records as they are now, readable by anybody until it is thawed.</summary>
    public FrozenRecords Freeze() => new(this, Places());

    /// <summary>Some of the records as they are now, readable by anybody until it is thawed.</summary>
    public FrozenRecords Freeze(IEnumerable<int> numbers) =>
        new(this, [.. numbers.Where(Contains).Select(number => PlaceOf(number))]);

    internal Block?[] BeginFreeze()
    {
        _freezes++;

        foreach (var block in _blocks)
        {
            if (block is not null)
            {
                block.IsFrozen = true;
            }
        }

        Block?[] frozen = [.. _blocks];
        LeaveHead();
        return frozen;
    }

    internal void EndFreeze()
    {
        if (--_freezes > 0)
        {
            return;
        }

        foreach (var block in _blocks.ToArray())
        {
            if (block is not null)
            {
                block.IsFrozen = false;
                ConsiderEmptying(block);
            }
        }
    }

    internal static ReadOnlySpan<byte> RecordIn(Block?[] blocks, long place)
    {
        var rest = blocks[(int)(place >> BlockBits)]!.Bytes.AsSpan((int)place & OffsetMask);
        return rest[..Record.LengthOf(rest)];
    }

    private ref long PlaceOf(int number) =>
        ref CollectionsMarshal.AsSpan(_table)[number >> TableBits][number & ((1 << TableBits) - 1)];

    private long[] Places()
    {
        var places = new long[Count];
        int next = 0;

        for (int number = 0; number < _records; number++)
        {
            if (Contains(number))
            {
                places[next++] = PlaceOf(number);
            }
        }

        return places;
    }

    private ReadOnlySpan<byte> RecordAt(long place) => WritableRecordAt(place);

    private Span<byte> WritableRecordAt(long place)
    {
        var rest = _blocks[(int)(place >> BlockBits)]!.Bytes.AsSpan((int)place & OffsetMask);
        return rest[..Record.LengthOf(rest)];
    }

    private long Append(
        int number, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, bool isTombstone, WriteVersion version)
    {
        var record = Reserve(Record.HeaderBytes + key.Length + value.Length, out long place);
        Record.Write(record, number, key, value, isTombstone, version);
        return place;
    }

    private Span<byte> Reserve(int length, out long place)
    {
        if (length > _head.Bytes.Length / 2)
        {
            var own = NewBlock(length);
            own.End = length;
            place = (long)own.Index << BlockBits;
            return own.Bytes;
        }

        if (_head.End + length > _head.Bytes.Length)
        {
            LeaveHead();
        }

        place = ((long)_head.Index << BlockBits) | (uint)_head.End;
        var record = _head.Bytes.AsSpan(_head.End, length);
        _head.End += length;
        return record;
    }

    private void LeaveHead()
    {
        var left = _head;
        _head = NewBlock(Math.Min(2 * left.Bytes.Length, BlockBytes));
        left.DeadBytes += left.Bytes.Length - left.End;
        ConsiderEmptying(left);
    }

    private Block NewBlock(int bytes)
    {
        byte[] memory = bytes == BlockBytes && _spares.TryPop(out byte[]? spare)
            ? spare
            : GC.AllocateUninitializedArray<byte>(bytes);
        int index = _freeBlocks.TryPop(out int free) ? free : _blocks.Count;
        Block block = new(index, memory);
        Bytes += memory.Length;

        if (index == _blocks.Count)
        {
            _blocks.Add(block);
        }
        else
        {
            _blocks[index] = block;
        }

        return block;
    }

    private void Kill(Block block, int bytes)
    {
        block.DeadBytes += bytes;
        ConsiderEmptying(block);
    }

    private void ConsiderEmptying(Block block)
    {
        if (block == _head || block.IsFrozen || block.IsQueued)
        {
            return;
        }

        if (block.DeadBytes >= block.Bytes.Length)
        {
            Release(block);
        }
        else if (block.DeadBytes >= block.Bytes.Length / 2)
        {
            block.IsQueued = true;
            block.Emptied = 0;
            _halfDead.Enqueue(block);
        }
    }

    /// <summary>Moves what is alive out of blocks that are half dead: the more is written, the more is
    /// moved.</summary>
    private void Compact(int changedBytes)
    {
        int bytes = CompactedAtLeastBytes + (2 * changedBytes);

        while (bytes > 0 && _halfDead.TryPeek(out var block))
        {
            if (block.IsFrozen || block.Emptied == block.End)
            {
                _halfDead.Dequeue();
                block.IsQueued = false;
                ReleaseIfEmptied(block);
                continue;
            }

            ReadOnlySpan<byte> rest = block.Bytes.AsSpan(block.Emptied);
            var record = rest[..Record.LengthOf(rest)];
            Move(block, record);
            block.Emptied += record.Length;
            bytes -= record.Length;
        }
    }

    private void Move(Block block, ReadOnlySpan<byte> record)
    {
        ref long place = ref PlaceOf(Record.NumberOf(record));

        if (place == (((long)block.Index << BlockBits) | (uint)block.Emptied))
        {
            record.CopyTo(Reserve(record.Length, out place));
            block.DeadBytes += record.Length;
        }
    }

    private void ReleaseIfEmptied(Block block)
    {
        if (!block.IsFrozen)
        {
            Release(block);
        }
    }

    private void Release(Block block)
    {
        _blocks[block.Index] = null;
        Bytes -= block.Bytes.Length;
        _freeBlocks.Push(block.Index);

        if (block.Bytes.Length == BlockBytes && _spares.Count < SparesMax)
        {
            _spares.Push(block.Bytes);
        }
    }
}
