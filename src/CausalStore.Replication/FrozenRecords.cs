namespace CausalStore.Replication;

/// <summary>Records as of one moment. Anybody may read them, on any thread, until they are thawed by the
/// owner of the store.</summary>
public sealed class FrozenRecords
{
    private readonly RecordHeap _heap;
    private byte[]?[] _blocks;
    private IReadOnlyList<long> _places;
    private bool _isThawed;

    internal FrozenRecords(RecordHeap heap, IReadOnlyList<long> places)
    {
        _heap = heap;
        _places = places;

        // Of nothing there is nothing to keep.
        _isThawed = places.Count == 0;
        _blocks = _isThawed ? [] : heap.BeginFreeze();
    }

    public int Count => _places.Count;

    public Stored this[int index] => new(RecordHeap.RecordIn(_blocks, _places[index]));

    /// <summary>Where they are in byte order: the first whose key comes after that one.</summary>
    public int FirstAfter(ReadOnlySpan<byte> key)
    {
        int low = 0;
        int high = Count;

        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = this[middle].Key.SequenceCompareTo(key) <= 0 ? (middle + 1, high) : (low, middle);
        }

        return low;
    }

    /// <summary>Copies them, for a reader that takes long: from then on they may be thawed and still be
    /// read.</summary>
    public void Detach()
    {
        RecordHeap own = new((_, _, _) => { });
        var places = new long[_places.Count];

        for (int index = 0; index < places.Length; index++)
        {
            var stored = this[index];
            places[index] = own.Add(stored.Key, stored.Value, stored.IsTombstone, stored.Version);
        }

        (_blocks, _places) = (own.BeginFreeze(), places);
    }

    /// <summary>Nobody reads them any more.</summary>
    internal void Thaw()
    {
        if (!_isThawed)
        {
            _isThawed = true;
            _heap.EndFreeze();
        }
    }
}
