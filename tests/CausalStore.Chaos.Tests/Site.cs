using System.Diagnostics;
using CausalStore.Client;
using CausalStore.Protocol;

namespace CausalStore.Chaos.Tests;

/// <summary>A place where a server runs: a port and a directory, under one id after another.</summary>
internal sealed class Site(int id, int port, string data, IReadOnlyList<string> more, Tally tally)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    // What the system says of a process that was killed.
    private static readonly int KilledExitCode = OperatingSystem.IsWindows() ? -1 : 128 + 9;

    private readonly Stopwatch _sinceStart = new();
    private ServerProcess? _process;

    public int Id { get; set; } = id;

    public ServerAddress Address { get; } = new("127.0.0.1", port);

    /// <summary>Somebody does something to it: it may be down, and nobody else does anything to it.</summary>
    public bool IsTaken { get; set; }

    /// <summary>How long its last start took until it served.</summary>
    public TimeSpan StartTook { get; private set; } = TimeSpan.FromSeconds(0.5);

    public bool IsRunning => _process is { HasExited: false };

    public string Said => $"server {Id} at {Address}:\n{_process?.Said}";

    /// <exception cref="InvalidOperationException">It runs already: it would be left behind.</exception>
    public void Start()
    {
        if (IsRunning)
        {
            throw new InvalidOperationException($"it runs already: {Said}");
        }

        _process?.Dispose();
        _sinceStart.Restart();
        _process = ServerProcess.Start(
            ["--port", $"{port}", "--id", $"{Id}", "--data", data, "--allow-faults", .. more]);
    }

    /// <exception cref="InvalidOperationException">It has ended instead.</exception>
    public async Task ServesAsync(CancellationToken stop)
    {
        await _process!.ListensAsync(stop);
        await Moments.UntilAsync(
            async () =>
            {
                DemandRunning();
                return await StatusAsync(stop) is { } status && status.Is("state", "serving");
            },
            () => $"it serves: {Said}",
            stop);
        StartTook = _sinceStart.Elapsed;
    }

    /// <exception cref="InvalidOperationException">It has ended, and nobody told it to.</exception>
    public void DemandRunning()
    {
        if (!IsRunning)
        {
            throw new InvalidOperationException($"it ended by itself: {Said}");
        }
    }

    public async Task KillAsync(CancellationToken stop)
    {
        DemandRunning();
        _process!.Kill();
        await DemandExitCodeAsync(KilledExitCode, stop);
        tally.AddKill();
    }

    /// <summary>As the system does at its own end.</summary>
    public async Task StopAsync(CancellationToken stop)
    {
        DemandRunning();
        await _process!.SignalAsync("TERM");
        await DemandExitCodeAsync(0, stop);
    }

    public Task PauseAsync() => _process!.SignalAsync("STOP");

    public Task ContinueAsync() => _process!.SignalAsync("CONT");

    /// <summary>Waits until it has found out that it must not go on.</summary>
    /// <returns>What it said.</returns>
    public async Task<string> EndsWithAdviceAsync(CancellationToken stop)
    {
        await DemandExitCodeAsync(1, stop);
        return _process!.Said;
    }

    public void LoseData() => Directory.Delete(data, recursive: true);

    /// <summary>Whatever it takes, it runs no more.</summary>
    public async Task EndAsync()
    {
        if (IsRunning)
        {
            _process!.Kill();
            await _process.ExitCodeAsync(CancellationToken.None);
        }

        _process?.Dispose();
        _process = null;
    }

    /// <summary>What the server says of itself; null: it does not answer.</summary>
    public async Task<Status?> StatusAsync(CancellationToken stop) =>
        await AskAsync("status", stop) is { Error: null } reply ? new Status(reply) : null;

    /// <summary>Any request on a connection of its own; null: no answer.</summary>
    public async Task<Reply?> AskAsync(string line, CancellationToken stop)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop);
        either.CancelAfter(Patience);

        try
        {
            await using var client = await StoreClient.ConnectAsync(
                new StoreClientOptions
                {
                    Servers = [Address],
                    Name = "operator",
                    WhenLost = WhenLost.End,
                    UnavailableWait = TimeSpan.Zero,
                },
                either.Token);
            return await client.AskAsync(line, either.Token);
        }
        catch (StoreException)
        {
            return null;
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return null;
        }
    }

    private async Task DemandExitCodeAsync(int expected, CancellationToken stop)
    {
        int exitCode = await _process!.ExitCodeAsync(stop);

        if (exitCode != expected)
        {
            throw new InvalidOperationException($"exit code {exitCode}, not {expected}: {Said}");
        }
    }
}
