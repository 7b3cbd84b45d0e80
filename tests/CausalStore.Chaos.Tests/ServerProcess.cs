using System.Diagnostics;

namespace CausalStore.Chaos.Tests;

/// <summary>CausalStore.Server.dll of the same build configuration as the tests, as a process of its
/// own.</summary>
internal sealed class ServerProcess : IDisposable
{
    private const int LinesKept = 60;

    private readonly Process _process;
    private readonly Queue<string> _said = new();
    private readonly TaskCompletionSource _listens = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ServerProcess(IEnumerable<string> arguments)
    {
        ProcessStartInfo start = new("dotnet", [DllPath(), .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Take(line.Data);
        _process.ErrorDataReceived += (_, line) => Take(line.Data);
    }

    public bool HasExited => _process.HasExited;

    /// <summary>The last lines that it said, on either stream.</summary>
    public string Said
    {
        get
        {
            lock (_said)
            {
                return string.Join('\n', _said);
            }
        }
    }

    public static ServerProcess Start(params IEnumerable<string> arguments)
    {
        ServerProcess server = new(arguments);
        server._process.Start();
        server._process.StandardInput.Close();
        server._process.BeginOutputReadLine();
        server._process.BeginErrorReadLine();
        return server;
    }

    /// <summary>Waits until it has said that it listens.</summary>
    /// <exception cref="InvalidOperationException">It has ended instead.</exception>
    public async Task ListensAsync(CancellationToken stop)
    {
        using var limit = Moments.Limited(stop);
        var ended = _process.WaitForExitAsync(limit.Token);

        if (await Task.WhenAny(_listens.Task, ended) == ended)
        {
            await ended;
            throw new InvalidOperationException($"a server did not start:\n{Said}");
        }
    }

    /// <summary>kill -9.</summary>
    public void Kill() => _process.Kill();

    /// <summary>Sends a signal by its name. Not on Windows.</summary>
    public async Task SignalAsync(string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", $"{_process.Id}"]);
        await kill.WaitForExitAsync();
    }

    /// <summary>Waits until it has ended and all that it said is here.</summary>
    public async Task<int> ExitCodeAsync(CancellationToken stop)
    {
        using var limit = Moments.Limited(stop);
        await _process.WaitForExitAsync(limit.Token);
        return _process.ExitCode;
    }

    public void Dispose() => _process.Dispose();

    private static string DllPath()
    {
        DirectoryInfo? root = new(AppContext.BaseDirectory);
        string configuration = root.Parent!.Name;

        while (root is not null && !File.Exists(Path.Combine(root.FullName, "CausalStore.sln")))
        {
            root = root.Parent;
        }

        return Path.Combine(
            root!.FullName, "src", "CausalStore.Server", "bin", configuration, "net10.0",
            "CausalStore.Server.dll");
    }

    private void Take(string? line)
    {
        if (line is null)
        {
            return;
        }

        if (line.Contains(" listening on port "))
        {
            _listens.TrySetResult();
        }

        lock (_said)
        {
            _said.Enqueue(line);

            if (_said.Count > LinesKept)
            {
                _said.Dequeue();
            }
        }
    }
}
