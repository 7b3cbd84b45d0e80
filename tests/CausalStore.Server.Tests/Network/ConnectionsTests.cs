using CausalStore.Server.Tests.Kit;

namespace CausalStore.Server.Tests.Network;

/// <summary>What a server makes of the bytes of a connection, over raw TCP.</summary>
public sealed class ConnectionsTests
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
        await using var server = await RunningServer.StartAsync(
            RunningServer.Alone with { LineBytesMax = 1000 });
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
    public async Task Four_thousand_and_ninety_six_connections_are_served()
    {
        const int Count = 4096;
        Assert.SkipUnless(OpenFiles.Most > (2 * Count) + 1000, "too few open files are allowed here");
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

        await Eventually.TrueAsync(async () => await server.SessionsAsync() == 0, "the others are forgotten");
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
        await using var server = await RunningServer.StartAsync(
            RunningServer.Alone with { LineBytesMax = 1000 });
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
}
