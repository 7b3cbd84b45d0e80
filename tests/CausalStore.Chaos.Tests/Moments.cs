using System.Diagnostics;

namespace CausalStore.Chaos.Tests;

/// <summary>Time goes by: between two faults, two requests, two looks at a condition.</summary>
internal static class Moments
{
    /// <summary>For what ought to take seconds, on a machine with more to do.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(50);

    /// <summary>From nothing to twice the average.</summary>
    public static Task PassAsync(Random dice, TimeSpan average, CancellationToken stop) =>
        Task.Delay(2 * dice.NextDouble() * average, stop);

    /// <summary>Stops after <see cref="Limit"/> as well. To be disposed.</summary>
    public static CancellationTokenSource Limited(CancellationToken stop)
    {
        var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(Limit);
        return limit;
    }

    /// <exception cref="TimeoutException">It has not come true within <see cref="Limit"/>.</exception>
    public static async Task UntilAsync(
        Func<Task<bool>> condition, Func<string> what, CancellationToken stop)
    {
        var clock = Stopwatch.StartNew();

        while (!await condition())
        {
            if (clock.Elapsed > Limit)
            {
                throw new TimeoutException($"waited {Limit.TotalSeconds} s in vain: {what()}");
            }

            await Task.Delay(BetweenLooks, stop);
        }
    }

    /// <summary>Waits for all. Who failed tells why, not who was ended by it.</summary>
    /// <exception cref="AggregateException">Some failed.</exception>
    /// <exception cref="OperationCanceledException">Nobody failed, some were ended.</exception>
    public static async Task AllAsync(IReadOnlyCollection<Task> tasks)
    {
        var all = Task.WhenAll(tasks);
        await Task.WhenAny(all);
        var failures = tasks.Where(task => task.IsFaulted)
            .SelectMany(task => task.Exception!.InnerExceptions).ToList();

        if (failures.Count > 0)
        {
            throw new AggregateException(failures);
        }

        await all;
    }

    /// <summary>Who fails ends the others, too.</summary>
    public static async Task OrAbortAsync(Task task, CancellationTokenSource abort)
    {
        try
        {
            await task;
        }
        catch
        {
            await abort.CancelAsync();
            throw;
        }
    }
}
