using CausalStore.Protocol;

namespace CausalStore.Replication;

/// <summary>Writes known to be lost with forgotten servers: counted, and the last of them listed.</summary>
internal sealed class LostWrites
{
    private const int ListedMax = 1000;

    private readonly Queue<WriteVersion> _listed = [];

    public long Count { get; private set; }

    public IEnumerable<WriteVersion> Listed => _listed;

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
