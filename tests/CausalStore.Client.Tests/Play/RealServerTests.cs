using CausalStore.Client.Play;
using CausalStore.Client.Tests.Kit;
using CausalStore.Scenarios;

namespace CausalStore.Client.Tests.Play;

public sealed class RealServerTests
{
    [Fact]
    public async Task A_server_that_does_not_start_is_said_with_its_own_words()
    {
        var error = await Assert.ThrowsAsync<StageException>(
            () => RealServer.StartAsync([Binaries.Server, "--id", "0"], Eventually.Stop).InTime());

        Assert.StartsWith("a server does not start: ", error.Message);
        Assert.Contains("--id", error.Message);
    }

    [Fact]
    public async Task It_is_stopped_in_good_order_or_ended_at_once()
    {
        await using var stopped = await StartAsync();
        await using var ended = await StartAsync();
        Assert.NotEqual(stopped.Port, ended.Port);

        await stopped.StopAsync(Eventually.Stop).InTime();
        await ended.DisposeAsync();

        foreach (int port in new[] { stopped.Port, ended.Port })
        {
            await Assert.ThrowsAsync<ConnectionLostException>(() => StoreClient.ConnectAsync(
                new StoreClientOptions
                {
                    Servers = [new("127.0.0.1", port)],
                    UnavailableWait = TimeSpan.Zero,
                },
                Eventually.Stop));
        }
    }

    private static Task<RealServer> StartAsync() => RealServer.StartAsync(
        [Binaries.Server, "--port", "0", "--id", "1", "--in-memory", "--quiet"], Eventually.Stop).InTime();
}
