using System.Diagnostics;
using System.Globalization;

namespace CausalStore.Simulation.Tests;

/// <summary>
/// Runs seeds. <c>CAUSALSTORE_SEEDS</c> says how many, <c>CAUSALSTORE_HOURS</c> how many hours are
/// simulated at least, <c>CAUSALSTORE_SEED</c> and, if wanted, <c>CAUSALSTORE_PROFILE</c> which one; a seed
/// that fails is run again to tell its last events.
/// </summary>
public sealed class SeedTests(ITestOutputHelper output)
{
    private const int SeedsByDefault = 300;
    private const int EventsTold = 60;

    private static readonly Profile[] Profiles = Enum.GetValues<Profile>();

    /// <summary>Rare enough that a few hundred runs may do without.</summary>
    private static readonly Happening[] MayBeMissing = [Happening.UpToNeeds, Happening.RescuesByTheOperator];

    [Fact]
    public void Every_seed_keeps_every_promise()
    {
        var clock = Stopwatch.StartNew();
        Coverage coverage = new();
        var simulated = TimeSpan.Zero;
        var least = TimeSpan.FromHours(Number("CAUSALSTORE_HOURS") ?? 0);
        bool isOne = Environment.GetEnvironmentVariable("CAUSALSTORE_SEED") is { Length: > 0 };
        int runs = 0;

        foreach (var (seed, profile) in isOne ? TheOne() : All())
        {
            if (!isOne && runs >= SeedsLeast() && simulated >= least)
            {
                break;
            }

            runs++;
            var report = SimulationRun.Run(seed, profile);
            coverage.Add(report.Coverage);
            simulated += report.Simulated;
            Assert.True(report.Failure is null, Tell(report));
            Assert.True(report.Inconclusive is null || isOne, $"{report}: this run proves nothing");
        }

        string figures = string.Create(
            CultureInfo.InvariantCulture,
            $"{runs} runs, seeds 1 to {(runs + Profiles.Length - 1) / Profiles.Length} "
            + $"of {Profiles.Length} profiles, {simulated.TotalHours:0.0} h simulated, "
            + $"{clock.Elapsed.TotalSeconds:0.0} s, {simulated / clock.Elapsed:0} : 1");
        output.WriteLine(figures);
        output.WriteLine(coverage.ToString());
        File.WriteAllText(Path.Combine(AppContext.BaseDirectory, "coverage.txt"), $"{figures}\n{coverage}");

        if (runs >= SeedsByDefault)
        {
            AssertEverythingHappened(coverage);
        }
    }

    [Fact]
    public void The_same_seed_gives_the_same_run()
    {
        foreach (var (seed, profile) in All().Take(Profiles.Length))
        {
            var first = SimulationRun.Run(seed, profile);
            var second = SimulationRun.Run(seed, profile);

            Assert.Equal(first.Hash, second.Hash);
            Assert.Equal(first.Simulated, second.Simulated);
        }
    }

    [Fact]
    public void Another_seed_gives_another_run()
    {
        Assert.NotEqual(SimulationRun.Run(1, Profile.Plain).Hash, SimulationRun.Run(2, Profile.Plain).Hash);
    }

    private static int SeedsLeast() => Number("CAUSALSTORE_SEEDS")
        ?? (Number("CAUSALSTORE_HOURS") is null ? SeedsByDefault : 0);

    private static int? Number(string variable) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } number
            ? int.Parse(number, CultureInfo.InvariantCulture)
            : null;

    /// <summary>Seed 1 of every profile, then seed 2 of every profile, and so on without an end.</summary>
    private static IEnumerable<(ulong Seed, Profile Profile)> All()
    {
        for (ulong seed = 1; ; seed++)
        {
            foreach (var profile in Profiles)
            {
                yield return (seed, profile);
            }
        }
    }

    private static IEnumerable<(ulong Seed, Profile Profile)> TheOne()
    {
        ulong seed = ulong.Parse(
            Environment.GetEnvironmentVariable("CAUSALSTORE_SEED")!, CultureInfo.InvariantCulture);
        string? profile = Environment.GetEnvironmentVariable("CAUSALSTORE_PROFILE");
        return profile is { Length: > 0 }
            ? [(seed, Enum.Parse<Profile>(profile, ignoreCase: true))]
            : Profiles.Select(each => (seed, each));
    }

    private static string Tell(RunReport failed)
    {
        var told = SimulationRun.Run(failed.Seed, failed.Profile, keepsText: true);
        return $"{failed}\n\nIts last events:\n{string.Join('\n', told.Story.TakeLast(EventsTold))}\n\n"
            + $"Again: CAUSALSTORE_SEED={failed.Seed} CAUSALSTORE_PROFILE={failed.Profile} dotnet test";
    }

    private static void AssertEverythingHappened(Coverage coverage)
    {
        var missing = Enum.GetValues<Happening>()
            .Except(MayBeMissing)
            .Where(happening => coverage[happening] == 0);

        Assert.True(!missing.Any(), $"never happened, so never tested: {string.Join(", ", missing)}");
    }
}
