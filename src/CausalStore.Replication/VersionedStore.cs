using CausalStore.Protocol;

namespace CausalStore.Replication;

/// <summary>What a key has now: the write that won it. Immutable, so that a copy of the state is a copy of
/// references.</summary>
/// <param name="Value">Null for the tombstone of a delete.</param>
public sealed record StoredValue(byte[] Key, byte[]? Value, WriteVersion Version)
{
    public bool IsTombstone => Value is null;
}

/// <summary>Key to the write that currently wins it; in key order for scans.</summary>
internal sealed class VersionedStore
{
    private readonly Dictionary<byte[], StoredValue> _values = new(ByteKeys.Comparer);
    private readonly Dictionary<byte[], StoredValue>.AlternateLookup<ReadOnlySpan<byte>> _lookup;
    private readonly OrderedKeys _keys = new();
    private readonly bool _keepsChanges;
    private List<KeyChange> _changes = [];

    /// <param name="keepsChanges">Whether anybody saves what has changed.</param>
    public VersionedStore(bool keepsChanges)
    {
        _keepsChanges = keepsChanges;
        _lookup = _values.GetAlternateLookup<ReadOnlySpan<byte>>();
    }

    /// <summary>Keys with a value; tombstones do not count.</summary>
    public long KeysWithValue { get; private set; }

    /// <summary>Everything, tombstones included, in no order.</summary>
    public IReadOnlyCollection<StoredValue> All => _values.Values;

    public StoredValue? Find(ReadOnlySpan<byte> key) =>
        _lookup.TryGetValue(key, out var stored) ? stored : null;

    /// <summary>Puts a value in the place of what the key had, whatever that was.</summary>
    public void Put(StoredValue stored)
    {
        Restore(stored);
        NoteChange(stored, isGone: false);
    }

    /// <summary>Puts back what was saved.</summary>
    public void Restore(StoredValue stored)
    {
        var before = Find(stored.Key);

        if (before is null)
        {
            _keys.Add(stored.Key);
        }

        KeysWithValue += (stored.IsTombstone ? 0 : 1) - (before is null or { IsTombstone: true } ? 0 : 1);
        _values[stored.Key] = stored;
    }

    /// <summary>Forgets a key: its tombstone is no longer needed, or it was deleted elsewhere.</summary>
    public void Remove(StoredValue stored)
    {
        if (_values.Remove(stored.Key))
        {
            _keys.Remove(stored.Key);
            KeysWithValue -= stored.IsTombstone ? 0 : 1;
            NoteChange(stored, isGone: true);
        }
    }

    /// <summary>What has changed since changes were last taken; nothing of before a
    /// <see cref="Clear"/>.</summary>
    public IReadOnlyList<KeyChange> TakeChanges()
    {
        var changes = _changes;
        _changes = [];
        return changes;
    }

    /// <summary>In byte order of the keys, those with the prefix that come after <paramref
    /// name="after"/>.</summary>
    public IEnumerable<StoredValue> Scan(byte[] prefix, byte[]? after)
    {
        byte[] from = after is not null && ByteKeys.Comparer.Compare(after, prefix) > 0 ? after : prefix;

        foreach (byte[] key in _keys.From(from))
        {
            if (!key.AsSpan().StartsWith(prefix))
            {
                yield break;
            }

            if (after is null || !key.AsSpan().SequenceEqual(after))
            {
                yield return _values[key];
            }
        }
    }

    public void Clear()
    {
        _values.Clear();
        _keys.Clear();
        _changes.Clear();
        KeysWithValue = 0;
    }

    private void NoteChange(StoredValue stored, bool isGone)
    {
        if (_keepsChanges)
        {
            _changes.Add(new KeyChange(stored, isGone));
        }
    }
}
