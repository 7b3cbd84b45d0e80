using System.Buffers.Binary;
using CausalStore.Protocol;

namespace CausalStore.Replication;

/// <summary>What a key has, as slices of the store's memory: valid until the store is changed.</summary>
public readonly ref struct Stored
{
    private readonly ReadOnlySpan<byte> _record;

    internal Stored(ReadOnlySpan<byte> record) => _record = record;

    /// <summary>Whether there is such a key.</summary>
    public bool Exists => !_record.IsEmpty;

    public WriteVersion Version => Record.VersionOf(_record);

    /// <summary>Whether this is what a delete has left.</summary>
    public bool IsTombstone => Record.ValueLengthOf(_record) < 0;

    public bool HasValue => Exists && !IsTombstone;

    public ReadOnlySpan<byte> Key => Record.KeyOf(_record);

    /// <summary>Empty for a tombstone.</summary>
    public ReadOnlySpan<byte> Value => Record.ValueOf(_record);
}

// A key with what it has, as bytes in a block of the RecordHeap:
//
//   number:4 key-length:2 value-length:4 (-1: a tombstone) timestamp:8 origin:2 key value
internal static class Record
{
    public const int HeaderBytes = 20;
    public const int AlignmentBits = 3;
    public const int Alignment = 1 << AlignmentBits;

    public static void Write(
        Span<byte> record, int number, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, bool isTombstone,
        WriteVersion version)
    {
        BinaryPrimitives.WriteInt32LittleEndian(record, number);
        BinaryPrimitives.WriteUInt16LittleEndian(record[4..], (ushort)key.Length);
        BinaryPrimitives.WriteInt32LittleEndian(record[6..], isTombstone ? -1 : value.Length);
        SetVersion(record, version);
        key.CopyTo(record[HeaderBytes..]);
        value.CopyTo(record[(HeaderBytes + key.Length)..]);
    }

    /// <summary>Another value in the same record, which has room for it.</summary>
    public static void SetValue(
        Span<byte> record, ReadOnlySpan<byte> value, bool isTombstone, WriteVersion version)
    {
        BinaryPrimitives.WriteInt32LittleEndian(record[6..], isTombstone ? -1 : value.Length);
        SetVersion(record, version);
        value.CopyTo(record[(HeaderBytes + KeyOf(record).Length)..]);
    }

    private static void SetVersion(Span<byte> record, WriteVersion version)
    {
        BinaryPrimitives.WriteInt64LittleEndian(record[10..], version.Timestamp);
        BinaryPrimitives.WriteUInt16LittleEndian(record[18..], version.Origin.Value);
    }

    public static int NumberOf(ReadOnlySpan<byte> record) => BinaryPrimitives.ReadInt32LittleEndian(record);

    public static WriteVersion VersionOf(ReadOnlySpan<byte> record) => new(
        BinaryPrimitives.ReadInt64LittleEndian(record[10..]),
        new ServerId(BinaryPrimitives.ReadUInt16LittleEndian(record[18..])));

    /// <summary>-1 for a tombstone.</summary>
    public static int ValueLengthOf(ReadOnlySpan<byte> record) =>
        BinaryPrimitives.ReadInt32LittleEndian(record[6..]);

    public static ReadOnlySpan<byte> KeyOf(ReadOnlySpan<byte> record) =>
        record.Slice(HeaderBytes, BinaryPrimitives.ReadUInt16LittleEndian(record[4..]));

    public static ReadOnlySpan<byte> ValueOf(ReadOnlySpan<byte> record) =>
        record.Slice(HeaderBytes + KeyOf(record).Length, Math.Max(0, ValueLengthOf(record)));

    /// <summary>The bytes of a record, of which at least the header is there.</summary>
    public static int LengthOf(ReadOnlySpan<byte> record) =>
        Length(BinaryPrimitives.ReadUInt16LittleEndian(record[4..]), Math.Max(0, ValueLengthOf(record)));

    /// <summary>Records begin where <see cref="Alignment"/> says.</summary>
    public static int Length(int keyLength, int valueLength) =>
        (HeaderBytes + keyLength + valueLength + Alignment - 1) & -Alignment;
}
