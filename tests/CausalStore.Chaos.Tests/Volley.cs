using CausalStore.Client;

namespace CausalStore.Chaos.Tests;

/// <summary>Writes to one server as fast as it acknowledges, many at a time, until it is gone. Who
/// acknowledges a little too early is seen only where much is under way.</summary>
internal static class Volley
{
    private const int InFlight = 32;
    private const int ValueLength = 2_000;

    /// <param name="values">What all values begin with, and no other volley's.</param>
    public static async Task FireAsync(
        Site site, Word key, string values, HistoryRecorder recorder, Tally tally, CancellationToken stop)
    {
        string rest = new('v', ValueLength);
        int written = 0;

        try
        {
            await using var client = await StoreClient.ConnectAsync(
                new StoreClientOptions
                {
                    Servers = [site.Address],
                    Name = "volley",
                    WhenLost = WhenLost.End,
                    Recorder = recorder,
                },
                stop);
            await Task.WhenAll(Enumerable.Range(0, InFlight).Select(_ => WriteAsync(client)));
        }
        catch (StoreException)
        {
            // It is gone.
        }

        async Task WriteAsync(StoreClient client)
        {
            while (true)
            {
                await client.WriteAsync(key, $"{values}.{Interlocked.Increment(ref written)}.{rest}", stop);
                tally.Add(Happening.Acknowledged);
            }
        }
    }
}
