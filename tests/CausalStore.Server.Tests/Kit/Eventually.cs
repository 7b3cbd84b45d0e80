using System.Diagnostics;

namespace CausalStore.Server.Tests.Kit;

/// <summary>Waits for what must come true, and not a moment longer.</summary>
public static class Eventually
{
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    /// <exception cref="TimeoutException">It has not come true within <see cref="Limit"/>.</exception>
    public static Task TrueAsync(Func<bool> condition, string what) =>
        TrueAsync(() => Task.FromResult(condition()), what);

    /// <exception cref="TimeoutException">It has not come true within <see cref="Limit"/>.</exception>
    public static Task TrueAsync(Func<Task<bool>> condition, string what) =>
        TrueAsync(condition, () => what);

    /// <exception cref="TimeoutException">It has not come true within <see cref="Limit"/>.</exception>
    public static async Task TrueAsync(Func<Task<bool>> condition, Func<string> what)
    {
        var watch = Stopwatch.StartNew();

        while (!await condition())
        {
            if (watch.Elapsed > Limit)
            {
                throw new TimeoutException($"waited {Limit.TotalSeconds} s in vain: {what()}");
            }

            await Task.Delay(Pause);
        }
    }
}
