namespace CausalStore.Replication;

/// <summary>
/// The keys in byte order. New keys are put into order only when somebody scans, so that writes pay nothing for
/// scans that nobody makes.
/// </summary>
internal sealed class OrderedKeys
{
    private readonly SortedSet<byte[]> _sorted = new(ByteKeys.Comparer);
    private readonly HashSet<byte[]> _added = new(ByteKeys.Comparer);

    public void Add(byte[] key) => _added.Add(key);

    public void Remove(byte[] key)
    {
        if (!_added.Remove(key))
        {
            _sorted.Remove(key);
        }
    }

    /// <summary>The keys that are not below <paramref name="first"/>, in order.</summary>
    public IEnumerable<byte[]> From(byte[] first)
    {
        _sorted.UnionWith(_added);
        _added.Clear();

        return _sorted.Count == 0 || ByteKeys.Comparer.Compare(first, _sorted.Max) > 0
            ? []
            : _sorted.GetViewBetween(first, _sorted.Max);
    }

    public void Clear()
    {
        _sorted.Clear();
        _added.Clear();
    }
}
