using System.Net;
using System.Net.Sockets;
using CausalStore.Client.Shell;
using CausalStore.Client.Tests.Kit;

namespace CausalStore.Client.Tests.Shell;

public sealed class WatchUiCommandTests : IDisposable
{
    private readonly StringWriter _output = new();
    private readonly StringWriter _errors = new();

    [Fact]
    public async Task It_says_where_the_page_is_and_serves_it_until_it_is_ended()
    {
        await using var server = FakeServer.Start();
        using CancellationTokenSource ended = new();
        var run = new WatchUiCommand(TextWriter.Synchronized(_output), _errors).RunAsync(
            ["watch-ui", "--port", "0", "--server", $"{server.Port}"], ended.Token);
        await Eventually.TrueAsync(() => $"{_output}".Contains(" in a browser"), "it is served");
        using HttpClient browser = new();

        string page = await browser.GetStringAsync(new Uri($"{_output}".Split(' ')[1]), Eventually.Stop);

        Assert.Contains("<title>CausalStore, live</title>", page);
        await ended.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run.InTime());
    }

    [Fact]
    public async Task A_port_that_is_taken_is_a_failure_and_says_what_to_do()
    {
        using TcpListener other = new(IPAddress.Loopback, 0);
        other.Start();
        int port = ((IPEndPoint)other.LocalEndpoint).Port;

        Assert.Equal(1, await RunAsync("watch-ui", "--port", $"{port}", "--server", "60001"));
        Assert.StartsWith($"Port {port} cannot be had for the page: ", $"{_errors}");
        Assert.Contains("Say another --port", $"{_errors}");
    }

    [Theory]
    [InlineData("Which server?", "watch-ui")]
    [InlineData("--port takes a port", "watch-ui", "--server", "60001", "--port", "65536")]
    [InlineData("--server takes a port", "watch-ui", "--server", "0")]
    [InlineData("watch-ui --help", "watch-ui", "--server", "60001", "--speed")]
    public async Task Wrong_usage_is_told(string told, params string[] arguments)
    {
        Assert.Equal(2, await RunAsync(arguments));
        Assert.Contains(told, $"{_errors}");
    }

    [Fact]
    public async Task Help_says_what_it_is_for()
    {
        Assert.Equal(0, await RunAsync("watch-ui", "--help"));
        Assert.Contains("--allow-faults", $"{_output}");
        Assert.True(WatchUiCommand.IsMeant(["watch-ui", "--server", "1"]));
        Assert.False(WatchUiCommand.IsMeant(["read", "watch-ui"]));
    }

    public void Dispose()
    {
        _output.Dispose();
        _errors.Dispose();
    }

    private Task<int> RunAsync(params string[] arguments) =>
        new WatchUiCommand(_output, _errors).RunAsync(arguments, Eventually.Stop).InTime();
}
