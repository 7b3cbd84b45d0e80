using System.Text;
using CausalStore.Client.Shell;
using CausalStore.Client.Tests.Kit;
using static CausalStore.Client.Tests.Kit.Versions;

namespace CausalStore.Client.Tests.Shell;

public sealed class RequestRunnerTests : IAsyncDisposable
{
    private readonly FakeServer _server = FakeServer.Start();
    private readonly MemoryStream _output = new();
    private readonly ManualTime _time = new();

    private string Shown => Encoding.UTF8.GetString(_output.ToArray());

    [Theory]
    [InlineData("write x lost", "Done", "ok 1@1\n")]
    [InlineData("read x", "Done", "missing x\n")]
    [InlineData("scan \"\"", "Done", "end 0\n")]
    [InlineData("bogus", "Failed", "error unknown-command 'bogus' is no command\n")]
    [InlineData("quit", "Quit", "")]
    [InlineData("await x", "Failed", "")]
    [InlineData("expect never", "Failed", "")]
    [InlineData("expect", "Failed", "")]
    public async Task A_reply_is_shown_and_an_error_is_a_failure(string line, string outcome, string shown)
    {
        var result = await RunAsync(line);

        Assert.Equal(outcome, result.Outcome.ToString());
        Assert.Equal(outcome == "Failed", result.Reason.Length > 0);
        Assert.Equal(shown, Shown);
    }

    [Fact]
    public async Task Of_an_await_only_the_value_is_shown()
    {
        await RunAsync("write z sad");
        await using var client = await ConnectAsync();
        RequestRunner runner = NewRunner(client);
        var awaiting = runner.RunAsync(Request("await z glad 60"), Eventually.Stop);
        await _server.ReceivesAsync("read z");

        _server.Values["z"] = ("glad", "2@2");
        await _time.UntilAsync(awaiting, TimeSpan.FromSeconds(0.05));

        Assert.Equal(Outcome.Done, (await awaiting).Outcome);
        Assert.Equal("ok 1@1\nvalue z glad 2@2\n", Shown);
        var expected = await runner.RunAsync(Request("expect \"z glad\""), Eventually.Stop);
        Assert.Equal(Outcome.Done, expected.Outcome);
    }

    [Fact]
    public async Task An_await_that_is_in_vain_fails()
    {
        await using var client = await ConnectAsync();
        var awaiting = NewRunner(client).RunAsync(Request("await z glad 3"), Eventually.Stop);

        await _time.UntilAsync(awaiting, TimeSpan.FromSeconds(0.05));

        Assert.Equal(new RunResult(Outcome.Failed, "after 3 s, z has no value"), await awaiting);
        Assert.Equal("", Shown);
    }

    [Fact]
    public async Task A_lost_connection_and_an_unknown_outcome_are_told_apart()
    {
        await using var client = await ConnectAsync();
        _server.Answer = (connection, line) =>
        {
            connection.Close();
            return "";
        };

        var write = await NewRunner(client).RunAsync(Request("write x lost"), Eventually.Stop);
        var read = await NewRunner(client).RunAsync(Request("read x"), Eventually.Stop);

        Assert.StartsWith("unknown outcome: ", write.Reason);
        Assert.StartsWith("connection lost: ", read.Reason);
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task<RunResult> RunAsync(string line)
    {
        await using var client = await ConnectAsync();
        return await NewRunner(client).RunAsync(Request(line), Eventually.Stop).InTime();
    }

    private RequestRunner NewRunner(StoreClient client) => new(
        client,
        new RawDisplay(_output, TextWriter.Null, isQuiet: true, isEchoing: false),
        new Transcript());

    private Task<StoreClient> ConnectAsync() => StoreClient.ConnectAsync(
        new StoreClientOptions { Servers = [_server.Address], WhenLost = WhenLost.End, Time = _time },
        Eventually.Stop);
}
