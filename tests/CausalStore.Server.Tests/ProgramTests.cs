using System.Diagnostics;
using CausalStore.Server.Tests.Kit;
using CausalStore.Tests.Kit;

namespace CausalStore.Server.Tests;

/// <summary>The program as a person or a script starts it.</summary>
public sealed class ProgramTests(ITestOutputHelper output)
{
    [Fact]
    public async Task It_says_where_it_listens_also_when_quiet()
    {
        await using var server = await ServerProcess.StartAsync("--port", "0", "--id", "7", "--quiet");

        Assert.Equal($"Server 7 listening on port {server.Port}\n", server.Output);
        Assert.Equal("", server.Error);
    }

    [Fact]
    public async Task A_port_in_use_is_advice_and_exit_code_1()
    {
        await using var server = await ServerProcess.StartAsync("--port", "0", "--id", "1");

        var (exitCode, said, error) = await ServerProcess.RunAsync("--port", $"{server.Port}", "--id", "2");

        Assert.Equal(1, exitCode);
        Assert.Equal("", said);
        Assert.Contains($"Server 2 cannot listen: port {server.Port} is in use.", error);
    }

    [Theory]
    [InlineData("")]
    [InlineData("--id 1")]
    [InlineData("--port 60001 --id 0")]
    public async Task Wrong_usage_is_exit_code_2(string line)
    {
        var (exitCode, said, error) = await ServerProcess.RunAsync(
            line.Split(' ', StringSplitOptions.RemoveEmptyEntries));

        Assert.Equal(2, exitCode);
        Assert.Equal("", said);
        Assert.NotEqual("", error);
    }

    [Theory]
    [InlineData("TERM")]
    [InlineData("INT")]
    public async Task A_signal_ends_it_with_0(string signal)
    {
        await Signals.SkipIfIgnoredAsync(signal);
        await using var server = await ServerProcess.StartAsync("--port", "0", "--id", "1");
        using var client = await LineClient.ConnectAsync(server.Port);
        Assert.Equal("ok 1@1", await client.AskAsync("write x lost"));

        await server.SignalAsync(signal);

        Assert.Equal(0, await server.ExitCodeAsync());
        Assert.Contains("Server 1 has stopped; every connected server has its writes.", server.Error);
    }

    [Fact]
    public async Task To_stop_it_first_delivers_what_it_can_and_says_what_is_left()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "no signals by name");
        await using var first = await ServerProcess.StartAsync("--port", "0", "--id", "1", "--allow-faults");
        await using var second = await StartAsync(2, first.Port);
        using var client = await LineClient.ConnectAsync(first.Port);
        await second.ServesAsync();
        await Eventually.TrueAsync(
            async () => (await client.AskManyAsync("status")).Contains("members 2"),
            "the second is a member");
        Assert.Equal("ok", await client.AskAsync("link 2 cut"));
        Assert.Equal("ok 1@1", await client.AskAsync("write x lost"));
        var watch = Stopwatch.StartNew();

        await first.SignalAsync("TERM");

        Assert.Equal(0, await first.ExitCodeAsync());
        Assert.True(watch.Elapsed > TimeSpan.FromSeconds(4), $"after {watch.Elapsed}");
        Assert.Contains("1 of the writes", first.Error);
    }

    [Fact]
    public async Task What_was_written_just_before_the_signal_reaches_the_others()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "no signals by name");
        await using var first = await ServerProcess.StartAsync("--port", "0", "--id", "1");
        await using var second = await StartAsync(2, first.Port);
        using var bob = await second.ServesAsync();
        using var alice = await LineClient.ConnectAsync(first.Port);
        const int Count = 2000;
        await alice.SendAsync(Writes(Count));
        await alice.ReadLinesAsync(Count);

        await first.SignalAsync("TERM");

        Assert.Equal(0, await first.ExitCodeAsync());
        Assert.Contains($"keys {Count}", await bob.AskManyAsync("status"));
    }

    [Fact]
    public async Task A_server_that_waits_for_others_says_so_and_serves_once_they_are_there()
    {
        int port = FreePorts.One();
        await using var second = await StartAsync(2, port);
        using var client = await LineClient.ConnectAsync(second.Port);

        Assert.StartsWith("error unavailable ", await client.AskAsync("read x"));
        Assert.Equal("pong", await client.AskAsync("ping"));
        await Eventually.TrueAsync(
            () => second.Error.Contains($"nobody answers at 127.0.0.1:{port}"), "the warning");

        await using var first = await ServerProcess.StartAsync("--port", $"{port}", "--id", "1");
        await Eventually.TrueAsync(async () => await client.AskAsync("read x") == "missing x", "it serves");
    }

    [Fact]
    public async Task The_second_server_with_an_id_is_told_what_to_do_and_exits_with_1()
    {
        await using var first = await ServerProcess.StartAsync("--port", "0", "--id", "1");
        await using var second = await StartAsync(2, first.Port);
        (await second.ServesAsync()).Dispose();

        var (exitCode, _, error) = await ServerProcess.RunAsync(
            "--port", "0", "--id", "2", "--peers", $"{first.Port}");

        Assert.Equal(1, exitCode);
        Assert.Contains("Server 2 stops:", error);
    }

    [Fact]
    public async Task An_eventual_server_says_loudly_that_it_is_one()
    {
        await using var server = await ServerProcess.StartAsync(
            "--port", "0", "--id", "1", "--consistency", "eventual", "--quiet");

        await Eventually.TrueAsync(
            () => server.Error.Contains("NOT CAUSAL") && server.Error.Contains("effects before their causes"),
            "the warning");
    }

    [Fact]
    public async Task It_narrates_when_asked_to()
    {
        await using var server = await ServerProcess.StartAsync("--port", "0", "--id", "1", "--narrate");
        using var client = await LineClient.ConnectAsync(server.Port);

        await client.AskAsync("hello client alice");
        await client.AskAsync("write x lost");

        await Eventually.TrueAsync(() => server.Output.Contains("alice: x = lost (1@1)"), "the narration");
    }

    [Fact]
    public async Task It_takes_commands_from_standard_input_when_asked_to()
    {
        await using var server = await ServerProcess.StartForLinesAsync(
            "--port", "0", "--id", "1", "--commands", "--allow-faults");

        await server.WriteLineAsync("link 2 cut");
        await server.WriteLineAsync("members");
        await server.WriteLineAsync("quit");

        Assert.Equal(0, await server.ExitCodeAsync());
        Assert.Matches("ok\nmember 1 [0-9a-f]+ joined this server\nend 1\n$", server.Output);
    }

    [Fact]
    public async Task Otherwise_it_does_not_look_at_what_is_piped_into_it()
    {
        await using var server = await ServerProcess.StartForLinesAsync("--port", "0", "--id", "1");
        await server.WriteLineAsync("quit");
        using var client = await LineClient.ConnectAsync(server.Port);

        Assert.Equal("ok 1@1", await client.AskAsync("write x lost"));
        Assert.Equal($"Server 1 listening on port {server.Port}\n", server.Output);
    }

    [Fact]
    public async Task A_reader_who_does_not_read_the_narration_holds_up_nobody()
    {
        await using var server = await ServerProcess.StartAsync("--port", "0", "--id", "1", "--narrate");
        using var client = await LineClient.ConnectAsync(server.Port);
        const int Count = 20_000;
        await client.SendAsync(Writes(Count));

        Assert.Equal($"ok {Count}@1", (await client.ReadLinesAsync(Count))[^1]);
    }

    [Fact]
    public async Task Three_servers_show_the_effect_after_its_cause()
    {
        await using var west = await ServerProcess.StartAsync(
            "--port", "0", "--id", "1", "--allow-faults", "--relay-after", "0");
        await using var central = await StartAsync(2, west.Port, "--relay-after", "0");
        await using var east = await StartAsync(3, west.Port, "--relay-after", "0", "--narrate");
        using var bob = await central.ServesAsync();
        using var carol = await east.ServesAsync();
        using var alice = await LineClient.ConnectAsync(west.Port);
        await alice.AskAsync("write x lost");
        await carol.ShowsAsync("x", "lost");
        await bob.ShowsAsync("x", "lost");
        Assert.Equal("ok", await carol.AskAsync("watch \"\""));
        Assert.Equal("ok", await alice.AskAsync("link 3 cut"));

        await alice.AskAsync("write y found");
        await bob.ShowsAsync("y", "found");
        await bob.AskAsync("write z glad");
        await Eventually.TrueAsync(
            async () => (await carol.AskManyAsync("pending")).Exists(line => line.Contains("write z glad")),
            "z waits");
        Assert.StartsWith("missing z", await carol.AskAsync("read z"));
        Assert.Equal("ok", await alice.AskAsync("link 3 heal"));

        Assert.StartsWith("update y found", await carol.ReadLineAsync());
        Assert.StartsWith("update z glad", await carol.ReadLineAsync());
        await Eventually.TrueAsync(() => east.Output.Contains("applied z = glad"), "the narration");
        Assert.Matches(@"delaying z = glad \(\d+@2\).*: needs \d+@1, not here yet", east.Output);
        Assert.Matches(@"applied z = glad \(\d+@2\).* after .* s: \d+@1 arrived", east.Output);
    }

    [Fact]
    public async Task Five_servers_in_random_order_each_naming_one_other_converge()
    {
        int seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        Random random = new(seed);
        int[] ports = [.. Enumerable.Range(0, 5).Select(_ => FreePorts.One())];
        int[] order = [.. Enumerable.Range(0, 5)];
        random.Shuffle(order);
        List<ServerProcess> servers = [];

        try
        {
            // Each names the next in a ring, so that all are connected whoever comes first.
            foreach (int index in order)
            {
                servers.Add(await ServerProcess.StartAsync(
                    "--port", $"{ports[index]}",
                    "--id", $"{index + 1}",
                    "--peers", $"{ports[(index + 1) % 5]}"));
            }

            foreach (var server in servers)
            {
                using var client = await server.ServesAsync();
                Assert.StartsWith("ok ", await client.AskAsync($"write k{server.Port} v"));
            }

            foreach (var server in servers)
            {
                using var client = await LineClient.ConnectAsync(server.Port);
                await Eventually.TrueAsync(
                    async () => (await client.AskManyAsync("scan \"\"")).Count == 6,
                    $"all keys; seed {seed}");
            }
        }
        finally
        {
            foreach (var server in servers)
            {
                await server.DisposeAsync();
            }
        }
    }

    private static Task<ServerProcess> StartAsync(int id, int peer, params IEnumerable<string> more) =>
        ServerProcess.StartAsync(["--port", "0", "--id", $"{id}", "--peers", $"{peer}", .. more]);


    private static string Writes(int count) =>
        string.Concat(Enumerable.Range(1, count).Select(number => $"write k{number} v\n"));
}
