namespace CausalStore.Client.Bench;

/// <summary>Time in nanoseconds, from some moment on.</summary>
internal sealed class NanoClock(TimeProvider time)
{
    public const long PerSecond = 1_000_000_000;

    private readonly long _perTick = PerSecond / time.TimestampFrequency;

    public long Now => time.GetTimestamp() * _perTick;

    public static long Of(TimeSpan span) => span.Ticks * TimeSpan.NanosecondsPerTick;
}
