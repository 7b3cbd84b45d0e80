using System.Diagnostics;
using System.Globalization;
using System.Text;
using CausalStore.Scenarios;

namespace CausalStore.Client.Play;

/// <summary>A server's process.</summary>
internal sealed class RealServer : IAsyncDisposable
{
    private static readonly TimeSpan ListensWithin = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan StopsWithin = TimeSpan.FromSeconds(15);

    private readonly Process _process;
    private readonly StringBuilder _errors = new();
    private readonly TaskCompletionSource<string?> _firstLine =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    private RealServer(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, line) => _firstLine.TrySetResult(line.Data);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
    }

    public int Port { get; private set; }

    /// <summary>Starts it and waits until it listens.</summary>
    /// <exception cref="StageException">It does not.</exception>
    public static async Task<RealServer> StartAsync(IEnumerable<string> arguments, CancellationToken stop)
    {
        RealServer server = new(new Process
        {
            StartInfo = new ProcessStartInfo(DotNet(), arguments)
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            },
        });

        try
        {
            server._process.Start();
            server._process.StandardInput.Close();
            server._process.BeginOutputReadLine();
            server._process.BeginErrorReadLine();
            string? ready = await server._firstLine.Task.WaitAsync(ListensWithin, stop);
            server.Port = PortIn(ready) ?? throw new StageException(
                $"a server does not start: {await server.ComplaintAsync(stop)}");
            return server;
        }
        catch (Exception error)
        {
            await server.DisposeAsync();
            throw error is TimeoutException
                ? new StageException("a server does not start in time", error)
                : error;
        }
    }

    /// <summary>Asks it to stop, and waits until it has. Windows has no such signal: there it just ends.
    /// </summary>
    public async Task StopAsync(CancellationToken stop)
    {
        if (!OperatingSystem.IsWindows())
        {
            using var kill = Process.Start("kill", ["-TERM", $"{_process.Id}"]);
            await kill.WaitForExitAsync(stop);
            using CancellationTokenSource inTime = CancellationTokenSource.CreateLinkedTokenSource(stop);
            inTime.CancelAfter(StopsWithin);
            await _process.WaitForExitAsync(inTime.Token);
        }

        await DisposeAsync();
    }

    /// <summary>Ends it at once.</summary>
    public async ValueTask DisposeAsync()
    {
        if (IsRunning())
        {
            _process.Kill();
            await _process.WaitForExitAsync(CancellationToken.None);
        }

        _process.Dispose();
    }

    private bool IsRunning()
    {
        try
        {
            return !_process.HasExited;
        }
        catch (InvalidOperationException)
        {
            // It was never started, or is disposed.
            return false;
        }
    }

    /// <summary>The program that runs this one, if it is a shared one.</summary>
    private static string DotNet() =>
        Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet"
            ? path
            : "dotnet";

    private static int? PortIn(string? ready) =>
        int.TryParse(ready?[(ready.LastIndexOf(' ') + 1)..], NumberStyles.None, null, out int port)
            ? port
            : null;

    private async Task<string> ComplaintAsync(CancellationToken stop)
    {
        await _process.WaitForExitAsync(stop);

        lock (_errors)
        {
            return $"{_errors}".Trim();
        }
    }

    private void Keep(string? line)
    {
        lock (_errors)
        {
            if (_errors.Length < 4096)
            {
                _errors.Append(line).Append('\n');
            }
        }
    }
}
