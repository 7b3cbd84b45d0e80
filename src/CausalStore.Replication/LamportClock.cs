namespace CausalStore.Replication;

/// <summary>
/// Logical time: ticks at every local write, and is raised by every write received or copied, so that a causally
/// later write always has the greater timestamp (Lamport 1978, rules IR1 and IR2).
/// </summary>
internal sealed class LamportClock
{
    /// <summary>How far ahead of this clock an honest timestamp may be.</summary>
    private const long AheadMax = 1L << 40;

    public long Time { get; private set; }

    public long Tick() => Time = checked(Time + 1);

    public void Raise(long timestamp) => Time = Math.Max(Time, timestamp);

    /// <summary>Whether no honest server can have come so far: taken for true, it would win every conflict for
    /// ever.</summary>
    public bool IsForged(long timestamp) => timestamp - Time > AheadMax;
}
