namespace CausalStore.Client.Bench;

/// <summary>What one run has shown.</summary>
internal sealed record RunResult
{
    public required long Operations { get; init; }

    public required double Seconds { get; init; }

    public required long Missing { get; init; }

    public required long Errors { get; init; }

    public string? FirstError { get; init; }

    public required double P50Us { get; init; }

    public required double P90Us { get; init; }

    public required double P99Us { get; init; }

    public required double P999Us { get; init; }

    public required double MaxUs { get; init; }

    /// <summary>The longest time in which no reply came on any connection.</summary>
    public required double LongestGapUs { get; init; }

    /// <summary>This program's own processor seconds.</summary>
    public required double GeneratorCpu { get; init; }

    public double OperationsPerSecond => Operations / Math.Max(Seconds, 1e-9);

    /// <summary>Its share of one core; near 1 it is the bottleneck.</summary>
    public double GeneratorBusy => GeneratorCpu / Math.Max(Seconds, 1e-9);

    public double GeneratorCpuPerMillion => GeneratorCpu / Math.Max(Operations, 1) * 1e6;
}

/// <summary>Measures one run, in constant memory.</summary>
internal sealed class RunMeter
{
    private const double NanosecondsPerMicrosecond = 1e3;

    private long _startedAt;
    private long _lastReplyAt;
    private long _longestGap;
    private TimeSpan _cpuBefore;

    public LatencyHistogram Latencies { get; } = new();

    public ReplyTally Replies { get; } = new();

    public long Completed => Latencies.Count;

    public void Start(long now)
    {
        Latencies.Clear();
        Replies.Clear();
        _startedAt = _lastReplyAt = now;
        _longestGap = 0;
        _cpuBefore = Environment.CpuUsage.TotalTime;
    }

    public double SecondsAt(long now) => (double)(now - _startedAt) / NanoClock.PerSecond;

    public TimeSpan SilenceAt(long now) => TimeSpan.FromMicroseconds((now - _lastReplyAt) / 1000);

    public void Record(long now, long sentAt, int replies)
    {
        Latencies.Record(now - sentAt, replies);
        _longestGap = Math.Max(_longestGap, now - _lastReplyAt);
        _lastReplyAt = now;
    }

    public RunResult ToResult() => new()
    {
        Operations = Completed,
        Seconds = SecondsAt(_lastReplyAt),
        Missing = Replies.Missing,
        Errors = Replies.Errors,
        FirstError = Replies.FirstError,
        P50Us = Microseconds(Latencies.Percentile(0.5)),
        P90Us = Microseconds(Latencies.Percentile(0.9)),
        P99Us = Microseconds(Latencies.Percentile(0.99)),
        P999Us = Microseconds(Latencies.Percentile(0.999)),
        MaxUs = Microseconds(Latencies.Max),
        LongestGapUs = Microseconds(_longestGap),
        GeneratorCpu = (Environment.CpuUsage.TotalTime - _cpuBefore).TotalSeconds,
    };

    private static double Microseconds(long nanoseconds) =>
        Math.Round(nanoseconds / NanosecondsPerMicrosecond, 1);
}
