using CausalStore.Protocol;
using CausalStore.Server.Tests.Kit;

namespace CausalStore.Server.Tests;

public sealed class ServerHostTests
{
    [Fact]
    public async Task A_port_in_use_is_explained_and_exits_with_1()
    {
        await using var server = await RunningServer.StartAsync();
        using StringWriter output = new();
        using StringWriter error = new();
        ServerHost second = new(
            RunningServer.Alone with { Port = server.Port }, output, error, TimeProvider.System);

        Assert.Equal(1, await second.RunAsync());

        Assert.Equal("", output.ToString());
        Assert.StartsWith($"Server 1 cannot listen: port {server.Port} is in use.", error.ToString());
    }

    [Fact]
    public async Task Told_to_stop_before_it_runs_it_ends_at_once()
    {
        using StringWriter output = new();
        using StringWriter error = new();
        ServerHost host = new(RunningServer.Alone, output, error, TimeProvider.System);
        host.RequestStop();

        var run = host.RunAsync();

        Assert.Equal(0, await run.WaitAsync(Eventually.Limit, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task The_options_reach_the_replica()
    {
        await using var server = await RunningServer.StartAsync(RunningServer.Alone with
        {
            Id = new ServerId(9),
            Consistency = Consistency.Eventual,
            Peers = [new ServerAddress("127.0.0.1", 1)],
            Found = true,
            AllowFaults = true,
        });
        using var client = await server.ConnectAsync();

        var status = await client.AskManyAsync("status");

        Assert.Contains("server 9", status);
        Assert.Contains("consistency eventual", status);
        Assert.Contains("state serving", status);
        Assert.Matches("^instance [0-9a-f]{16}$", status.Single(line => line.StartsWith("instance ")));
        Assert.Equal("ok", await client.AskAsync("link 2 cut"));
    }
}
