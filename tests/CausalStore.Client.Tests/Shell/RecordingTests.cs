using CausalStore.Client.Shell;
using CausalStore.Client.Tests.Kit;
using CausalStore.Terminal;

namespace CausalStore.Client.Tests.Shell;

/// <summary>The real program, recording and judging.</summary>
public sealed class RecordingTests : IAsyncDisposable
{
    private readonly FakeServer _server = FakeServer.Start();
    private readonly HistoryPath _path = new();

    [Fact]
    public async Task One_request_is_a_session_of_its_own()
    {
        await RunAsync("", "write", "x", "it is lost");
        await RunAsync("", "read", "x", "--port");
        var final = await RunAsync("", "final", "scan", "");

        Assert.Equal((0, "value x \"it is lost\" 1@1\nend 1\n"), (final.ExitCode, final.Output));
        Assert.Contains("scan \"\"", _server.Received);
        Assert.Equal(
            [
                """{"session":"alice","ops":[["w","x","it is lost","1@1"]]}""",
                """{"session":"alice~2","ops":[["r","x","it is lost","1@1"],["r","--port",null,null]]}""",
                """{"session":"alice~3","ops":[["s","",[["x","it is lost","1@1"]]]],"final":true}""",
            ],
            _path.Lines);
        Assert.Equal(0, (await CheckAsync()).ExitCode);
    }

    [Fact]
    public async Task A_script_is_one_session_and_what_it_records_is_judged()
    {
        var ended = await RunAsync("""
            # the post
            write x lost
            write y found
            await y found
            final read x y
            """);
        Assert.Equal((0, ""), (ended.ExitCode, ended.Errors));
        Assert.Equal(4, _path.Lines.Length);
        Assert.Equal(0, (await CheckAsync()).ExitCode);

        _server.Values["x"] = ("old", "1@9");
        await RunAsync("final read x");
        var check = await CheckAsync();

        Assert.Equal(1, check.ExitCode);
        Assert.Contains("alice~2#1 read x = old, which nobody ever wrote.", check.Output);
    }

    [Fact]
    public async Task A_write_in_flight_is_recorded_when_a_script_is_stopped_by_it()
    {
        _server.Answer = (connection, line) =>
        {
            if (line != "write x lost")
            {
                return null;
            }

            connection.Close();
            return "";
        };

        Assert.Equal(1, (await RunAsync("write x lost\nread x\n")).ExitCode);

        Assert.Equal(
            """{"session":"alice","ops":[["w","x","lost",null]],"status":"unknown"}""",
            Assert.Single(_path.Lines));
    }

    [Theory]
    [InlineData("final")]
    [InlineData("final write x 1")]
    [InlineData("final scan \"\"\nwrite x 1")]
    [InlineData("final read x\ndelete x")]
    public async Task Reads_at_rest_are_the_last_that_a_session_does(string script)
    {
        var ended = await RunAsync(script);

        Assert.Equal(1, ended.ExitCode);
        Assert.Contains("final", ended.Errors);
        Assert.DoesNotContain(_server.Received, line => line.Contains(" 1") || line.Contains("delete"));
    }

    [Fact]
    public async Task What_is_typed_at_the_prompt_is_recorded_with_what_is_pushed()
    {
        StringWriter output = new() { NewLine = "\n" };
        Screen screen = new(TextWriter.Synchronized(output), hasColour: false, () => 120);
        PeopleDisplay display = new(screen, isQuiet: false);
        StoreClientOptions options = new()
        {
            Servers = [_server.Address],
            Name = "alice",
            OnPush = display.Push,
            Recorder = HistoryRecorder.AppendTo(_path.File),
        };
        _server.Answer = (_, line) => line == "watch \"\"" ? "ok\nupdate y found 1@2\n" : null;

        await using (var client = await StoreClient.ConnectAsync(options, Eventually.Stop))
        {
            Queue<char> typed = new("write x lost\nquit\n");
            Keyboard keyboard = new();
            keyboard.Start(() => typed.TryDequeue(out char next)
                ? new ConsoleKeyInfo(next, ConsoleKey.None, shift: false, alt: false, control: false)
                : throw new InvalidOperationException("no terminal"));
            RequestRunner runner = new(client, display, new Transcript());
            Prompt prompt = new(client, runner, display, screen, keyboard, new LineHistory());
            await prompt.RunAsync("alice", Eventually.Stop).InTime();
        }

        Assert.Equal(
            [
                """{"session":"alice","ops":[["r","y","found","1@2"]]}""",
                """{"session":"alice","ops":[["w","x","lost","1@1"]]}""",
            ],
            _path.Lines);
    }

    [Fact]
    public async Task A_file_that_cannot_be_written_is_said_before_anything_is_asked()
    {
        var ended = await ClientProcess.RunAsync(
            "", "--port", $"{_server.Port}", "--record", _path.Directory, "write", "x", "lost");

        Assert.Equal((1, ""), (ended.ExitCode, ended.Output));
        Assert.StartsWith("cannot record: ", ended.Errors);
        Assert.Empty(_server.Received);
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _path.Dispose();
    }

    private Task<ClientProcess.Ended> RunAsync(string script, params string[] request) =>
        ClientProcess.RunAsync(
            script, ["--port", $"{_server.Port}", "--id", "alice", "--record", _path.File, .. request]);

    private Task<ClientProcess.Ended> CheckAsync() => ClientProcess.RunAsync("", "check", _path.File);
}
