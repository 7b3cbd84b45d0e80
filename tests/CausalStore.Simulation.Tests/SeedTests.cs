using System.Globalization;

namespace CausalStore.Simulation.Tests;

/// <summary>
/// Runs seeds. <c>CAUSALSTORE_SEEDS</c> says how many, <c>CAUSALSTORE_HOURS</c> how many hours are
/// simulated at least, <c>CAUSALSTORE_MINUTES</c> after how many minutes it ends all the same;
/// <c>CAUSALSTORE_SEED</c> and, if wanted, <c>CAUSALSTORE_PROFILE</c> which one. A seed that fails is run
/// again to tell its last lines, and shrunk to a short story.
/// </summary>
/// <remarks>Nothing else runs beside it: it says how fast it was.</remarks>
[CollectionDefinition(nameof(SeedTests), DisableParallelization = true)]
[Collection(nameof(SeedTests))]
public sealed class SeedTests(ITestOutputHelper output)
{
    private const int SeedsByDefault = 2000;
    private const int HoursByDefault = 24;
    private const int OperationsLeast = 1_000_000;
    private const int FaultsLeast = 500;
    private const int LinesTold = 40;

    /// <summary>What is done to a cluster on purpose.</summary>
    private static readonly Happening[] Faults =
    [
        Happening.LinesLate, Happening.LinesDuplicated, Happening.ConnectionsBroken, Happening.Partitions,
        Happening.OneWayPartitions, Happening.SlowLinks, Happening.Flaps, Happening.LinksCut,
        Happening.LinksDelayed, Happening.LinksStepped, Happening.DialsFailed, Happening.DelayQueuesFull,
        Happening.Crashes, Happening.CrashesInTheMiddleOfATurn, Happening.CrashesWhileWaiting,
        Happening.CrashesAfterATurn, Happening.CrashesWhileSending, Happening.CrashesWhileSaving,
        Happening.CrashesWhileCopying, Happening.CrashesWhileJoining, Happening.CrashesWhileSettling,
        Happening.Restarts, Happening.RestartsAfterALongTime, Happening.BatchesLost,
        Happening.SlowWritesToDisk, Happening.FullDisks, Happening.Joins, Happening.Forgets,
        Happening.ForgetsOfLiveServers, Happening.ForgetsOfEachOther, Happening.WipesOfOne,
        Happening.WipesOfSeveral, Happening.WipesWhileJoining, Happening.OldCopiesPutBack,
        Happening.SameIdsStarted, Happening.ClustersThatMet,
    ];

    /// <summary>An operator who must help is the exception.</summary>
    private static readonly Happening[] MayBeMissing = [Happening.RescuesByTheOperator];

    [Fact]
    public void Every_seed_keeps_every_promise()
    {
        if (Environment.GetEnvironmentVariable("CAUSALSTORE_SEED") is { Length: > 0 } seed)
        {
            RunOne(ulong.Parse(seed, CultureInfo.InvariantCulture));
            return;
        }

        int? hours = Number("CAUSALSTORE_HOURS");
        int? seeds = Number("CAUSALSTORE_SEEDS");
        bool isAsUsual = hours is null && seeds is null;
        Swarm swarm = new(
            seeds ?? (isAsUsual ? SeedsByDefault : 0),
            TimeSpan.FromHours(hours ?? (isAsUsual ? HoursByDefault : 0)),
            Number("CAUSALSTORE_MINUTES") is { } minutes ? TimeSpan.FromMinutes(minutes) : TimeSpan.MaxValue,
            output.WriteLine);
        swarm.Run(TestContext.Current.CancellationToken);
        output.WriteLine($"{swarm}");
        File.WriteAllText(Path.Combine(AppContext.BaseDirectory, "coverage.txt"), $"{swarm}");

        if (swarm.Failed is { } failed)
        {
            Assert.Fail(Tell(failed));
        }

        if (swarm.Runs >= SeedsByDefault)
        {
            AssertEnoughHappened(swarm.Coverage);
        }
    }

    [Fact]
    public void Another_seed_gives_another_run()
    {
        Assert.NotEqual(SimulationRun.Run(1, Profile.Plain).Hash, SimulationRun.Run(2, Profile.Plain).Hash);
    }

    private static int? Number(string variable) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } number
            ? int.Parse(number, CultureInfo.InvariantCulture)
            : null;

    private static void RunOne(ulong seed)
    {
        string? name = Environment.GetEnvironmentVariable("CAUSALSTORE_PROFILE");
        Profile[] profiles = name is { Length: > 0 }
            ? [Enum.Parse<Profile>(name, ignoreCase: true)]
            : Enum.GetValues<Profile>();

        foreach (var profile in profiles)
        {
            var report = SimulationRun.Run(seed, profile);

            if (report.Failure is not null)
            {
                Assert.Fail(Tell(report));
            }
        }
    }

    private static string Tell(RunReport failed)
    {
        if (failed.Failure is null)
        {
            return $"seed={failed.Seed} profile={failed.Profile} proves nothing: {failed.Inconclusive}";
        }

        var told = SimulationRun.Run(failed.Seed, failed.Profile, keepsText: true);
        return $"{failed}\n\nIts last lines:\n{string.Join('\n', told.Story.TakeLast(LinesTold))}\n\n"
            + $"{ShortStory.Of(failed.Seed, failed.Profile)}\n\n"
            + $"Again: CAUSALSTORE_SEED={failed.Seed} CAUSALSTORE_PROFILE={failed.Profile} dotnet test "
            + "tests/CausalStore.Simulation.Tests";
    }

    private static void AssertEnoughHappened(Coverage coverage)
    {
        var rare = Faults.Where(fault => coverage[fault] < FaultsLeast);
        var missing = Enum.GetValues<Happening>()
            .Except(MayBeMissing)
            .Where(happening => coverage[happening] == 0);

        Assert.True(!rare.Any(), $"less than {FaultsLeast} times: {string.Join(", ", rare)}");
        Assert.True(!missing.Any(), $"never happened, so never tested: {string.Join(", ", missing)}");
        Assert.True(
            coverage[Happening.OperationsJudgedFromOutside] >= OperationsLeast,
            $"less than {OperationsLeast} operations were judged by the checker");
    }
}
