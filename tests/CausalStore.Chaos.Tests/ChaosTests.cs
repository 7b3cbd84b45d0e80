using System.Globalization;
using CausalStore.Checking;

namespace CausalStore.Chaos.Tests;

/// <summary>
/// Real processes under load and faults, judged from the outside: docs/testing.md.
/// <c>CAUSALSTORE_CHAOS_MINUTES</c> says how long, <c>CAUSALSTORE_CHAOS_SEED</c> which weather.
/// </summary>
public sealed class ChaosTests(ITestOutputHelper output)
{
    private const int KillsMin = 20;
    private const int KillsMinPerMinute = 17;

    private static readonly Dictionary<Happening, int> Unix = new()
    {
        [Happening.Kill] = 12,
        [Happening.KillAll] = 1,
        [Happening.KillWhileStarting] = 4,
        [Happening.Pause] = 3,
        [Happening.Stop] = 2,
        [Happening.Cut] = 5,
        [Happening.Delay] = 5,
        [Happening.Wipe] = 1,
        [Happening.Forget] = 1,
    };

    [Fact]
    public async Task Nothing_acknowledged_is_lost_and_nobody_sees_an_effect_before_its_cause()
    {
        int minutes = Number("CAUSALSTORE_CHAOS_MINUTES") ?? 0;
        ChaosSettings settings = new(Number("CAUSALSTORE_CHAOS_SEED") ?? Environment.TickCount)
        {
            Faults = Faults(),
            Length = TimeSpan.FromMinutes(minutes),
            KillsMin = Math.Max(KillsMin, KillsMinPerMinute * minutes),
        };
        output.WriteLine($"seed {settings.Seed}");
        ChaosRun run = new(settings, output.WriteLine);

        var wrong = await run.PlayAsync(TestContext.Current.CancellationToken);

        Assert.True(wrong.Count == 0, $"seed {settings.Seed}\n{string.Join('\n', wrong.Take(20))}");
        output.WriteLine($"seed {settings.Seed}");
    }

    [Fact]
    public async Task Servers_that_are_not_causal_are_found_out()
    {
        ChaosSettings settings = new(Environment.TickCount)
        {
            Faults = new Dictionary<Happening, int> { [Happening.Delay] = 10, [Happening.Cut] = 5 },
            KillsMin = 0,
            Pace = TimeSpan.FromSeconds(0.3),
            ServerArguments = ["--consistency", "eventual"],
            KeepsFiles = false,
        };
        output.WriteLine($"seed {settings.Seed}");
        ChaosRun run = new(settings, output.WriteLine);

        var wrong = await run.PlayAsync(TestContext.Current.CancellationToken);

        output.WriteLine(string.Join('\n', wrong.Take(2)));
        Assert.True(run.Broken.HasFlag(Promises.CausalConsistency), $"seed {settings.Seed}: nothing found");
    }

    private Dictionary<Happening, int> Faults()
    {
        if (!OperatingSystem.IsWindows())
        {
            return Unix;
        }

        output.WriteLine("Pause and Stop are left out: Windows has no such signals");
        return Unix.Where(fault => fault.Key is not (Happening.Pause or Happening.Stop)).ToDictionary();
    }

    private static int? Number(string variable) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text
            ? int.Parse(text, CultureInfo.InvariantCulture)
            : null;
}
