using System.Diagnostics;
using System.Globalization;

namespace CausalStore.Simulation.Tests;

/// <summary>Many runs, on all cores: each is one thread's, made from its seed and its profile
/// alone.</summary>
/// <param name="runsLeast">So many runs at least.</param>
/// <param name="simulatedLeast">So much simulated time at least.</param>
internal sealed class Swarm(int runsLeast, TimeSpan simulatedLeast)
{
    /// <summary>One run in so many is run twice: 5 in 100, and of every profile.</summary>
    private const int TwiceEvery = 19;

    private const string NotTheSame = "the same seed gives another run";

    private static readonly Profile[] Profiles = Enum.GetValues<Profile>();

    private readonly Lock _lock = new();
    private readonly Stopwatch _clock = new();
    private int _next;
    private TimeSpan _spent;

    public Coverage Coverage { get; } = new();

    public int Runs { get; private set; }

    public int RunsTwice { get; private set; }

    public TimeSpan Simulated { get; private set; }

    /// <summary>Of those that were seen, the first run in which something is wrong.</summary>
    public RunReport? Failed { get; private set; }

    /// <summary>Runs until there is enough, or until something is wrong.</summary>
    public void Run()
    {
        _clock.Start();
        Parallel.For(
            0, Environment.ProcessorCount, new ParallelOptions { MaxDegreeOfParallelism = -1 }, _ => Work());
        _clock.Stop();
    }

    /// <summary>What was done, for people.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"""
        {Runs:N0} schedules ({Runs / Profiles.Length} seeds of {Profiles.Length} profiles)
        {RunsTwice} of them twice, with the same effects
        {Simulated.TotalHours:0.0} h simulated in {_clock.Elapsed.TotalSeconds:0} s
        {Simulated / _spent:0} : 1 on a core, whatever else ran there
        {Coverage[Happening.OperationsJudgedFromOutside]:N0} operations judged by the checker

        {Coverage}
        """);

    private void Work()
    {
        while (TakeNext() is { } run)
        {
            var (seed, profile) = (1 + (ulong)(run / Profiles.Length), Profiles[run % Profiles.Length]);
            var clock = Stopwatch.StartNew();
            var report = SimulationRun.Run(seed, profile);
            var spent = clock.Elapsed;
            bool isTwice = run % TwiceEvery == 0;
            bool isSame = !isTwice || IsSame(report, SimulationRun.Run(seed, profile));
            Count(isSame ? report : report with { Inconclusive = NotTheSame }, spent, isTwice);
        }
    }

    private int? TakeNext()
    {
        lock (_lock)
        {
            bool isEnough = Failed is not null || (_next >= runsLeast && Simulated >= simulatedLeast);
            return isEnough ? null : _next++;
        }
    }

    private void Count(RunReport report, TimeSpan spent, bool isTwice)
    {
        lock (_lock)
        {
            Runs++;
            RunsTwice += isTwice ? 1 : 0;
            Simulated += report.Simulated;
            _spent += spent;
            Coverage.Add(report.Coverage);

            if (report.Failure is not null || report.Inconclusive is not null)
            {
                Failed ??= report;
            }
        }
    }

    private static bool IsSame(RunReport one, RunReport other) =>
        one.Hash == other.Hash && one.Simulated == other.Simulated
        && one.Coverage.ToString() == other.Coverage.ToString();
}
