using CausalStore.Protocol;

namespace CausalStore.Replication;

/// <summary>Writes known to be lost with forgotten servers: counted, and the last of them listed.</summary>
internal sealed class LostWrites
{
    private const int ListedMax = 1000;

    private readonly Queue<WriteVersion> _listed = [];

    public long Count { get; private set; }

    public IEnumerable<WriteVersion> Listed => _listed;

    /// <summary>What was saved.</summary>
    public void Restore(long count, IEnumerable<WriteVersion> listed)
    {
        Count = count;

        foreach (var version in listed)
        {
            _listed.Enqueue(version);
        }
    }

    public void Add(WriteVersion version)
    {
        Count++;
        _listed.Enqueue(version);

        if (_listed.Count > ListedMax)
        {
            _listed.Dequeue();
        }
    }
}
