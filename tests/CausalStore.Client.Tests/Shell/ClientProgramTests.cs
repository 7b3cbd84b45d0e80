using System.Diagnostics;
using CausalStore.Client.Tests.Kit;
using CausalStore.Tests.Kit;

namespace CausalStore.Client.Tests.Shell;

/// <summary>The real program: one request, exit codes, signals.</summary>
public sealed class ClientProgramTests : IAsyncDisposable
{
    private readonly FakeServer _server = FakeServer.Start();

    [Fact]
    public async Task One_request_is_made_of_arguments_each_of_which_is_a_word()
    {
        var ended = await RunAsync("write", "--port", "hello world");
        var read = await RunAsync("read", "--port", "", "-5");

        Assert.Equal((0, "ok 1@1\n"), (ended.ExitCode, ended.Output));
        Assert.Equal("value --port \"hello world\" 1@1\nmissing \"\"\nmissing -5\n", read.Output);
        Assert.Contains("write --port \"hello world\"", _server.Received);
        Assert.Contains("read --port \"\" -5", _server.Received);
    }

    [Theory]
    [InlineData(0, "read x")]
    [InlineData(0, "help")]
    [InlineData(0, "quit")]
    [InlineData(1, "bogus")]
    [InlineData(1, "await x never 0.1")]
    public async Task The_exit_code_says_how_it_went(int exitCode, string request) =>
        Assert.Equal(exitCode, (await RunAsync(request.Split(' '))).ExitCode);

    [Theory]
    [InlineData("read", "x")]
    [InlineData("--port", "none", "read", "x")]
    [InlineData("--port", "60001", "--id", "", "read", "x")]
    [InlineData("--unknown")]
    public async Task Wrong_usage_is_2_and_says_what_to_do(params string[] arguments)
    {
        var ended = await ClientProcess.RunAsync("", arguments);

        Assert.Equal((2, ""), (ended.ExitCode, ended.Output));
        Assert.Contains("--", ended.Errors);
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_said()
    {
        int port = await FakeServer.ClosedPortAsync();

        var ended = await ClientProcess.RunAsync("", "--port", port.ToString(), "read", "x");

        Assert.Equal((1, ""), (ended.ExitCode, ended.Output));
        Assert.Contains($"127.0.0.1:{port}: nothing listens there", ended.Errors);
    }

    [Fact]
    public async Task A_server_that_is_not_available_yet_is_waited_for_and_that_is_said()
    {
        _server.Cluster = "-";
        await using var client = ClientProcess.Start(Arguments("read", "x"));
        await _server.ReceivesAsync("read x");

        _server.Cluster = "blue";
        var ended = await client.EndAsync();

        Assert.Equal((0, "missing x\n"), (ended.ExitCode, ended.Output));
        Assert.Contains("waits for server 2", ended.Errors);
    }

    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    public async Task A_signal_ends_it_in_good_order(string signal)
    {
        await Signals.SkipIfIgnoredAsync(signal);
        await using var client = ClientProcess.Start(Arguments());
        await _server.ReceivesAsync("hello client alice");

        using var kill = Process.Start("kill", [$"-{signal}", client.Id.ToString()]);
        await kill.WaitForExitAsync(Eventually.Stop);

        Assert.Equal(0, (await client.EndAsync()).ExitCode);
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private Task<ClientProcess.Ended> RunAsync(params string[] request) =>
        ClientProcess.RunAsync("", Arguments(request));

    private string[] Arguments(params string[] request) =>
        ["--port", _server.Port.ToString(), "--id", "alice", .. request];
}
