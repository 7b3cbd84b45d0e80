using CausalStore.Tracing;

namespace CausalStore.Client.Live;

/// <summary>What the servers have told, as it came. Bounded; the oldest lines go, and are counted. For any
/// thread.</summary>
internal sealed class LiveTraces(int linesMax)
{
    private readonly Lock _gate = new();
    private readonly Queue<TraceLine> _lines = [];
    private long _dropped;

    public void Add(TraceLine line)
    {
        lock (_gate)
        {
            _lines.Enqueue(line);

            if (_lines.Count > linesMax)
            {
                _lines.Dequeue();
                _dropped++;
            }
        }
    }

    public (IReadOnlyList<TraceLine> Lines, long Dropped) Now()
    {
        lock (_gate)
        {
            return ([.. _lines], _dropped);
        }
    }
}
