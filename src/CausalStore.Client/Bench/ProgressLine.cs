namespace CausalStore.Client.Bench;

/// <summary>Tells once a second how far a run is.</summary>
internal sealed class ProgressLine(TextWriter output, string what)
{
    private double _nextAt = 1;
    private long _completedBefore;

    public void Consider(RunMeter meter, long now)
    {
        double seconds = meter.SecondsAt(now);

        if (seconds < _nextAt)
        {
            return;
        }

        long completed = meter.Completed;
        output.WriteLine(
            $"{what}: {seconds:0} s, {completed:N0} operations, {completed - _completedBefore:N0} in the "
            + $"last second, p99 {meter.Latencies.Percentile(0.99) / 1e6:0.###} ms");
        _completedBefore = completed;
        _nextAt = Math.Floor(seconds) + 1;
    }
}
