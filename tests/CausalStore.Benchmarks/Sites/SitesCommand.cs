using CausalStore.Protocol;

namespace CausalStore.Benchmarks.Sites;

/// <summary><c>sites</c>: how late writes are seen at other sites and what they carry, with causality and
/// without.</summary>
internal static class SitesCommand
{
    private const int WrongUsage = 2;

    private const string Usage = """
        sites [--sites N[,N ...]] [--seconds S] [--sessions N] [--read-percent N] [--think MS] [--keys N]
              [--jitter PERCENT] [--loss PER-MILLE] [--seed N]

        2 to 50 sites (7), each with N sessions (8) that ask something every MS (20), for S seconds (10) of
        simulated time, at the distances of ten regions of a cloud. See docs/performance.md.
        """;

    /// <summary>Returns the exit code.</summary>
    public static int Run(string[] arguments, TextWriter output, TextWriter errors)
    {
        SitesOptions options = new();
        int[] counts = [options.Sites];

        for (int index = 0; index < arguments.Length; index += 2)
        {
            string value = index + 1 < arguments.Length ? arguments[index + 1] : "";

            if (arguments[index] == "--sites")
            {
                counts = [.. value.Split(',').Select(word => Number(word, 2, 50))];
            }
            else
            {
                options = With(options, arguments[index], value);
            }

            if (options.Sites < 0 || counts.Contains(-1))
            {
                errors.WriteLine($"'{arguments[index]} {value}' is not understood. It is:\n\n{Usage}");
                return WrongUsage;
            }
        }

        WriteTable(options, counts, output);
        return 0;
    }

    private static SitesOptions With(SitesOptions options, string name, string value)
    {
        int number = Number(value, 0, 1_000_000);
        return name switch
        {
            _ when number < 0 => options with { Sites = -1 },
            "--seconds" when number > 0 => options with { Duration = TimeSpan.FromSeconds(number) },
            "--sessions" when number > 0 => options with { Sessions = number },
            "--read-percent" when number < 100 => options with { ReadPercent = number },
            "--think" when number > 0 => options with { Think = TimeSpan.FromMilliseconds(number) },
            "--keys" when number > 0 => options with { Keys = number },
            "--jitter" => options with { JitterPercent = number },
            "--loss" when number <= 1000 => options with { LossPerMille = number },
            "--seed" => options with { Seed = number },
            _ => options with { Sites = -1 },
        };
    }

    /// <summary>-1: it is none.</summary>
    private static int Number(string word, int min, int max) =>
        int.TryParse(word, out int number) && number >= min && number <= max ? number : -1;

    private static void WriteTable(SitesOptions options, int[] counts, TextWriter output)
    {
        output.WriteLine(
            $"{options.Sessions} sessions a site, a request each {options.Think.TotalMilliseconds} ms, "
            + $"{options.ReadPercent} % reads, {options.Keys:N0} keys, {options.Duration.TotalSeconds} s, "
            + $"jitter {options.JitterPercent} %, {options.LossPerMille} of 1,000 batches sent again, "
            + $"seed {options.Seed}");
        output.WriteLine(
            "Milliseconds from a write to its arrival at another site, and to its being visible there; how "
            + "long the delayed ones waited.");
        output.WriteLine();
        string[] heads =
        [
            "sites", "consistency", "writes", "arrived p50 / p99", "visible p50 / p99",
            "visible against arrived", "delayed", "waited p50 / p99 / max", "needs mean / max",
            "bytes of needs mean / max",
            "bytes beside the operations",
        ];
        output.WriteLine($"| {string.Join(" | ", heads)} |");
        output.WriteLine($"|{string.Concat(heads.Select(_ => "---|"))}");

        foreach (int count in counts)
        {
            foreach (var consistency in (Consistency[])[Consistency.Causal, Consistency.Eventual])
            {
                var figures = SiteWorld.Run(options with { Sites = count, Consistency = consistency });
                output.WriteLine(Row(count, consistency, figures));
            }
        }
    }

    private static string Row(int sites, Consistency consistency, SiteFigures figures)
    {
        string[] cells =
        [
            $"{sites}",
            $"{consistency}".ToLowerInvariant(),
            $"{figures.Needs.Count:N0}",
            $"{At(figures.Arrived, 0.5)} / {At(figures.Arrived, 0.99)}",
            $"{At(figures.Visible, 0.5)} / {At(figures.Visible, 0.99)}",
            $"+{(figures.Visible.Average() / figures.Arrived.Average()) - 1:P2}",
            $"{figures.Waited.Count / (double)figures.Visible.Count:P2}",
            $"{At(figures.Waited, 0.5)} / {At(figures.Waited, 0.99)} / {At(figures.Waited, 1)}",
            $"{figures.Needs.Average():0.00} / {figures.Needs.Max():0}",
            $"{figures.NeedsBytes.Average():0.0} / {figures.NeedsBytes.Max():0}",
            $"{figures.HeadBytes.Average():0}",
        ];
        return $"| {string.Join(" | ", cells)} |";
    }

    private static string At(List<double> sorted, double share) =>
        SiteFigures.Percentile(sorted, share).ToString("0.0");
}
