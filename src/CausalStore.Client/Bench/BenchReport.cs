using System.Text.Json;

namespace CausalStore.Client.Bench;

/// <summary>One server's run of a pair, and the other's.</summary>
internal sealed record Pair(RunResult Ours, RunResult Theirs);

/// <summary>What a bench tells: for people, or as JSON with the names that <c>loadgen</c> uses.</summary>
internal static class BenchReport
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
    };

    /// <summary>The figures of pairs that are compared, ours as a multiple of theirs.</summary>
    private static readonly (string Name, string JsonName, Func<RunResult, double> Of)[] Compared =
    [
        ("throughput", "throughput", run => run.OperationsPerSecond),
        ("p50", "p50", run => run.P50Us),
        ("p99", "p99", run => run.P99Us),
        ("p99.9", "p999", run => run.P999Us),
        ("longest gap", "longest_gap", run => run.LongestGapUs),
    ];

    public static void WriteRun(TextWriter output, string what, RunResult run)
    {
        output.WriteLine($"{what}:");
        output.WriteLine(
            $"  {run.Operations:N0} operations in {run.Seconds:0.00} s: "
            + $"{run.OperationsPerSecond:N0} a second");
        output.WriteLine(
            $"  latency, ms: p50 {Ms(run.P50Us)}, p90 {Ms(run.P90Us)}, p99 {Ms(run.P99Us)}, "
            + $"p99.9 {Ms(run.P999Us)}, longest {Ms(run.MaxUs)}; longest gap {Ms(run.LongestGapUs)}");
        output.WriteLine(
            $"  {run.Missing:N0} reads of missing keys, {run.Errors:N0} errors; "
            + $"this generator took {run.GeneratorBusy:0.00} of a core");
    }

    /// <summary>Where the generator limits the throughput, the latencies and the other server's share tell
    /// more.</summary>
    public static void WriteWarning(TextWriter output, params IEnumerable<RunResult> runs)
    {
        if (runs.Any(run => run.GeneratorBusy > 0.9))
        {
            output.WriteLine(
                "The generator was busier than 0.9 of a core: it limits the throughput. Give it a core of "
                + "its own, or read the servers' processor time instead.");
        }
    }

    public static void WritePairs(TextWriter output, BenchOptions options, IReadOnlyList<Pair> pairs)
    {
        output.WriteLine($"{options.Target} / {options.Versus}");
        output.WriteLine($"{"pair",-8}{string.Concat(Compared.Select(figure => $"{figure.Name,14}"))}");

        foreach (var (index, pair) in pairs.Index())
        {
            var ratios = Compared.Select(figure => $"{Ratio(pair, figure.Of),14:0.00}");
            output.WriteLine($"{index + 1,-8}{string.Concat(ratios)}");
        }

        output.WriteLine($"{"median",-8}{string.Concat(Compared.Select(
            figure => $"{Median(pairs, pair => Ratio(pair, figure.Of)),14:0.00}"))}");
        output.WriteLine(
            $"medians: {Median(pairs, pair => pair.Ours.OperationsPerSecond):N0} and "
            + $"{Median(pairs, pair => pair.Theirs.OperationsPerSecond):N0} operations a second");
        WriteWarning(output, pairs.SelectMany(pair => new[] { pair.Ours, pair.Theirs }));
    }

    public static void WriteRunAsJson(TextWriter output, BenchOptions options, RunResult run) =>
        output.WriteLine(JsonSerializer.Serialize(
            new
            {
                Target = $"{options.Target.Address}",
                options.Target.IsResp,
                Load = About(options.Load),
                Run = run,
            },
            Json));

    public static void WritePairsAsJson(TextWriter output, BenchOptions options, IReadOnlyList<Pair> pairs) =>
        output.WriteLine(JsonSerializer.Serialize(
            new
            {
                Target = $"{options.Target.Address}",
                options.Target.IsResp,
                Versus = $"{options.Versus!.Address}",
                VersusIsResp = options.Versus.IsResp,
                Load = About(options.Load),
                Median = Compared.ToDictionary(
                    figure => figure.JsonName, figure => Median(pairs, pair => Ratio(pair, figure.Of))),
                Pairs = pairs,
            },
            Json));

    private static object About(Load load) => new
    {
        load.Connections,
        load.Depth,
        load.Keys,
        KeySize = load.KeyBytes,
        ValueSize = load.ValueBytes,
        load.ReadPercent,
        Distribution = load.Distribution.ToString().ToLowerInvariant(),
        load.Rate,
        load.Seed,
    };

    private static string Ms(double microseconds) => (microseconds / 1e3).ToString("0.000");

    private static double Ratio(Pair pair, Func<RunResult, double> figure) =>
        figure(pair.Ours) / Math.Max(figure(pair.Theirs), 1e-9);

    private static double Median(IReadOnlyList<Pair> pairs, Func<Pair, double> figure)
    {
        double[] sorted = [.. pairs.Select(figure).Order()];
        int middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
