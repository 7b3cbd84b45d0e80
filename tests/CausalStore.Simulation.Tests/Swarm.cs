using System.Diagnostics;
using System.Globalization;

namespace CausalStore.Simulation.Tests;

/// <summary>Many runs, on all cores: each is one thread's, made from its seed and its profile
/// alone.</summary>
/// <param name="runsLeast">So many runs at least.</param>
/// <param name="simulatedLeast">So much simulated time at least.</param>
/// <param name="longest">Then it ends, be it enough or not.</param>
/// <param name="tell">Is told the figures every minute.</param>
internal sealed class Swarm(int runsLeast, TimeSpan simulatedLeast, TimeSpan longest, Action<string> tell)
{
    private static readonly TimeSpan TellEvery = TimeSpan.FromMinutes(1);

    /// <summary>One run in so many is run twice: 5 in 100, and of every profile.</summary>
    private const int TwiceEvery = 19;

    private const string NotTheSame = "the same seed gives another run";

    private static readonly Profile[] Profiles = Enum.GetValues<Profile>();

    private readonly Lock _lock = new();
    private readonly Stopwatch _clock = new();
    private int _next;
    private TimeSpan _toldAt;
    private TimeSpan _simulatedTwice;
    private TimeSpan _processorBefore;

    public Coverage Coverage { get; } = new();

    public int Runs { get; private set; }

    public int RunsTwice { get; private set; }

    public TimeSpan Simulated { get; private set; }

    /// <summary>Of those that were seen, the first run in which something is wrong.</summary>
    public RunReport? Failed { get; private set; }

    /// <summary>Of runs that are made twice, both.</summary>
    private TimeSpan SimulatedInAll => Simulated + _simulatedTwice;

    /// <summary>Runs until there is enough, until something is wrong, or until it is stopped.</summary>
    public void Run(CancellationToken stops)
    {
        _processorBefore = Environment.CpuUsage.TotalTime;
        _clock.Start();
        Parallel.For(0, Cores, new ParallelOptions { MaxDegreeOfParallelism = -1 }, _ => Work(stops));
        _clock.Stop();
    }

    /// <summary>What was done, for people.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"""
        {Runs:N0} schedules ({Runs / Profiles.Length} seeds of {Profiles.Length} profiles)
        {RunsTwice} of them twice, with the same effects
        {Simulated.TotalHours:0.0} h simulated in {_clock.Elapsed.TotalSeconds:0} s
        {SimulatedInAll / _clock.Elapsed / Cores:0} : 1 on each of {Cores} cores
        {SimulatedInAll / Processor:0} : 1 of the processor time that it got
        {Judged:N0} operations judged by the checker, {Judged / _clock.Elapsed.TotalSeconds:N0} a second

        {Coverage}
        """);

    private static int Cores => Environment.ProcessorCount;

    private long Judged => Coverage[Happening.OperationsJudgedFromOutside];

    private TimeSpan Processor => Environment.CpuUsage.TotalTime - _processorBefore;

    private void Work(CancellationToken stops)
    {
        while (!stops.IsCancellationRequested && TakeNext() is { } run)
        {
            var (seed, profile) = (1 + (ulong)(run / Profiles.Length), Profiles[run % Profiles.Length]);
            var report = SimulationRun.Run(seed, profile);
            bool isTwice = run % TwiceEvery == 0;
            bool isSame = !isTwice || IsSame(report, SimulationRun.Run(seed, profile));
            Count(isSame ? report : report with { Inconclusive = NotTheSame }, isTwice);
        }
    }

    private int? TakeNext()
    {
        lock (_lock)
        {
            bool isEnough = Failed is not null || _clock.Elapsed >= longest
                || (_next >= runsLeast && Simulated >= simulatedLeast);
            return isEnough ? null : _next++;
        }
    }

    private void Count(RunReport report, bool isTwice)
    {
        lock (_lock)
        {
            Runs++;
            RunsTwice += isTwice ? 1 : 0;
            Simulated += report.Simulated;
            _simulatedTwice += isTwice ? report.Simulated : TimeSpan.Zero;
            Coverage.Add(report.Coverage);

            if (report.Failure is not null || report.Inconclusive is not null)
            {
                Failed ??= report;
            }

            if (_clock.Elapsed >= _toldAt + TellEvery)
            {
                _toldAt = _clock.Elapsed;
                tell($"{this}");
            }
        }
    }

    private static bool IsSame(RunReport one, RunReport other) =>
        one.Hash == other.Hash && one.Simulated == other.Simulated
        && one.Coverage.ToString() == other.Coverage.ToString();
}
