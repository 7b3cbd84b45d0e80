using System.Text;
using CausalStore.Protocol;
using CausalStore.Server.Network;
using CausalStore.Server.Tests.Kit;

namespace CausalStore.Server.Tests;

/// <summary>A server of its own for every test, spoken to over raw TCP.</summary>
public sealed class ServerLoopTests
{
    [Fact]
    public async Task Bytes_may_come_one_at_a_time()
    {
        await using var server = await RunningServer.StartAsync();
        using var client = await server.ConnectAsync();

        foreach (byte one in "write \"my key\" lost\r\nread \"my key\"\n"u8.ToArray())
        {
            await client.SendAsync(new[] { one });
        }

        Assert.Equal(["ok 1@1", "value \"my key\" lost 1@1"], await client.ReadLinesAsync(2));
    }

    [Fact]
    public async Task Ten_thousand_pipelined_requests_are_answered_in_order()
    {
        const int Count = 10_000;
        await using var server = await RunningServer.StartAsync();
        using var client = await server.ConnectAsync();
        StringBuilder requests = new();

        for (int number = 1; number <= Count; number++)
        {
            requests.Append($"write k v{number}\nread k\n");
        }

        var sending = client.SendAsync(requests.ToString());

        for (int number = 1; number <= Count; number++)
        {
            Assert.Equal([$"ok {number}@1", $"value k v{number} {number}@1"], await client.ReadLinesAsync(2));
        }

        await sending;
    }

    [Fact]
    public async Task Who_does_not_read_the_answers_is_not_asked_for_more_and_loses_nothing()
    {
        const int Count = 2_000;
        string value = new('v', 10_000);
        await using var server = await RunningServer.StartAsync();
        using var client = await server.ConnectAsync();
        await client.AskAsync($"write k {value}");
        var sending = client.SendAsync(string.Concat(Enumerable.Repeat("read k\n", Count)));
        using var other = await server.ConnectAsync();
        Assert.Equal("pong", await other.AskAsync("ping"));

        foreach (string line in await client.ReadLinesAsync(Count))
        {
            Assert.Equal($"value k {value} 1@1", line);
        }

        await sending;
    }

    [Fact]
    public async Task Empty_lines_are_ignored_and_bad_ones_answered_while_the_connection_goes_on()
    {
        await using var server = await RunningServer.StartAsync();
        using var client = await server.ConnectAsync();

        await client.SendAsync("\n\r\n   \nbogus\n\nwrite \"\" x\nwrite a\tb c\nread \"x\nping\n");

        string[] answers = await client.ReadLinesAsync(5);
        Assert.StartsWith("error unknown-command ", answers[0]);
        Assert.StartsWith("error syntax ", answers[1]);
        Assert.StartsWith("error syntax ", answers[2]);
        Assert.StartsWith("error syntax ", answers[3]);
        Assert.Equal("pong", answers[4]);
    }

    [Fact]
    public async Task Garbage_is_answered_with_errors_and_harms_nobody()
    {
        Random random = new(7);
        byte[] garbage = new byte[200_000];
        random.NextBytes(garbage);
        await using var server = await RunningServer.StartAsync();
        using var bad = await server.ConnectAsync();
        using var good = await server.ConnectAsync();

        await bad.SendAsync(garbage);
        await bad.SendAsync("\nping\n");
        string said = await bad.FinishAsync();

        Assert.All(said.Split('\n')[..^2], line => Assert.StartsWith("error ", line));
        Assert.EndsWith("pong\n", said);
        Assert.Equal("pong", await good.AskAsync("ping"));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5_000_000)]
    public async Task A_line_that_is_too_long_is_refused_dropped_and_the_connection_closed(int more)
    {
        await using var server = await RunningServer.StartAsync(RunningServer.Alone with { LineBytesMax = 1000 });
        using var client = await server.ConnectAsync();

        await client.SendAsync("write k " + new string('v', 992) + "\n");
        await client.SendAsync("write k " + new string('v', 993 + more) + "\nping\n");

        Assert.Equal("ok 1@1", await client.ReadLineAsync());
        string? refusal = await client.ReadLineAsync();
        Assert.StartsWith("error too-long a line may have 1000 bytes here", refusal);
        Assert.Contains("--max-line", refusal);
        Assert.Equal("", await client.ReadToEndAsync());
    }

    [Fact]
    public async Task What_was_asked_before_the_end_is_answered_after_it()
    {
        await using var server = await RunningServer.StartAsync();
        using var client = await server.ConnectAsync();

        await client.SendAsync("write k v\nread k\nping");

        Assert.Equal("ok 1@1\nvalue k v 1@1\n", await client.FinishAsync());
    }

    [Fact]
    public async Task Quit_closes_the_connection_and_what_stands_behind_it_is_not_done()
    {
        await using var server = await RunningServer.StartAsync();
        using var client = await server.ConnectAsync();

        await client.SendAsync("ping\nquit\nwrite k v\n");

        Assert.Equal("pong\n", await client.ReadToEndAsync());
        using var other = await server.ConnectAsync();
        Assert.Equal("missing k", await other.AskAsync("read k"));
    }

    [Fact]
    public async Task A_session_that_waits_for_a_context_holds_up_nobody_else()
    {
        await using var server = await RunningServer.StartAsync(
            RunningServer.Alone with { ContextWait = TimeSpan.FromMilliseconds(300) });
        using var waiting = await server.ConnectAsync();
        using var other = await server.ConnectAsync();

        await waiting.SendAsync("context 9@2\nping\n");

        Assert.Equal("pong", await other.AskAsync("ping"));
        Assert.StartsWith("error not-yet ", await waiting.ReadLineAsync());
        Assert.Equal("pong", await waiting.ReadLineAsync());
    }

    [Fact]
    public async Task A_waiting_session_that_says_no_more_is_still_answered()
    {
        await using var server = await RunningServer.StartAsync(
            RunningServer.Alone with { ContextWait = TimeSpan.FromMilliseconds(300) });
        using var waiting = await server.ConnectAsync();

        await waiting.SendAsync("context 9@2\nping\n");
        string said = await waiting.FinishAsync();

        Assert.StartsWith("error not-yet ", said);
        Assert.EndsWith("pong\n", said);
    }

    [Fact]
    public async Task Pushes_reach_a_client_that_says_nothing()
    {
        await using var server = await RunningServer.StartAsync();
        using var watcher = await server.ConnectAsync();
        using var writer = await server.ConnectAsync();
        Assert.Equal("ok", await watcher.AskAsync("watch \"\""));

        await writer.AskAsync("write x lost");

        Assert.Equal("update x lost 1@1", await watcher.ReadLineAsync());
    }

    [Fact]
    public async Task A_watcher_that_does_not_read_is_cut_off_and_the_others_go_on()
    {
        string value = new('v', 1_000_000);
        await using var server = await RunningServer.StartAsync();
        using var watcher = await server.ConnectAsync();
        using var writer = await server.ConnectAsync();
        Assert.Equal("ok", await watcher.AskAsync("watch \"\""));

        for (int number = 1; number <= 100; number++)
        {
            Assert.Equal($"ok {number}@1", await writer.AskAsync($"write k {value}"));
        }

        await Eventually.TrueAsync(async () => await SessionsAsync(writer) == 1, "the watcher is cut off");
        string told = await watcher.ReadToEndAsync();
        Assert.All(told.Split('\n')[..^2], line => Assert.StartsWith("update k v", line));
    }

    [Fact]
    public async Task Four_thousand_and_ninety_six_connections_are_served()
    {
        const int Count = 4096;
        await using var server = await RunningServer.StartAsync();
        List<LineClient> clients = [];

        try
        {
            while (clients.Count < Count)
            {
                clients.Add(await server.ConnectAsync());
            }

            foreach (var client in clients)
            {
                await client.SendAsync("ping\n");
            }

            foreach (var client in clients)
            {
                Assert.Equal("pong", await client.ReadLineAsync());
            }
        }
        finally
        {
            clients.ForEach(client => client.Dispose());
        }

        using var last = await server.ConnectAsync();
        await Eventually.TrueAsync(async () => await SessionsAsync(last) == 1, "the others are forgotten");
    }

    [Fact]
    public async Task A_server_is_greeted_as_one()
    {
        await using var server = await RunningServer.StartAsync();
        using var peer = await server.ConnectAsync();

        string? hello = await peer.AskAsync("hello server 2 abc - 0 waiting");

        Assert.StartsWith("hello server 1 ", hello);
        Assert.EndsWith($" {server.Port}", hello);
    }

    [Fact]
    public async Task A_line_between_servers_may_be_longer_than_a_clients()
    {
        await using var server = await RunningServer.StartAsync(RunningServer.Alone with { LineBytesMax = 1000 });
        using var peer = await server.ConnectAsync();
        await peer.AskAsync("hello server 2 abc - 0 waiting");

        await peer.SendAsync("bogus " + new string('v', 3_000_000) + "\n");

        string? said = await peer.ReadLineAsync();

        while (said is not null && !said.StartsWith("error ", StringComparison.Ordinal))
        {
            said = await peer.ReadLineAsync();
        }

        Assert.DoesNotContain("too-long", said);
    }

    [Fact]
    public async Task To_stop_it_answers_what_it_has_begun_and_takes_nothing_more()
    {
        var server = await RunningServer.StartAsync();
        using var client = await server.ConnectAsync();
        Assert.Equal("pong", await client.AskAsync("ping"));

        Assert.Equal(0, await server.StopAsync());

        Assert.Equal("", await client.ReadToEndAsync());
    }

    [Fact]
    public async Task Two_servers_in_one_process_replicate()
    {
        await using var first = await RunningServer.StartAsync();
        await using var second = await RunningServer.StartAsync(RunningServer.Alone with
        {
            Id = new ServerId(2),
            Peers = [new ServerAddress("127.0.0.1", first.Port)],
        });
        using var alice = await first.ConnectAsync();
        using var bob = await second.ConnectAsync();

        Assert.Equal("ok 1@1", await alice.AskAsync("write x lost"));

        await Eventually.TrueAsync(
            async () => await bob.AskAsync("read x") == "value x lost 1@1", "x reaches the second server");
    }

    [Fact]
    public async Task A_hundred_megabytes_reach_another_server()
    {
        const int Count = 100;
        string value = new('v', 1_000_000);
        await using var first = await RunningServer.StartAsync();
        await using var second = await RunningServer.StartAsync(RunningServer.Alone with
        {
            Id = new ServerId(2),
            Peers = [new ServerAddress("127.0.0.1", first.Port)],
        });
        using var alice = await first.ConnectAsync();
        using var bob = await second.ConnectAsync();

        for (int number = 0; number < Count; number++)
        {
            await alice.AskAsync($"write k{number} {value}");
        }

        await Eventually.TrueAsync(
            async () => (await bob.AskManyAsync("status")).Contains($"keys {Count}"), "all keys");
        Assert.True(Connections.ServerLineBytesMax > value.Length);
    }

    private static async Task<int> SessionsAsync(LineClient client)
    {
        var status = await client.AskManyAsync("status");
        return int.Parse(status.Single(line => line.StartsWith("sessions ", StringComparison.Ordinal))[9..]);
    }
}
