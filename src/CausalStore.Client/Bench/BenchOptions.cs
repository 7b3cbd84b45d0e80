using CausalStore.Protocol;

namespace CausalStore.Client.Bench;

/// <summary>How the keys of requests are chosen.</summary>
internal enum Distribution
{
    /// <summary>Every key is as likely as any other.</summary>
    Uniform,

    /// <summary>One after the other, and from the beginning again.</summary>
    Sequential,

    /// <summary>A few keys get most requests (skew 0.99, as in YCSB), scattered over the key space.</summary>
    Zipfian,
}

/// <summary>A server to be measured.</summary>
/// <param name="IsResp">Whether it speaks RESP, as Redis does, and not lines.</param>
internal sealed record BenchTarget(ServerAddress Address, bool IsResp)
{
    public override string ToString() => $"{Address} ({(IsResp ? "RESP" : "lines")})";
}

/// <summary>What is sent.</summary>
internal sealed record Load
{
    public const string KeyPrefix = "key:";

    public int Connections { get; init; } = 50;

    /// <summary>Requests in flight on each connection.</summary>
    public int Depth { get; init; } = 1;

    public int Keys { get; init; } = 1_000_000;

    public int KeyBytes { get; init; } = 16;

    public int ValueBytes { get; init; } = 16;

    public int ReadPercent { get; init; } = 50;

    public Distribution Distribution { get; init; }

    /// <summary>Operations a second in all; 0: as many as the server answers.</summary>
    public int Rate { get; init; }

    /// <summary>The same seed gives the same requests.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>How many keys there can be of that size.</summary>
    public static long KeysMax(int keyBytes) =>
        (long)Math.Min(1e18, Math.Pow(10, keyBytes - KeyPrefix.Length));

    public override string ToString() =>
        $"{Connections} connections, depth {Depth}, {Keys:N0} keys of {KeyBytes} bytes, values of "
        + $"{ValueBytes} bytes, {ReadPercent} % reads, "
        + $"{Distribution.ToString().ToLowerInvariant()}, seed {Seed}"
        + (Rate > 0 ? $", {Rate:N0}/s" : "");
}

/// <summary>What <c>bench</c> is asked to do.</summary>
internal sealed record BenchOptions
{
    public required BenchTarget Target { get; init; }

    /// <summary>A second server, measured in turn with the first; null: none.</summary>
    public BenchTarget? Versus { get; init; }

    /// <summary>A peer of the first, at which writes are watched for; null: none.</summary>
    public ServerAddress? VisibleAt { get; init; }

    public Load Load { get; init; } = new();

    /// <summary>Ends a run; 0: no limit.</summary>
    public long Operations { get; init; }

    public TimeSpan Duration { get; init; } = TimeSpan.FromSeconds(10);

    public TimeSpan WarmUp { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Whether every key is written first.</summary>
    public bool IsPreloading { get; init; }

    /// <summary>Connections that stand by and say nothing.</summary>
    public int Idle { get; init; }

    /// <summary>Runs of each of two servers.</summary>
    public int Pairs { get; init; } = 7;

    public bool IsJson { get; init; }

    public bool IsQuiet { get; init; }
}
