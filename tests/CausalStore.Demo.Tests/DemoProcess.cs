using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using CausalStore.Tests.Kit;

namespace CausalStore.Demo.Tests;

/// <summary>One of the two scripts as a process, on ports of its own.</summary>
internal sealed class DemoProcess : IAsyncDisposable
{
    private const int PortsNeeded = 6;
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private readonly Process _process;
    private readonly bool _isPowerShell;
    private readonly int _port;
    private readonly StringBuilder _output = new();

    private DemoProcess(ProcessStartInfo start, bool isPowerShell, int port, string timeline)
    {
        Timeline = timeline;
        _isPowerShell = isPowerShell;
        _port = port;
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Add(line.Data);
        _process.ErrorDataReceived += (_, line) => Add(line.Data);
    }

    /// <summary>All that it has said, on either stream.</summary>
    public string Output
    {
        get
        {
            lock (_output)
            {
                return _output.ToString();
            }
        }
    }

    /// <summary>Where it is to draw what was played.</summary>
    public string Timeline { get; }

    /// <summary>Of the servers of its first story.</summary>
    public IEnumerable<int> ServerPorts => Enumerable.Range(_port, 3);

    /// <summary>A path of the project.</summary>
    public static string Script(string name)
    {
        DirectoryInfo? root = new(AppContext.BaseDirectory);

        while (root is not null && !File.Exists(Path.Combine(root.FullName, "CausalStore.sln")))
        {
            root = root.Parent;
        }

        return Path.Combine(root!.FullName, name);
    }

    /// <summary>Starts it in this shell, or skips the test where there is no such shell.</summary>
    public static DemoProcess Start(string shell, params IEnumerable<(string Name, string Value)> options)
    {
        bool isPowerShell = shell != "bash";
        Assert.SkipUnless(
            IsInstalled(shell),
            $"{shell} is not installed, so demo.{(isPowerShell ? "ps1" : "sh")} was not played in it");
        int port = FreePorts();
        string configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
        string timeline = Path.Combine(Path.GetTempPath(), $"timeline-{Guid.NewGuid()}.html");
        options =
        [
            .. options, ("configuration", configuration), ("port", $"{port}"), ("timeline", timeline),
        ];

        ProcessStartInfo start = new(shell, isPowerShell
            ? ["-NoProfile", "-ExecutionPolicy", "Bypass", "-File", Script("demo.ps1"), "-NoBuild",
                .. options.SelectMany(option => new[] { $"-{option.Name}", option.Value })]
            : [Script("demo.sh"), "--no-build",
                .. options.SelectMany(option => new[] { $"--{option.Name}", option.Value })])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

        DemoProcess demo = new(start, isPowerShell, port, timeline);
        demo._process.Start();
        demo._process.StandardInput.Close();
        demo._process.BeginOutputReadLine();
        demo._process.BeginErrorReadLine();
        return demo;
    }

    public async Task SaysAsync(string text)
    {
        var watch = Stopwatch.StartNew();

        while (!Output.Contains(text))
        {
            Assert.False(_process.HasExited, $"it ended before it said '{text}':\n{Output}");
            Assert.True(watch.Elapsed < Limit, $"it does not say '{text}':\n{Output}");
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>As Ctrl-C does. What was started in the background does not hear that: bash is told by TERM
    /// instead; PowerShell hears nothing else, so that the test is skipped.</summary>
    public async Task InterruptAsync()
    {
        if (_isPowerShell)
        {
            await Signals.SkipIfIgnoredAsync("INT");
        }

        using var kill = Process.Start("kill", [_isPowerShell ? "-INT" : "-TERM", $"{_process.Id}"]);
        await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Waits until it has ended and all that it said is here.</summary>
    public async Task<int> ExitCodeAsync()
    {
        using CancellationTokenSource limit = new(Limit);
        await _process.WaitForExitAsync(limit.Token);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
        File.Delete(Timeline);
    }

    private void Add(string? line)
    {
        lock (_output)
        {
            _output.Append(line).Append(line is null ? "" : "\n");
        }
    }

    private static bool IsInstalled(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder =>
            File.Exists(Path.Combine(folder, OperatingSystem.IsWindows() ? program + ".exe" : program)));

    /// <summary>The first of six in a row, below those that systems give away.</summary>
    private static int FreePorts()
    {
        while (true)
        {
            int first = Random.Shared.Next(10_000, 30_000);

            if (Enumerable.Range(first, PortsNeeded).All(IsFree))
            {
                return first;
            }
        }
    }

    private static bool IsFree(int port)
    {
        using TcpListener listener = new(IPAddress.Loopback, port);

        try
        {
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
