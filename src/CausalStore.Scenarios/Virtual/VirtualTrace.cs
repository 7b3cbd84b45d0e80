using CausalStore.Tracing;

namespace CausalStore.Scenarios.Virtual;

/// <summary>What happens to one process, of which the real one would write a file.</summary>
internal sealed class VirtualTrace(TracedProcess process, VirtualClock clock)
{
    private readonly List<TraceLine> _lines = [];
    private long _sequence;

    public IReadOnlyList<TraceLine> Lines => _lines;

    public long NextSequence() => ++_sequence;

    public DateTime Now => clock.Date;

    public void Add(TraceEvent traced) => Add(traced, NextSequence(), Now);

    /// <summary>Takes one that has happened, in its place.</summary>
    public void Add(TraceEvent traced, long sequence, DateTime time) =>
        _lines.Add(new TraceLine(process, sequence, time, traced));

    /// <summary>A process begins, or begins again.</summary>
    public void Start(TraceEvent.Started started)
    {
        _sequence = 0;
        Add(started);
    }
}
