namespace CausalStore.Client.Bench;

/// <summary>When a run ends: after so many operations, or so long; 0: no such limit.</summary>
internal readonly record struct RunLimits(long Operations, TimeSpan Duration);

/// <summary>How much may be sent, and when: as the server answers, or at a fixed rate.</summary>
internal sealed class Pace
{
    private readonly int _depth;
    private readonly long _endsAt;
    private readonly double _interval;
    private long _operationsLeft;
    private double _nextDue;

    public Pace(Load load, RunLimits limits, long now)
    {
        _depth = load.Depth;
        _operationsLeft = limits.Operations > 0 ? limits.Operations : long.MaxValue;
        _endsAt = limits.Duration > TimeSpan.Zero ? now + NanoClock.Of(limits.Duration) : long.MaxValue;
        _interval = load.Rate > 0 ? (double)NanoClock.PerSecond * _depth / load.Rate : 0;
        _nextDue = now;
    }

    public bool IsFixed => _interval > 0;

    /// <summary>When the next batch is due, where the rate is fixed.</summary>
    public long NextDue => (long)_nextDue;

    public bool IsOver(long now) => _operationsLeft == 0 || now >= _endsAt;

    public bool IsDue(long now) => !IsOver(now) && now >= NextDue;

    /// <summary>How many requests the next batch has; 0: the run is over.</summary>
    public int Take(long now)
    {
        if (IsOver(now))
        {
            return 0;
        }

        int requests = (int)Math.Min(_depth, _operationsLeft);
        _operationsLeft -= requests;
        _nextDue += _interval;
        return requests;
    }
}
