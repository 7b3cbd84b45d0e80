using System.Net;
using CausalStore.Server.Commands;

namespace CausalStore.Server.Tests.Commands;

public sealed class OwnClientTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("0.0.0.0")]
    public async Task It_has_every_line_of_an_answer_wherever_the_server_listens(string bind)
    {
        await using var server = await RunningServer.StartAsync(RunningServer.Alone with { Bind = bind });
        using OwnClient client = new(new IPEndPoint(IPAddress.Parse(bind), server.Port));

        Assert.Contains("state serving", await client.AskAsync("status", Stop));
        Assert.Equal(["end 0"], await client.AskAsync("pending", Stop));
        Assert.Single(await client.AskAsync("fly", Stop));
        Assert.Equal(1, await server.SessionsAsync());
    }

    [Fact]
    public async Task A_server_that_has_stopped_is_said()
    {
        var server = await RunningServer.StartAsync();
        using OwnClient client = new(new IPEndPoint(IPAddress.Loopback, server.Port));
        await client.AskAsync("status", Stop);
        await server.DisposeAsync();

        await Assert.ThrowsAsync<IOException>(() => client.AskAsync("status", Stop));
        await Assert.ThrowsAsync<IOException>(() => client.AskAsync("status", Stop));
    }
}
