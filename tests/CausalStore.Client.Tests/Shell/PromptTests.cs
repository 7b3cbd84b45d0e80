using CausalStore.Client.Shell;
using CausalStore.Client.Tests.Kit;
using CausalStore.Terminal;

namespace CausalStore.Client.Tests.Shell;

public sealed class PromptTests : IAsyncDisposable
{
    private readonly FakeServer _server = FakeServer.Start();
    private readonly StringWriter _output = new() { NewLine = "\n" };
    private readonly Keyboard _keyboard = new();
    private readonly HistoryPath _path = new();
    private Prompt? _prompt;

    [Fact]
    public async Task It_watches_everything_and_says_so()
    {
        await RunAsync();

        Assert.Contains("watch \"\"", _server.Received);
        Assert.Contains("Connected to server 1", _output.ToString());
        Assert.Contains("'unwatch \"\"' stops that", _output.ToString());
    }

    [Fact]
    public async Task What_is_typed_is_asked_and_shown_for_people()
    {
        await RunAsync("write x \"it is lost\"", "", "  ", "read x", "help", "read \"x", "bogus");

        string shown = _output.ToString();
        Assert.Contains("alice> write x \"it is lost\"\nwritten as 1@1\n", shown);
        Assert.Contains("alice> read x\nx = \"it is lost\" (1@1)\n", shown);
        Assert.Contains("read KEY [KEY ...]", shown);
        Assert.Contains("not sent: a quote is opened and not closed", shown);
        Assert.Contains("refused (unknown-command): 'bogus' is no command", shown);
        Assert.DoesNotContain("read \"x", _server.Received);
    }

    [Fact]
    public async Task Quit_leaves_at_once()
    {
        await RunAsync("quit", "write x lost");

        Assert.DoesNotContain("write x lost", _server.Received);
    }

    [Fact]
    public async Task A_server_that_will_not_be_watched_can_still_be_asked()
    {
        _server.Answer = (_, line) => line == "watch \"\"" ? "error overloaded too many\n" : null;

        await RunAsync("ping");

        Assert.Contains("Changes are not shown: overloaded: too many", _output.ToString());
        Assert.Contains("pong\n", _output.ToString());
    }

    [Fact]
    public async Task A_push_stands_above_what_is_being_typed()
    {
        var running = StartAsync();
        Type("read");
        await Eventually.TrueAsync(() => Shown().EndsWith("alice> read", StringComparison.Ordinal), "typed");

        _server.Push("update y found 2@1");

        await Eventually.TrueAsync(
            () => Shown().EndsWith("y is now found (2@1)\nalice> read", StringComparison.Ordinal), "redrawn");
        _keyboard.End();
        await running.InTime();
    }

    [Fact]
    public async Task What_was_typed_in_an_earlier_session_comes_back()
    {
        await File.WriteAllTextAsync(_path.File, "write x lost\n", Eventually.Stop);
        Press(ConsoleKey.UpArrow);
        Type("\n");

        await RunAsync(" write secret 1", "ping");

        Assert.Contains("write x lost", _server.Received);
        Assert.Contains("write secret 1", _server.Received.Select(line => line.Trim()));
        Assert.Equal(["write x lost", "write x lost", "ping"], _path.Lines);
    }

    [Fact]
    public async Task Lines_that_cannot_be_kept_are_no_reason_to_stop()
    {
        Directory.CreateDirectory(_path.File);

        await RunAsync("ping");

        Assert.Contains("pong\n", Shown());
        Assert.Contains("this line is not kept for the next session: ", Shown());
    }

    [Fact]
    public async Task Tab_completes_requests_and_keys()
    {
        _server.Values["greeting"] = ("hello", "1@1");
        Type("re");
        Press(ConsoleKey.Tab);
        Type("gr");
        Press(ConsoleKey.Tab);
        Type("\n");

        await RunAsync();

        Assert.Contains("scan gr 100", _server.Received);
        Assert.Contains("read greeting", _server.Received.Select(line => line.Trim()));
    }

    [Fact]
    public async Task A_server_that_does_not_answer_does_not_hold_up_who_types()
    {
        _server.Answer = (_, line) => line.StartsWith("scan ", StringComparison.Ordinal) ? "" : null;
        Type("read gr");
        Press(ConsoleKey.Tab);
        var running = StartAsync();

        Type("\n");

        // It is asked behind the scan, which has no answer.
        await _server.ReceivesAsync("read gr");
        Interrupt();
        Interrupt();
        await running.InTime();
    }

    [Fact]
    public async Task Ctrl_C_stops_the_request_then_throws_the_line_away_then_leaves()
    {
        _server.Answer = (_, line) => line.StartsWith("write ", StringComparison.Ordinal) ? "" : null;
        var running = StartAsync();
        Type("await x never\n");
        await _server.ReceivesAsync("read x");
        Interrupt();
        await Eventually.TrueAsync(() => Shown().Contains("interrupted\n"), "told");

        Type("write x lost\n");
        await _server.ReceivesAsync("write x lost");
        Interrupt();
        await Eventually.TrueAsync(() => Shown().Contains("it may have been carried out or not"), "told");

        Type("mistake");
        await Eventually.TrueAsync(() => Shown().EndsWith("mistake", StringComparison.Ordinal), "typed");
        Interrupt();
        await Eventually.TrueAsync(
            () => Shown().EndsWith("mistake\nalice> ", StringComparison.Ordinal), "a new line");
        Assert.False(running.IsCompleted);
        Interrupt();

        await running.InTime();
        Assert.DoesNotContain("mistake", _server.Received);
    }

    public ValueTask DisposeAsync()
    {
        _path.Dispose();
        return _server.DisposeAsync();
    }

    private void Interrupt() => _prompt!.Interrupt();

    private void Press(ConsoleKey key) =>
        _keyboard.Press(new ConsoleKeyInfo('\0', key, shift: false, alt: false, control: false));

    private async Task RunAsync(params string[] lines)
    {
        foreach (string line in lines)
        {
            Type(line + "\n");
        }

        _keyboard.End();
        await StartAsync().InTime();
    }

    private async Task StartAsync()
    {
        Screen screen = new(TextWriter.Synchronized(_output), hasColour: false, () => 120);
        PeopleDisplay display = new(screen, isQuiet: false);
        await using var client = await StoreClient.ConnectAsync(
            new StoreClientOptions { Servers = [_server.Address], Name = "alice", OnPush = display.Push },
            Eventually.Stop);
        RequestRunner runner = new(client, display, new Transcript());
        LineHistoryFile file = new(_path.File, TimeProvider.System);
        LineHistory history = new();
        await file.ReadIntoAsync(history, Eventually.Stop);
        _prompt = new Prompt(client, runner, display, screen, _keyboard, history) { HistoryFile = file };
        await _prompt.RunAsync("alice", Eventually.Stop);
    }

    private void Type(string text)
    {
        foreach (char character in text)
        {
            _keyboard.Press(
                new ConsoleKeyInfo(character, ConsoleKey.None, shift: false, alt: false, control: false));
        }
    }

    private string Shown() => _output.ToString();
}
