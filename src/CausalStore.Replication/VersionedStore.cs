using CausalStore.Protocol;

namespace CausalStore.Replication;

/// <summary>Where a key is or would be: found once, used for looking and for putting.</summary>
internal readonly record struct KeyPlace(long Place, uint Hash)
{
    public bool Exists => Place != 0;
}

/// <summary>Key to the write that currently wins it; in key order for scans.</summary>
/// <param name="keepsChanges">Whether anybody saves what has changed.</param>
internal sealed class VersionedStore(bool keepsChanges)
{
    private readonly ChangedKeys _changed = new();
    private Parts _parts = Parts.Create();
    private int _touched;

    private sealed record Parts(RecordHeap Records, KeyIndex Index, OrderedKeys Order)
    {
        public static Parts Create()
        {
            KeyIndex? index = null;
            RecordHeap records = new((key, from, to) => index!.Move(KeyIndex.HashOf(key), from, to));
            index = new KeyIndex(records);
            return new Parts(records, index, new OrderedKeys(records));
        }
    }

    /// <summary>All keys, those of tombstones included.</summary>
    public int Count => _parts.Records.Count;

    /// <summary>Keys with a value; tombstones do not count.</summary>
    public long KeysWithValue { get; private set; }

    /// <summary>Memory for keys and values.</summary>
    public long Bytes => _parts.Records.Bytes;

    public Stored this[int number] => _parts.Records[number];

    public Stored Find(ReadOnlySpan<byte> key) => At(Locate(key));

    public KeyPlace Locate(ReadOnlySpan<byte> key)
    {
        uint hash = KeyIndex.HashOf(key);
        return new KeyPlace(_parts.Index.Find(key, hash), hash);
    }

    /// <inheritdoc cref="KeyIndex.HomeOf"/>
    public long HomeOf(uint hash) => _parts.Index.HomeOf(hash);

    /// <summary>Reads what stands first where keys with these hashes would be: see <see
    /// cref="KeyPrefetch"/>.</summary>
    public void Touch(ReadOnlySpan<uint> hashes)
    {
        Span<long> places = stackalloc long[KeyPrefetch.Group];

        for (int index = 0; index < hashes.Length; index++)
        {
            places[index] = HomeOf(hashes[index]);
        }

        for (int index = 0; index < hashes.Length; index++)
        {
            if (places[index] != 0)
            {
                _touched ^= _parts.Records.NumberAt(places[index]);
            }
        }
    }

    /// <summary>What is at a place.</summary>
    public Stored At(KeyPlace place) => place.Exists ? _parts.Records.At(place.Place) : default;

    /// <summary>Puts a value in the place of what the key had, whatever that was.</summary>
    /// <returns>The number by which it is found again until the key is removed.</returns>
    public int Put(
        KeyPlace place, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, bool isTombstone,
        WriteVersion version)
    {
        int number = Restore(place, key, value, isTombstone, version);

        if (keepsChanges)
        {
            _changed.Note(number);
        }

        return number;
    }

    public int Put(
        ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, bool isTombstone, WriteVersion version) =>
        Put(Locate(key), key, value, isTombstone, version);

    /// <summary>Puts back what was saved.</summary>
    public void Restore(
        ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, bool isTombstone, WriteVersion version) =>
        Restore(Locate(key), key, value, isTombstone, version);

    /// <summary>Forgets a key: its tombstone is no longer needed, or it was deleted elsewhere.</summary>
    public void Remove(ReadOnlySpan<byte> key)
    {
        var place = Locate(key);

        if (!place.Exists)
        {
            return;
        }

        if (keepsChanges)
        {
            _changed.NoteRemoved(key);
        }

        KeysWithValue -= At(place).IsTombstone ? 0 : 1;
        _parts.Order.Remove(_parts.Records.NumberAt(place.Place));
        _parts.Index.Remove(place.Hash, place.Place);
        _parts.Records.Remove(place.Place);
    }

    /// <summary>All keys, in the order in which they came, more or less. The one at hand may be
    /// removed.</summary>
    public IEnumerable<int> All()
    {
        var records = _parts.Records;

        for (int number = 0; number < records.NumbersEnd; number++)
        {
            if (records.Contains(number))
            {
                yield return number;
            }
        }
    }

    /// <summary>In byte order of the keys, those with the prefix that come after <paramref name="after"/>.
    /// Nothing may change meanwhile.</summary>
    public IEnumerable<int> Scan(byte[] prefix, byte[]? after)
    {
        byte[] from = after is not null && after.AsSpan().SequenceCompareTo(prefix) > 0 ? after : prefix;

        foreach (int number in _parts.Order.From(from))
        {
            if (!this[number].Key.StartsWith(prefix))
            {
                yield break;
            }

            if (after is null || !this[number].Key.SequenceEqual(after))
            {
                yield return number;
            }
        }
    }

    /// <summary>All keys as they are now, in byte order.</summary>
    public FrozenRecords Freeze() => _parts.Records.Freeze(_parts.Order.All(), Count);

    /// <summary>The keys that have changed since this was last called, as they are now, and those that are
    /// gone; nothing of before a <see cref="Clear"/>.</summary>
    public (FrozenRecords Changed, IReadOnlyList<byte[]> Removed) TakeChanges()
    {
        var (numbers, removed) = _changed.Take();
        byte[][] gone = [.. removed.Where(key => !Locate(key).Exists)];
        return (_parts.Records.Freeze(numbers, numbers.Length), gone);
    }

    public void Clear()
    {
        _parts = Parts.Create();
        _changed.Clear();
        KeysWithValue = 0;
    }

    private int Restore(
        KeyPlace place, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, bool isTombstone,
        WriteVersion version)
    {
        if (place.Exists)
        {
            KeysWithValue += (isTombstone ? 0 : 1) - (At(place).IsTombstone ? 0 : 1);
            long replaced = _parts.Records.Replace(place.Place, value, isTombstone, version);

            if (replaced != place.Place)
            {
                _parts.Index.Move(place.Hash, place.Place, replaced);
            }

            return _parts.Records.NumberAt(replaced);
        }

        KeysWithValue += isTombstone ? 0 : 1;
        long added = _parts.Records.Add(key, value, isTombstone, version);
        int number = _parts.Records.NumberAt(added);
        _parts.Index.Add(place.Hash, added);
        _parts.Order.Add(number);
        return number;
    }
}
