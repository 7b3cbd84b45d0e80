using System.Diagnostics;
using CausalStore.Client.Tests.Kit;

namespace CausalStore.Client.Tests.Shell;

/// <summary>As the program runs it, not at a terminal.</summary>
public sealed class TopCommandTests : IAsyncDisposable
{
    private readonly FakeServer _server = FakeServer.Start();

    [Fact]
    public async Task Once_it_prints_one_picture_in_plain_text()
    {
        var ended = await ClientProcess.RunAsync("", "top", "--port", $"{_server.Port}", "--once");

        Assert.Equal((0, ""), (ended.ExitCode, ended.Errors));
        Assert.Contains($"127.0.0.1:{_server.Port}  serving", ended.Output);
        Assert.DoesNotContain('\e', ended.Output);
        Assert.EndsWith("\n\n", ended.Output);
    }

    [Fact]
    public async Task Nobody_is_a_failure_but_is_shown()
    {
        int port = await FakeServer.ClosedPortAsync();

        var ended = await ClientProcess.RunAsync("", "top", "--server", $"localhost:{port}", "--once");

        Assert.Equal(1, ended.ExitCode);
        Assert.Contains("nothing listens there", ended.Output);
    }

    [Fact]
    public async Task Not_at_a_terminal_it_prints_a_picture_each_interval_until_it_is_ended()
    {
        await using var top = ClientProcess.Start("top", "--port", $"{_server.Port}", "--interval", "0.1");
        await Eventually.TrueAsync(
            () => _server.Received.Count(line => line == "status") >= 3, "three pictures");

        Assert.SkipWhen(OperatingSystem.IsWindows(), "there is no kill");
        using var kill = Process.Start("kill", ["-TERM", $"{top.Id}"]);
        await kill.WaitForExitAsync(Eventually.Stop);

        var ended = await top.EndAsync();
        Assert.Equal(0, ended.ExitCode);
        Assert.True(ended.Output.Split("\n\ncluster").Length >= 2 || ended.Output.Split("\n\n").Length >= 3);
    }

    [Theory]
    [InlineData("top")]
    [InlineData("top", "--port", "none")]
    [InlineData("top", "--port", "60001", "--interval", "0")]
    [InlineData("top", "--port", "60001", "--interval", "soon")]
    [InlineData("top", "what")]
    public async Task Wrong_usage_is_2_and_says_what_to_do(params string[] arguments)
    {
        var ended = await ClientProcess.RunAsync("", arguments);

        Assert.Equal((2, ""), (ended.ExitCode, ended.Output));
        Assert.NotEqual("", ended.Errors);
    }

    [Fact]
    public async Task It_explains_itself()
    {
        var ended = await ClientProcess.RunAsync("", "top", "--help");

        Assert.Equal(0, ended.ExitCode);
        Assert.Contains("--interval", ended.Output);
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();
}
