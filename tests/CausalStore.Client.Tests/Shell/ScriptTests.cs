using CausalStore.Client.Tests.Kit;

namespace CausalStore.Client.Tests.Shell;

/// <summary>Scripts on standard input of the real program.</summary>
public sealed class ScriptTests : IAsyncDisposable
{
    private readonly FakeServer _server = FakeServer.Start();

    [Fact]
    public async Task Requests_are_sent_as_typed_and_replies_printed_as_they_came()
    {
        var ended = await RunAsync("""
            # a comment

              # and another one
            write   x "it is \x6Cost"
            read x y
            scan ""
            """);

        Assert.Equal(
            "ok 1@1\nvalue x \"it is lost\" 1@1\nmissing y\nvalue x \"it is lost\" 1@1\nend 1\n",
            ended.Output);
        Assert.Equal((0, ""), (ended.ExitCode, ended.Errors));
        Assert.Equal(
            ["hello client alice", "write   x \"it is \\x6Cost\"", "read x y", "scan \"\""],
            _server.Received);
    }

    [Theory]
    [InlineData("bogus", "error unknown-command 'bogus' is no command\n")]
    [InlineData("read \"x", "error syntax a quote is opened and not closed\n")]
    [InlineData("await x never 0.1", "")]
    [InlineData("expect never", "")]
    public async Task It_stops_at_the_first_failure(string line, string reply)
    {
        var ended = await RunAsync($"ping\n{line}\nwrite x lost\n");

        Assert.Equal("pong\n" + reply, ended.Output);
        Assert.Equal(1, ended.ExitCode);
        Assert.StartsWith("line 2 (", ended.Errors);
        Assert.DoesNotContain("write x lost", _server.Received);
    }

    [Fact]
    public async Task Pushes_stand_where_they_came()
    {
        _server.Answer = (_, line) => line switch
        {
            "write x lost" => "update y found 1@2\nok 2@1\nupdate x lost 2@1\n",
            "read x" => "value x lost 2@1\n",
            _ => null,
        };

        var ended = await RunAsync("""
            watch ""
            write x lost
            read x
            expect "y found"
            expect "x lost 2@1"
            """);

        Assert.Equal("ok\nupdate y found 1@2\nok 2@1\nupdate x lost 2@1\nvalue x lost 2@1\n", ended.Output);
        Assert.Equal(0, ended.ExitCode);
    }

    [Fact]
    public async Task A_write_in_flight_when_the_connection_breaks_has_an_unknown_outcome()
    {
        await using var other = FakeServer.Start("2");
        _server.Answer = BreakAt("write x lost");

        var ended = await RunAsync("write x lost\nread x\n", "--server", other.Address.ToString());

        Assert.Equal((1, ""), (ended.ExitCode, ended.Output));
        Assert.Contains("unknown outcome", ended.Errors);
    }

    [Fact]
    public async Task With_another_server_a_script_goes_on_where_the_first_is_lost()
    {
        await using var other = FakeServer.Start("2");
        _server.Answer = BreakAt("read x");

        var ended = await RunAsync(
            "watch \"\"\nwrite x lost\nread x\nwrite y found\n", "--server", other.Address.ToString());

        Assert.Equal("ok\nok 1@1\nmissing x\nok 1@2\n", ended.Output);
        Assert.Equal(0, ended.ExitCode);
        Assert.Equal(
            ["hello client alice blue", "context 1@1", "watch \"\"", "read x", "write y found"],
            other.Received);
    }

    [Fact]
    public async Task With_one_server_a_lost_connection_is_the_end_also_while_nothing_is_asked()
    {
        await using var client = ClientProcess.Start("--server", _server.Address.ToString(), "--id", "alice");
        await client.Input.WriteLineAsync("ping".AsMemory(), Eventually.Stop);
        await client.Input.FlushAsync(Eventually.Stop);
        Assert.Equal("pong", await client.Output.ReadLineAsync(Eventually.Stop));

        _server.BreakConnections();
        var ended = await client.EndAsync();

        Assert.Equal(1, ended.ExitCode);
        Assert.Contains("connection lost", ended.Errors);
    }

    [Fact]
    public async Task Quit_ends_it() =>
        Assert.Equal((0, "pong\n"), await RunAsync("ping\nquit\nbogus\n") is var ended
            ? (ended.ExitCode, ended.Output)
            : default);

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private static Func<FakeConnection, string, string?> BreakAt(string request) => (connection, line) =>
    {
        if (line != request)
        {
            return null;
        }

        connection.Close();
        return "";
    };

    private Task<ClientProcess.Ended> RunAsync(string script, params string[] options) =>
        ClientProcess.RunAsync(script, ["--port", _server.Port.ToString(), "--id", "alice", .. options]);
}
