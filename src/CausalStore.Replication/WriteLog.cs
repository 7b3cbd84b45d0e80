using System.Runtime.InteropServices;
using CausalStore.Protocol;

namespace CausalStore.Replication;

/// <summary>
/// Applied writes in the order in which they were applied, kept for those who lack them. Every link reads it
/// with cursors of its own, so a slow peer costs no memory but these writes, which are bounded in bytes: who
/// lacks more gets a copy of the state. They are kept as lines, in blocks which the collector never walks.
/// </summary>
internal sealed class WriteLog(long retainBytesMax, long recentBytesMax)
{
    private const int BlockBytes = 1 << 20;
    private const int FirstBlockBytes = 4096;
    private const int EntryBytes = 32;

    /// <summary>Recent writes that are found by their version; a power of two.</summary>
    private const int PlacesCount = 1 << 13;

    /// <summary>Keeps the places of origins apart whose timestamps rise side by side: the golden section of
    /// them all.</summary>
    private const int PlacesBetweenOrigins = 5063;

    private readonly Dictionary<ServerId, long> _dropped = [];
    private readonly List<Block> _blocks = [];
    private long[] _places = [];
    private Block? _spare;

    public readonly record struct Entry(WriteVersion Version, TimeSpan AppliedAt, int End);

    private sealed class Block(int bytes)
    {
        public byte[] Bytes { get; } = GC.AllocateUninitializedArray<byte>(bytes);

        public List<Entry> Entries { get; } = [];

        /// <summary>The position of its first entry.</summary>
        public long First { get; set; }

        public int End => Entries.Count == 0 ? 0 : Entries[^1].End;
    }

    /// <summary>The position of the oldest write that is kept.</summary>
    public long First { get; private set; }

    /// <summary>The position behind the newest one.</summary>
    public long End { get; private set; }

    /// <summary>What the log costs.</summary>
    public long Bytes { get; private set; }

    public Entry this[long position]
    {
        get
        {
            var block = BlockOf(position);
            return block.Entries[(int)(position - block.First)];
        }
    }

    /// <summary>The origins of which writes may have been dropped, with the greatest that was.</summary>
    public Dictionary<ServerId, long> Dropped => _dropped;

    /// <summary>The write at a position as a <c>replicate</c> line, with its LF; valid until the log
    /// changes.</summary>
    public ReadOnlySpan<byte> LineAt(long position)
    {
        var block = BlockOf(position);
        int index = (int)(position - block.First);
        int start = index == 0 ? 0 : block.Entries[index - 1].End;
        return block.Bytes.AsSpan(start..block.Entries[index].End);
    }

    /// <summary>The position of a recent write; null: the log does not have it, or does not know where:
    /// a later one has taken its place.</summary>
    public long? Find(WriteVersion version)
    {
        if (_places.Length == 0)
        {
            return null;
        }

        long position = _places[PlaceOf(version)];
        return position >= First && position < End && this[position].Version == version ? position : null;
    }

    public void Append(WriteVersion version, ReadOnlySpan<byte> line, TimeSpan now)
    {
        if (_places.Length == 0)
        {
            _places = new long[PlacesCount];
        }

        _places[PlaceOf(version)] = End;
        var block = _blocks.Count > 0 && _blocks[^1].Bytes.Length - _blocks[^1].End >= line.Length
            ? _blocks[^1]
            : AddBlock(line.Length);
        int start = block.End;
        line.CopyTo(block.Bytes.AsSpan(start));
        block.Entries.Add(new Entry(version, now, start + line.Length));
        Bytes += line.Length + EntryBytes;
        End++;
    }

    /// <summary>Drops what goes beyond the bounds: above the smaller one what every member has, above the
    /// greater one what somebody lacks.</summary>
    public void Trim(KnownApplied others)
    {
        while (Bytes > recentBytesMax && First < End)
        {
            var oldest = Oldest.Version;

            if (Bytes <= retainBytesMax && !others.EveryoneHas(oldest))
            {
                return;
            }

            Reaches(oldest.Origin, oldest.Timestamp);
            DropOldest();
        }
    }

    /// <summary>Says that writes of that origin up to that one may be applied here and are not in the
    /// log.</summary>
    public void Reaches(ServerId origin, long beyond)
    {
        ref long dropped = ref CollectionsMarshal.GetValueRefOrAddDefault(_dropped, origin, out _);
        dropped = Math.Max(beyond, dropped);
    }

    public void Clear()
    {
        _blocks.Clear();
        _dropped.Clear();
        First = End;
        Bytes = 0;
    }

    private static int PlaceOf(WriteVersion version) =>
        (int)(version.Timestamp + (version.Origin.Value * PlacesBetweenOrigins)) & (PlacesCount - 1);

    private Entry Oldest => _blocks[0].Entries[(int)(First - _blocks[0].First)];

    private void DropOldest()
    {
        var block = _blocks[0];
        int start = First == block.First ? 0 : block.Entries[(int)(First - block.First) - 1].End;
        Bytes -= Oldest.End - start + EntryBytes;
        First++;

        if (First == block.First + block.Entries.Count)
        {
            _blocks.RemoveAt(0);
            block.Entries.Clear();
            _spare = block.Bytes.Length == BlockBytes ? block : _spare;
        }
    }

    private Block AddBlock(int lineBytes)
    {
        int last = _blocks.Count == 0 ? FirstBlockBytes / 2 : _blocks[^1].Bytes.Length;
        int bytes = Math.Clamp(2 * last, FirstBlockBytes, BlockBytes);
        var block = bytes == BlockBytes && lineBytes <= BlockBytes && _spare is { } spare
            ? spare
            : new Block(Math.Max(bytes, lineBytes));
        _spare = block == _spare ? null : _spare;
        block.First = End;
        _blocks.Add(block);
        return block;
    }

    private Block BlockOf(long position)
    {
        int low = 0;
        int high = _blocks.Count;

        while (high - low > 1)
        {
            int middle = (low + high) / 2;
            (low, high) = _blocks[middle].First <= position ? (middle, high) : (low, middle);
        }

        return _blocks[low];
    }
}
