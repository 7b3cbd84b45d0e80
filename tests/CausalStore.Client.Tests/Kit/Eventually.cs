namespace CausalStore.Client.Tests.Kit;

/// <summary>Waits for what must come true; how long it takes is nobody's promise.</summary>
internal static class Eventually
{
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    public static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static async Task TrueAsync(Func<bool> condition, string what)
    {
        using CancellationTokenSource late = new(Limit);

        while (!condition())
        {
            Assert.False(late.IsCancellationRequested, $"still not: {what}");
            await Task.Delay(TimeSpan.FromMilliseconds(2), Stop);
        }
    }

    public static Task<T> InTime<T>(this Task<T> task) => task.WaitAsync(Limit, Stop);

    public static Task InTime(this Task task) => task.WaitAsync(Limit, Stop);
}
