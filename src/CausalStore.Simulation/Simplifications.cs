namespace CausalStore.Simulation;

/// <summary>What may be left out of a run without touching the rest, the biggest first.</summary>
internal static class Simplifications
{
    /// <summary>As many as the longest atomic write has.</summary>
    private const int KeysLeast = 4;

    public static IReadOnlyList<Func<Settings, Settings>> All { get; } =
    [
        settings => settings with { Clients = Half(settings.Clients) },
        settings => settings with { Clients = Half(settings.Clients) },
        settings => settings with { Clients = Less(settings.Clients, least: 1) },
        settings => settings with { Readers = 0 },
        settings => settings with { Servers = 3 },
        settings => settings with { Servers = Less(settings.Servers, least: 2) },
        settings => settings with { Keys = KeysLeast },
        settings => settings with { JoinEvery = TimeSpan.Zero },
        settings => settings with { CrashEvery = TimeSpan.Zero },
        settings => settings with { PartitionEvery = TimeSpan.Zero },
        settings => settings with { BreakEvery = TimeSpan.Zero },
        settings => settings with { FlapEvery = TimeSpan.Zero },
        settings => settings with { SlowEvery = TimeSpan.Zero },
        settings => settings with { LinkFaultEvery = TimeSpan.Zero },
        settings => settings with { EarlyRestartEvery = TimeSpan.Zero },
        settings => settings with { ForgetLiveEvery = TimeSpan.Zero },
        settings => settings with { ForgetEachOtherEvery = TimeSpan.Zero },
        settings => settings with { WipeEvery = TimeSpan.Zero },
        settings => settings with { OldCopyEvery = TimeSpan.Zero },
        settings => settings with { SameIdEvery = TimeSpan.Zero },
        settings => settings with { FullDiskEvery = TimeSpan.Zero },
        settings => settings with { HasDisks = false },
        settings => settings with { SaveShare = 0 },
        settings => settings with { SlowDiskShare = 0 },
        settings => settings with { DiskDelayMax = TimeSpan.Zero },
        settings => settings with { TinyDelayQueue = false },
        settings => settings with { TinyLogs = false },
        settings => settings with { DuplicateShare = 0 },
        settings => settings with { LateShare = 0 },
        settings => settings with { RelayAfter = TimeSpan.Zero },
        settings => settings with { LatencyMax = TimeSpan.FromMilliseconds(1) },
        settings => settings with { Narrates = false },
        settings => settings with { Requests = settings.Requests with { Context = 0 } },
        settings => settings with { Requests = settings.Requests with { FailOver = 0 } },
        settings => settings with { Requests = settings.Requests with { Watch = 0 } },
        settings => settings with { Requests = settings.Requests with { Scan = 0 } },
        settings => settings with { Requests = settings.Requests with { ReadMany = 0 } },
        settings => settings with { Requests = settings.Requests with { WriteMany = 0 } },
        settings => settings with { Requests = settings.Requests with { Delete = 0 } },
    ];

    private static int Half(int count) => Math.Max(1, count / 2);

    private static int Less(int count, int least) => Math.Max(least, count - 1);
}
