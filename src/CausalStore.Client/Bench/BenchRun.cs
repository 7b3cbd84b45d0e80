namespace CausalStore.Client.Bench;

/// <summary>A whole bench: loads, warms up, measures, tells.</summary>
internal sealed class BenchRun(BenchOptions options, TextWriter output, TextWriter errors, TimeProvider time)
{
    private const int PreloadDepth = 16;

    private readonly RunLimits _limits = new(options.Operations, options.Duration);

    /// <exception cref="BenchFailedException">A server cannot be measured.</exception>
    public void Run(CancellationToken stop)
    {
        if (options.VisibleAt is not null)
        {
            Watch(stop);
        }
        else if (options.Versus is not null)
        {
            Compare(stop);
        }
        else
        {
            Measure(stop);
        }
    }

    private void Measure(CancellationToken stop)
    {
        using var generator = Prepare(options.Target, stop);
        var run = generator.Run(options.Load, _limits, Progress($"{options.Target}"), stop);
        Tell(run, $"{options.Target}, {options.Load}");
    }

    private void Watch(CancellationToken stop)
    {
        using var probe = VisibilityProbe.Connect(options.Target.Address, options.VisibleAt!.Value, time);
        probe.Run(new RunLimits(0, options.WarmUp), Progress("warm-up"), stop);
        Tell(
            probe.Run(_limits, Progress("visible"), stop),
            $"from a write at {options.Target.Address} to its push at {options.VisibleAt}");
    }

    private void Tell(RunResult run, string what)
    {
        if (options.IsJson)
        {
            BenchReport.WriteRunAsJson(output, options, run);
        }
        else
        {
            BenchReport.WriteRun(output, what, run);
            BenchReport.WriteWarning(output, run);
        }
    }

    /// <summary>Two servers in turn, each pair with the same requests: what disturbs the machine for longer
    /// than a run disturbs both.</summary>
    private void Compare(CancellationToken stop)
    {
        using var ours = Prepare(options.Target, stop);
        using var theirs = Prepare(options.Versus!, stop);
        List<Pair> pairs = [];

        for (int number = 1; number <= options.Pairs; number++)
        {
            var load = options.Load with { Seed = options.Load.Seed + (ulong)number };
            RunResult? first = number % 2 == 0 ? Run(theirs, options.Versus!) : null;
            var own = Run(ours, options.Target);
            pairs.Add(new Pair(own, first ?? Run(theirs, options.Versus!)));

            RunResult Run(LoadGenerator generator, BenchTarget target) => generator.Run(
                load, _limits, Progress($"pair {number} of {options.Pairs}, {target}"), stop);
        }

        if (options.IsJson)
        {
            BenchReport.WritePairsAsJson(output, options, pairs);
        }
        else
        {
            output.WriteLine($"{options.Load}");
            BenchReport.WritePairs(output, options, pairs);
        }
    }

    private LoadGenerator Prepare(BenchTarget target, CancellationToken stop)
    {
        var generator = LoadGenerator.Connect(target, options.Load.Connections, options.Idle, time);

        try
        {
            if (options.IsPreloading)
            {
                var load = options.Load with
                {
                    Depth = PreloadDepth,
                    ReadPercent = 0,
                    Distribution = Distribution.Sequential,
                    Rate = 0,
                };
                generator.Run(
                    load, new RunLimits(load.Keys, TimeSpan.Zero), Progress($"preload of {target}"), stop);
            }

            if (options.WarmUp > TimeSpan.Zero)
            {
                generator.Run(
                    options.Load, new RunLimits(0, options.WarmUp), Progress($"warm-up of {target}"), stop);
            }

            return generator;
        }
        catch
        {
            generator.Dispose();
            throw;
        }
    }

    private ProgressLine? Progress(string what) => options.IsQuiet ? null : new ProgressLine(errors, what);
}
