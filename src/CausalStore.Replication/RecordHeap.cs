using System.Runtime.InteropServices;
using CausalStore.Protocol;

namespace CausalStore.Replication;

/// <summary>Is told that a record stands elsewhere now.</summary>
internal delegate void RecordMoved(ReadOnlySpan<byte> key, long from, long to);

// Keys, values and versions, in blocks of bytes that the collector never walks.
//
// A record has a place, by which KeyIndex finds it at once; and, since records move, a number that stays, by
// which everybody else finds it through a table. A new value takes the place of the old one where it fits;
// any other is written at the end, and what it leaves behind is dead. A block that is half dead is emptied, a
// few records with each change, so that nothing ever stalls.
//
// While somebody reads the records of one moment (a copy of the state, a save), the blocks of that moment are
// frozen: nothing in them is written over or moved, whatever is changed meanwhile.
internal sealed class RecordHeap
{
    /// <summary>Bits of a place: which block, and where in it in steps of the alignment.</summary>
    public const int PlaceBits = 34;

    private const int BlockBits = 20;
    private const int BlockBytes = 1 << BlockBits;
    private const int StepBits = BlockBits - Record.AlignmentBits;
    private const int StepMask = (1 << StepBits) - 1;
    private const int BlocksMax = 1 << (PlaceBits - StepBits);
    private const int FirstBlockBytes = 4096;
    private const int TableBits = 12;
    private const int SparesMax = 4;
    private const int CompactedAtLeastBytes = 256;

    private readonly RecordMoved _moved;
    private readonly List<Block?> _blocks = [];
    private readonly Stack<int> _freeBlocks = [];
    private readonly Stack<byte[]> _spares = [];
    private readonly Queue<Block> _halfDead = [];
    private readonly List<long[]> _table = [];
    private byte[]?[] _bytes = new byte[16][];
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

    /// <param name="moved">Told of records that move by themselves.</param>
    public RecordHeap(RecordMoved moved)
    {
        _moved = moved;
        _head = NewHead(FirstBlockBytes);
    }

    public int Count { get; private set; }

    /// <summary>Memory for records, those that are dead included.</summary>
    public long Bytes { get; private set; }

    /// <summary>Numbers that have been given out are below this; some of them may be free again.</summary>
    public int NumbersEnd => _records;

    public Stored this[int number] => new(RecordAt(PlaceOf(number)));

    /// <summary>The record at a place.</summary>
    public Stored At(long place) => new(RecordAt(place));

    /// <summary>The number of the record at a place.</summary>
    public int NumberAt(long place) => Record.NumberOf(RecordAt(place));

    /// <summary>Whether the number is in use.</summary>
    public bool Contains(int number) => PlaceOf(number) >= 0;

    /// <summary>A new record; returns its place.</summary>
    public long Add(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, bool isTombstone, WriteVersion version)
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

        long place = Append(number, key, value, isTombstone, version);
        PlaceOf(number) = place;
        Count++;
        Compact(key.Length + value.Length);
        return place;
    }

    /// <summary>Another value and version for a key; returns its place, which may be another one.</summary>
    public long Replace(long place, ReadOnlySpan<byte> value, bool isTombstone, WriteVersion version)
    {
        var block = BlockOf(place);
        var record = RecordAt(place);
        var key = Record.KeyOf(record);

        if (!block.IsFrozen && Record.Length(key.Length, value.Length) == record.Length)
        {
            Record.SetValue(record, value, isTombstone, version);
            return place;
        }

        // Appending may move the head; the old record stays where it is until it is dead.
        int number = Record.NumberOf(record);
        long appended = Append(number, key, value, isTombstone, version);
        PlaceOf(number) = appended;
        Kill(block, record.Length);
        Compact(record.Length + value.Length);
        return appended;
    }

    /// <summary>Forgets a record; its number is given out again.</summary>
    public void Remove(long place)
    {
        var record = RecordAt(place);
        int number = Record.NumberOf(record);
        PlaceOf(number) = -2 - _firstFree;
        _firstFree = number;
        Count--;
        Kill(BlockOf(place), record.Length);
    }

    /// <summary>Those of the records as they are now, readable by anybody until it is thawed.</summary>
    public FrozenRecords Freeze(IEnumerable<int> numbers, int atMost)
    {
        List<long> places = new(atMost);

        foreach (int number in numbers)
        {
            if (Contains(number))
            {
                places.Add(PlaceOf(number));
            }
        }

        return new FrozenRecords(this, places);
    }

    internal byte[]?[] BeginFreeze()
    {
        _freezes++;

        foreach (var block in _blocks)
        {
            if (block is not null)
            {
                block.IsFrozen = true;
            }
        }

        byte[]?[] frozen = [.. _bytes];
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

    internal static Span<byte> RecordIn(byte[]?[] blocks, long place)
    {
        var rest = blocks[(int)(place >> StepBits)].AsSpan(((int)place & StepMask) << Record.AlignmentBits);
        return rest[..Record.LengthOf(rest)];
    }

    private ref long PlaceOf(int number) =>
        ref CollectionsMarshal.AsSpan(_table)[number >> TableBits][number & ((1 << TableBits) - 1)];

    private Span<byte> RecordAt(long place) => RecordIn(_bytes, place);

    private Block BlockOf(long place) => _blocks[(int)(place >> StepBits)]!;

    private static long PlaceIn(Block block, int offset) =>
        ((long)block.Index << StepBits) | (uint)(offset >> Record.AlignmentBits);

    private long Append(
        int number, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, bool isTombstone, WriteVersion version)
    {
        var record = Reserve(Record.Length(key.Length, value.Length), out long place);
        Record.Write(record, number, key, value, isTombstone, version);
        return place;
    }

    private Span<byte> Reserve(int length, out long place)
    {
        if (length > _head.Bytes.Length / 2)
        {
            var own = NewBlock(length);
            own.End = length;
            place = PlaceIn(own, 0);
            return own.Bytes;
        }

        if (_head.End + length > _head.Bytes.Length)
        {
            LeaveHead();
        }

        place = PlaceIn(_head, _head.End);
        var record = _head.Bytes.AsSpan(_head.End, length);
        _head.End += length;
        return record;
    }

    private void LeaveHead()
    {
        var left = _head;
        bool isFull = left.End > left.Bytes.Length / 2;
        _head = NewHead(Math.Min(isFull ? 2 * left.Bytes.Length : left.Bytes.Length, BlockBytes));
        left.DeadBytes += left.Bytes.Length - left.End;
        ConsiderEmptying(left);
    }

    /// <summary>A block for many records. It begins with a gap, so that no record has place 0, which may
    /// stand for none.</summary>
    private Block NewHead(int bytes)
    {
        var block = NewBlock(bytes);
        block.End = block.DeadBytes = Record.Alignment;
        return block;
    }

    private Block NewBlock(int bytes)
    {
        byte[] memory = bytes == BlockBytes && _spares.TryPop(out byte[]? spare)
            ? spare
            : GC.AllocateUninitializedArray<byte>(bytes);
        int index = _freeBlocks.TryPop(out int free) ? free : _blocks.Count;
        Invariant.Holds(index < BlocksMax, "there are places for all records");
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

        if (index == _bytes.Length)
        {
            Array.Resize(ref _bytes, 2 * index);
        }

        _bytes[index] = memory;
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
            block.Emptied = Record.Alignment;
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
        long from = PlaceIn(block, block.Emptied);

        if (place == from)
        {
            record.CopyTo(Reserve(record.Length, out place));
            block.DeadBytes += record.Length;
            _moved(Record.KeyOf(record), from, place);
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
        _bytes[block.Index] = null;
        Bytes -= block.Bytes.Length;

        // The first one began with a gap; a large record in its place would have place 0.
        if (block.Index > 0)
        {
            _freeBlocks.Push(block.Index);
        }

        if (block.Bytes.Length == BlockBytes && _spares.Count < SparesMax)
        {
            _spares.Push(block.Bytes);
        }
    }
}
