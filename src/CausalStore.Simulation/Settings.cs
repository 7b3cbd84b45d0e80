namespace CausalStore.Simulation;

/// <summary>The weather of one run: drawn from its seed, so that every run is rough in a way of its
/// own.</summary>
/// <remarks>Groce and others, "Swarm Testing", 2012: leaving features out at random finds more.</remarks>
internal sealed record Settings
{
    public required Profile Profile { get; init; }

    public int Servers { get; init; }

    public int Keys { get; init; }

    public int Clients { get; init; }

    /// <summary>Those of them who watch everything and hardly ever write: what they have seen
    /// grows.</summary>
    public int Readers { get; init; }

    /// <summary>How long the trouble lasts.</summary>
    public TimeSpan Trouble { get; init; }

    /// <summary>Between two requests of a client, in the mean.</summary>
    public TimeSpan Think { get; init; }

    public TimeSpan LatencyMax { get; init; }

    /// <summary>The first servers are near each other, and whoever comes is far from everybody; those who
    /// crash are newcomers.</summary>
    public bool NewcomersAreFar { get; init; }

    /// <summary>The share of <c>replicate</c> lines that come later than those behind them.</summary>
    public double LateShare { get; init; }

    public TimeSpan LateMax { get; init; }

    public double DuplicateShare { get; init; }

    /// <summary>How often a connection breaks behind a line of a copy of a state.</summary>
    public double BreakCopyShare { get; init; }

    /// <summary>Between two broken connections, in the mean; zero: never. So are those below.</summary>
    public TimeSpan BreakEvery { get; init; }

    public TimeSpan PartitionEvery { get; init; }

    public TimeSpan FlapEvery { get; init; }

    public TimeSpan SlowEvery { get; init; }

    /// <summary>Requests of the kind <c>link 3 cut</c>.</summary>
    public TimeSpan LinkFaultEvery { get; init; }

    public TimeSpan CrashEvery { get; init; }

    /// <summary>Restarts before there is a cluster.</summary>
    public TimeSpan EarlyRestartEvery { get; init; }

    public TimeSpan JoinEvery { get; init; }

    public TimeSpan ForgetLiveEvery { get; init; }

    public TimeSpan RelayAfter { get; init; }

    public bool TinyDelayQueue { get; init; }

    public bool TinyLogs { get; init; }

    public bool Narrates { get; init; }

    /// <summary>Servers keep what they have on disks.</summary>
    public bool HasDisks { get; init; }

    public TimeSpan DiskDelayMax { get; init; }

    /// <summary>The share of batches that take about a second.</summary>
    public double SlowDiskShare { get; init; }

    /// <summary>The share of turns at whose end the state is saved, when no save is under way.</summary>
    public double SaveShare { get; init; }

    /// <summary>Lines of the journal that are kept although the saved state has them.</summary>
    public int JournalLinesKept { get; init; }

    public TimeSpan RestartAfter { get; init; }

    public TimeSpan WipeEvery { get; init; }

    public TimeSpan OldCopyEvery { get; init; }

    public TimeSpan SameIdEvery { get; init; }

    public TimeSpan FullDiskEvery { get; init; }

    public TimeSpan ForgetEachOtherEvery { get; init; }

    /// <summary>In the share of all requests.</summary>
    public required Mix Requests { get; init; }

    /// <summary>Weights of the kinds of requests.</summary>
    internal sealed record Mix(
        int Read, int ReadMany, int Scan, int ReadThenWrite, int Write, int WriteMany, int Delete, int Watch,
        int Context, int FailOver);

    public static Settings Draw(Profile profile, Dice dice)
    {
        int pace = dice.Pick([1, 1, 2, 4, 12]);
        var settings = Draw(profile, Base(profile, dice, pace), dice);
        return profile == Profile.Expected ? settings : settings.WithFaults(Math.Max(1, pace / 2));
    }

    /// <summary>Most faults become rarer in a long run, as requests do; the loss of disks, old copies and
    /// servers that forget each other, which take long to come to their end, do not.</summary>
    private Settings WithFaults(int rarer) => this with
    {
        BreakEvery = rarer * BreakEvery,
        PartitionEvery = rarer * PartitionEvery,
        FlapEvery = rarer * FlapEvery,
        LinkFaultEvery = rarer * LinkFaultEvery,
        CrashEvery = rarer * CrashEvery,
        JoinEvery = Profile == Profile.Wipe ? JoinEvery : rarer * JoinEvery,
        ForgetLiveEvery = rarer * ForgetLiveEvery,
        SameIdEvery = rarer * SameIdEvery,
        FullDiskEvery = rarer * FullDiskEvery,
    };

    private static Settings Draw(Profile profile, Settings calm, Dice dice)
    {
        return profile switch
        {
            Profile.Partition => calm with
            {
                PartitionEvery = Seconds(dice.Between(1, 4)),
                FlapEvery = Maybe(dice, 2, 8),
                SlowEvery = Maybe(dice, 2, 8),
                LinkFaultEvery = Maybe(dice, 1, 5),
                RelayAfter = dice.Chance(0.7) ? Seconds(dice.Between(1, 5)) : TimeSpan.Zero,
            },
            Profile.Bootstrap => calm with
            {
                EarlyRestartEvery = Maybe(dice, 1, 2),
                PartitionEvery = Maybe(dice, 1, 4),
                BreakEvery = Maybe(dice, 1, 3),
            },
            Profile.Join => calm with
            {
                JoinEvery = Seconds(dice.Between(2, 5)),
                CrashEvery = Maybe(dice, 6, 12),
                PartitionEvery = Maybe(dice, 2, 6),
            },
            Profile.Forget => calm with
            {
                CrashEvery = Seconds(dice.Between(3, 8)),
                JoinEvery = Maybe(dice, 3, 8),
                ForgetLiveEvery = Maybe(dice, 4, 10),
                ForgetEachOtherEvery = Maybe(dice, 3, 8),
                PartitionEvery = Maybe(dice, 2, 6),
            },
            Profile.Expected => Expecting(calm, dice),
            Profile.TwoClusters => calm with
            {
                JoinEvery = Seconds(dice.Between(2, 5)),
                FlapEvery = Maybe(dice, 2, 6),
            },
            Profile.Plain => calm,
            _ => WithDisks(profile, calm, dice),
        };
    }

    private static Settings Expecting(Settings calm, Dice dice) => calm with
    {
        Servers = 2,
        NewcomersAreFar = true,
        JoinEvery = Seconds(1),
        CrashEvery = Seconds(1),
        LatencyMax = TimeSpan.FromMilliseconds(dice.Pick([200, 400])),
        LateShare = 0.5,
        LateMax = Seconds(3),
        DuplicateShare = 0,
        RelayAfter = TimeSpan.FromMilliseconds(dice.Pick([0, 5000])),
        TinyDelayQueue = false,
        TinyLogs = true,
        Trouble = Seconds(dice.Between(20, 30)),
        Think = TimeSpan.FromMilliseconds(dice.Between(60, 200)),
        Requests = calm.Requests with { ReadThenWrite = 60 },
    };

    private static Settings WithDisks(Profile profile, Settings calm, Dice dice)
    {
        var settings = WithDisks(calm, dice);

        return profile switch
        {
            Profile.Crash => settings with
            {
                CrashEvery = TimeSpan.FromMilliseconds(dice.Between(500, 3000)),
                ForgetLiveEvery = Maybe(dice, 4, 10),
                ForgetEachOtherEvery = Maybe(dice, 4, 10),
                FullDiskEvery = dice.Chance(0.2) ? Seconds(3) : TimeSpan.Zero,
            },
            Profile.Copy => settings with
            {
                TinyLogs = true,
                BreakCopyShare = dice.Pick([0, 0.05, 0.2]),
                JournalLinesKept = dice.Pick([0, 5]),
                CrashEvery = Seconds(dice.Between(1, 3)),
                RestartAfter = Seconds(3),
                JoinEvery = Seconds(dice.Between(2, 5)),
                Requests = calm.Requests with { Delete = 30 },
            },
            Profile.Wipe => settings with
            {
                Servers = dice.Between(4, 6),
                WipeEvery = Seconds(dice.Between(1, 3)),
                JoinEvery = Seconds(dice.Between(1, 3)),
                SameIdEvery = Maybe(dice, 2, 6),
            },
            Profile.OldCopy => settings with
            {
                OldCopyEvery = Seconds(dice.Between(2, 5)),
                SameIdEvery = Maybe(dice, 2, 6),
            },
            Profile.FullDisk => settings with
            {
                FullDiskEvery = Seconds(dice.Between(1, 4)),
                DiskDelayMax = TimeSpan.FromMilliseconds(dice.Pick([10, 100, 500])),
                SlowDiskShare = dice.Pick([0.01, 0.1]),
                WipeEvery = Maybe(dice, 3, 8),
            },
            _ => Settling(settings, dice),
        };
    }

    private static Settings Settling(Settings settings, Dice dice) => settings with
    {
        Servers = dice.Between(4, 6),
        LatencyMax = TimeSpan.FromMilliseconds(dice.Pick([50, 200, 500])),
        LateShare = dice.Pick([0.1, 0.3, 0.6]),
        ForgetLiveEvery = Seconds(dice.Between(2, 6)),
        ForgetEachOtherEvery = Seconds(dice.Between(2, 6)),
        WipeEvery = Maybe(dice, 4, 10),
        CrashEvery = Seconds(dice.Between(1, 4)),
        JoinEvery = Seconds(dice.Between(1, 4)),
    };

    /// <param name="pace">Some runs are dense and short, others sparse and long: what needs many requests at
    /// once is found in those, what needs time in these.</param>
    private static Settings Base(Profile profile, Dice dice, int pace) => new()
    {
        Profile = profile,
        Servers = dice.Between(3, 5),
        Keys = dice.Between(5, Simulation.Keys.CountMax),
        Clients = dice.Between(4, 10),
        Readers = dice.Pick([0, 0, 1, 2]),
        Trouble = pace * Seconds(dice.Between(8, 16)),
        Think = pace * TimeSpan.FromMilliseconds(dice.Between(60, 300)),
        LatencyMax = TimeSpan.FromMilliseconds(dice.Pick([1, 10, 50, 200])),
        LateShare = dice.Pick([0, 0.1, 0.3, 0.6]),
        LateMax = TimeSpan.FromMilliseconds(dice.Pick([50, 500, 3000])),
        DuplicateShare = dice.Pick([0, 0.05, 0.3]),
        BreakEvery = Maybe(dice, 1, 5),
        LinkFaultEvery = dice.Chance(0.2) ? Seconds(dice.Between(1, 5)) : TimeSpan.Zero,
        RelayAfter = TimeSpan.FromMilliseconds(dice.Pick([0, 200, 1000, 1000, 5000])),
        TinyDelayQueue = dice.Chance(0.15) && profile != Profile.Bootstrap,
        TinyLogs = dice.Chance(0.25),
        Narrates = dice.Chance(0.1),
        Requests = DrawMix(dice),
    };

    private static Settings WithDisks(Settings calm, Dice dice) => calm with
    {
        HasDisks = true,
        DiskDelayMax = TimeSpan.FromMilliseconds(dice.Pick([0, 2, 10, 50, 200])),
        SlowDiskShare = dice.Pick([0, 0, 0.01, 0.05]),
        SaveShare = dice.Pick([0, 0.01, 0.05, 0.3, 1]),
        JournalLinesKept = dice.Pick([0, 5, 50, 100_000]),
        RestartAfter = TimeSpan.FromMilliseconds(dice.Pick([50, 500, 2000])),
        CrashEvery = Maybe(dice, 2, 8),
        JoinEvery = Maybe(dice, 4, 10),
        PartitionEvery = Maybe(dice, 3, 8),
    };

    private static Mix DrawMix(Dice dice) => new(
        Read: dice.Between(5, 25),
        ReadMany: dice.Between(3, 15),
        Scan: dice.Between(3, 20),
        ReadThenWrite: dice.Between(0, 15),
        Write: dice.Between(10, 30),
        WriteMany: dice.Between(3, 15),
        Delete: dice.Between(0, 10),
        Watch: dice.Between(1, 5),
        Context: dice.Between(0, 5),
        FailOver: dice.Between(1, 6));

    private static TimeSpan Maybe(Dice dice, int leastSeconds, int mostSeconds) =>
        dice.Chance(0.5) ? Seconds(dice.Between(leastSeconds, mostSeconds)) : TimeSpan.Zero;

    private static TimeSpan Seconds(int seconds) => TimeSpan.FromSeconds(seconds);
}
