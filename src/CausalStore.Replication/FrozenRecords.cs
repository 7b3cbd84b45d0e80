namespace CausalStore.Replication;

/// <summary>Records as of one moment. Anybody may read them, on any thread, until they are thawed by the
/// owner of the store.</summary>
public sealed class FrozenRecords
{
    private readonly RecordHeap _heap;
    private readonly byte[]?[] _blocks;
    private readonly long[] _places;
    private bool _isThawed;

    internal FrozenRecords(RecordHeap heap, long[] places)
    {
        _heap = heap;
        _places = places;
        _blocks = heap.BeginFreeze();
    }

    public int Count => _places.Length;

    public Stored this[int index] => new(RecordHeap.RecordIn(_blocks, _places[index]));

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
