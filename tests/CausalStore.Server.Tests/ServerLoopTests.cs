using System.Text;
using CausalStore.Protocol;
using CausalStore.Server.Journal;
using CausalStore.Server.Tests.Kit;

namespace CausalStore.Server.Tests;

/// <summary>A server of its own for every test, spoken to over raw TCP.</summary>
public sealed class ServerLoopTests
{
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

        await Eventually.TrueAsync(async () => await server.SessionsAsync() == 1, "the watcher is cut off");
        string told = await watcher.ReadToEndAsync();
        Assert.All(told.Split('\n')[..^2], line => Assert.StartsWith("update k v", line));
    }

    [Fact]
    public async Task All_that_do_not_read_share_one_bound_and_whoever_reads_is_not_cut_off()
    {
        string value = new('v', 1_000_000);
        await using RunningLoop server = new(
            _ => new MemoryJournal(), options => options with { UnreadBytesMax = 16 << 20 });
        using var writer = await LineClient.ConnectAsync(server.Port);
        using var reader = await LineClient.ConnectAsync(server.Port);
        LineClient[] silent = await Task.WhenAll(
            Enumerable.Range(0, 5).Select(_ => LineClient.ConnectAsync(server.Port)));
        int writes = 0;

        foreach (var watcher in silent.Append(reader))
        {
            Assert.Equal("ok", await watcher.AskAsync("watch \"\""));
        }

        while (writes < 60 && (await writer.AskManyAsync("status")).Contains("sessions 7"))
        {
            writes++;
            Assert.Equal($"ok {writes}@1", await writer.AskAsync($"write k {value}"));
            Assert.Equal($"update k {value} {writes}@1", await reader.ReadLineAsync());
        }

        int cutOff = 0;

        foreach (var watcher in silent)
        {
            using (watcher)
            {
                cutOff += await IsCutOffAsync(watcher, writes) ? 1 : 0;
            }
        }

        Assert.InRange(cutOff, 1, silent.Length - 1);
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
    }

    /// <summary>Whether the pushes end with the word that they do, before the last.</summary>
    private static async Task<bool> IsCutOffAsync(LineClient watcher, int pushes)
    {
        for (int number = 1; number <= pushes; number++)
        {
            string line = await watcher.ReadLineAsync() ?? throw new EndOfStreamException("without a word");

            if (!line.StartsWith("update k v", StringComparison.Ordinal))
            {
                Assert.StartsWith("error overloaded this client does not read what is pushed to it", line);
                return true;
            }

            Assert.EndsWith($"v {number}@1", line);
        }

        return false;
    }
}
