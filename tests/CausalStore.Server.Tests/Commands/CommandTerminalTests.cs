using System.Threading.Channels;
using CausalStore.Server.Commands;
using CausalStore.Server.Tests.Kit;

namespace CausalStore.Server.Tests.Commands;

/// <summary>A server that somebody types commands at.</summary>
public sealed class CommandTerminalTests : IAsyncDisposable
{
    private readonly Channel<string> _typed = Channel.CreateUnbounded<string>();
    private readonly StringWriter _output = new() { NewLine = "\n" };
    private readonly List<string> _prompts = [];
    private RunningServer? _server;

    [Fact]
    public async Task Reports_are_answered_as_they_are_to_clients()
    {
        await StartAsync();

        Assert.Equal("end 0\n", await TypeAsync("pending"));
        Assert.Contains("nothing waits, and no write of x has come here\nend 1\n", await TypeAsync("why x"));
        Assert.Contains("state serving\n", await TypeAsync("status"));
        Assert.StartsWith("error not-allowed links are only disturbed", await TypeAsync("link 2 cut"));
        Assert.StartsWith("error unknown-command 'fly'", await TypeAsync("fly"));
        Assert.Equal("server 1> ", _prompts.Distinct().Single());
    }

    [Fact]
    public async Task For_people_they_are_tables()
    {
        await StartAsync(columns: 80);

        Assert.Matches(
            @"^SERVER  ADDRESS      LINK    INSTANCE +STANDING\n     1  this server  joined  ",
            await TypeAsync("members"));
        Assert.Equal("nothing\n", await TypeAsync("pending"));
        Assert.Equal("nothing waits, and no write of x has come here\n", await TypeAsync("why x"));
        Assert.StartsWith("error not-allowed ", await TypeAsync("forget 1"));
    }

    [Theory]
    [InlineData("read x")]
    [InlineData("\"write\" x lost")]
    [InlineData("ping")]
    [InlineData("hello client x")]
    public async Task What_a_session_sees_or_does_is_for_clients(string line)
    {
        await StartAsync();

        Assert.Contains($"is for clients: CausalStore.Client --port {_server!.Port} --id NAME",
            await TypeAsync(line));
        Assert.Equal("end 0\n", await TypeAsync("pending"));
    }

    [Fact]
    public async Task What_is_no_line_and_what_is_help_are_told()
    {
        await StartAsync();

        Assert.Equal("a quote is opened and not closed\n", await TypeAsync("why \"x"));
        Assert.Contains("stop this server", await TypeAsync("help"));
    }

    [Fact]
    public async Task What_others_wrote_is_not_obeyed()
    {
        await StartAsync();

        Assert.Contains("no write of a\\u202Eb has come", await TypeAsync("why a\u202Eb"));
    }

    [Fact]
    public async Task Quit_stops_the_server_as_a_signal_does()
    {
        await StartAsync();
        await _typed.Writer.WriteAsync("quit", TestContext.Current.CancellationToken);

        Assert.Equal(0, await _server!.Ended);
    }

    [Fact]
    public async Task The_end_of_what_is_typed_is_not_the_servers()
    {
        await StartAsync();
        _typed.Writer.Complete();

        using var client = await _server!.ConnectAsync();

        Assert.Equal("pong", await client.AskAsync("ping"));
    }

    [Fact]
    public async Task A_terminal_that_breaks_is_no_reason_to_stop()
    {
        await StartAsync();
        _typed.Writer.Complete(new IOException("gone"));

        using var client = await _server!.ConnectAsync();

        Assert.Equal("pong", await client.AskAsync("ping"));
    }

    [Fact]
    public async Task Who_types_nothing_does_not_hold_up_the_end()
    {
        await StartAsync();

        Assert.Equal(0, await _server!.StopAsync());
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }

    private async Task StartAsync(int? columns = null)
    {
        _server = await RunningServer.StartAsync(commands: new CommandInput(
            NextAsync, TextWriter.Synchronized(_output), columns is { } known ? () => known : null));
        await Eventually.TrueAsync(() => _prompts.Count > 0, "the first line is asked for");
    }

    private async Task<string?> NextAsync(string prompt, CancellationToken stop)
    {
        _prompts.Add(prompt);
        return await _typed.Reader.WaitToReadAsync(stop) ? await _typed.Reader.ReadAsync(stop) : null;
    }

    /// <summary>Types a line and gives what is answered, up to when the next line is asked for.</summary>
    private async Task<string> TypeAsync(string line)
    {
        int asked = _prompts.Count;
        int before = _output.ToString().Length;
        await _typed.Writer.WriteAsync(line, TestContext.Current.CancellationToken);
        await Eventually.TrueAsync(() => _prompts.Count > asked, $"'{line}' is carried out");
        return _output.ToString()[before..];
    }
}
