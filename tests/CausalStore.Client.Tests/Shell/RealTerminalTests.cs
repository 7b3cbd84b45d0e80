using System.Diagnostics;
using System.Text;
using CausalStore.Client.Tests.Kit;
using CausalStore.Terminal;
using CausalStore.Tests.Kit;

namespace CausalStore.Client.Tests.Shell;

/// <summary>The program at a terminal, which 'script' makes where there is one.</summary>
public sealed class RealTerminalTests : IAsyncDisposable
{
    private const string Left = "\e[D";

    private readonly FakeServer _server = FakeServer.Start();
    private readonly HistoryPath _path = new();
    private readonly StringBuilder _shown = new();
    private Process? _script;
    private Task _reading = Task.CompletedTask;

    [Fact]
    public async Task A_line_is_typed_and_edited_while_something_is_pushed()
    {
        Start("1", $"--port {_server.Port} --id alice --history {_path.File}");
        await ShowsAsync("alice> ");

        Type("write x st");
        await ShowsAsync("alice> write x st");
        _server.Push("update y found 2@1");
        await ShowsAsync("y is now found (2@1)\nalice> write x st");
        Type($"{Left}{Left}lo\r");
        await ShowsAsync("written as 1@1");
        Type("quit\r");

        Assert.Equal(0, await EndAsync());
        Assert.Contains("write x lost", _server.Received);
        Assert.Equal(["write x lost"], _path.Lines);
        Assert.DoesNotContain("\e[9", Shown);
    }

    [Fact]
    public async Task Ctrl_C_throws_a_line_away_and_then_leaves_and_there_are_colours()
    {
        await Signals.SkipIfIgnoredAsync("INT");
        Start("", $"--port {_server.Port} --id alice --no-history");
        await ShowsAsync("\e[92malice> \e[0m");
        Type("mistake");
        await ShowsAsync("mistake");

        Type("\x03");
        await ShowsAsync("mistake\n\e[92malice> \e[0m");
        Type("\x03");

        Assert.Equal(0, await EndAsync());
        Assert.DoesNotContain("mistake", _server.Received);
    }

    [Fact]
    public async Task Top_is_left_with_q_and_leaves_the_terminal_as_it_was()
    {
        Start("", $"top --port {_server.Port}");
        await ShowsAsync($"127.0.0.1:{_server.Port}  serving");

        Type("q");

        Assert.Equal(0, await EndAsync());
        Assert.Contains(Ansi.EnterOwnScreen, Shown);
        Assert.Contains(Ansi.LeaveOwnScreen, Shown);
    }

    public async ValueTask DisposeAsync()
    {
        if (_script is { HasExited: false })
        {
            _script.Kill(entireProcessTree: true);
            await _script.WaitForExitAsync(CancellationToken.None);
        }

        await _reading;
        _script?.Dispose();
        _path.Dispose();
        await _server.DisposeAsync();
    }

    private string Shown
    {
        get
        {
            lock (_shown)
            {
                return _shown.ToString();
            }
        }
    }

    private void Start(string noColour, string arguments)
    {
        Assert.SkipUnless(
            OperatingSystem.IsLinux() && File.Exists("/usr/bin/script"), "nothing here makes a terminal");
        string command = $"exec dotnet '{typeof(StoreClient).Assembly.Location}' {arguments}";
        ProcessStartInfo start = new("/usr/bin/script", ["-qec", command, "/dev/null"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            Environment = { ["TERM"] = "xterm", ["NO_COLOR"] = noColour, ["SHELL"] = "/bin/sh" },
        };
        _script = Process.Start(start)!;
        _script.StandardInput.AutoFlush = true;
        _reading = ReadAsync(_script.StandardOutput);
    }

    private async Task ReadAsync(StreamReader output)
    {
        char[] read = new char[4096];

        while (await output.ReadAsync(read, CancellationToken.None) is > 0 and var count)
        {
            lock (_shown)
            {
                _shown.Append(read, 0, count).Replace("\r\n", "\n");
            }
        }
    }

    private void Type(string keys) => _script!.StandardInput.Write(keys);

    private Task ShowsAsync(string text) =>
        Eventually.TrueAsync(() => Shown.Contains(text, StringComparison.Ordinal), $"shown '{text}'");

    private async Task<int> EndAsync()
    {
        await _script!.WaitForExitAsync(Eventually.Stop).InTime();
        return _script.ExitCode;
    }
}
