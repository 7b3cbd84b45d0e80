using System.Threading.Channels;
using CausalStore.Client.Shell;
using CausalStore.Client.Tests.Kit;

namespace CausalStore.Client.Tests.Shell;

public sealed class PromptTests : IAsyncDisposable
{
    private readonly FakeServer _server = FakeServer.Start();
    private readonly StringWriter _output = new() { NewLine = "\n" };
    private readonly Channel<ConsoleKeyInfo> _keys = Channel.CreateUnbounded<ConsoleKeyInfo>();

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
        _keys.Writer.Complete();
        await running.InTime();
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task RunAsync(params string[] lines)
    {
        foreach (string line in lines)
        {
            Type(line + "\n");
        }

        _keys.Writer.Complete();
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
        await new Prompt(client, runner, display, screen, _keys.Reader).RunAsync("alice", Eventually.Stop);
    }

    private void Type(string text)
    {
        foreach (char character in text)
        {
            Assert.True(_keys.Writer.TryWrite(
                new ConsoleKeyInfo(character, ConsoleKey.None, shift: false, alt: false, control: false)));
        }
    }

    private string Shown() => _output.ToString();
}
