using CausalStore.Protocol;
using CausalStore.Server.Commands;
using CausalStore.Server.Tests.Kit;

namespace CausalStore.Server.Tests;

/// <summary>A whole server inside the test's process, on a free port.</summary>
internal sealed class RunningServer : IAsyncDisposable
{
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();
    private readonly ServerHost _host;
    private readonly Task<int> _run;

    private RunningServer(ServerOptions options, CommandInput? commands)
    {
        _host = new ServerHost(
            options, TextWriter.Synchronized(_output), TextWriter.Synchronized(_error), TimeProvider.System,
            commands);
        _run = _host.RunAsync();
    }

    public static ServerOptions Alone { get; } = new()
    {
        Port = 0,
        Id = new ServerId(1),
        Verbosity = Verbosity.Quiet,
    };

    public int Port { get; private set; }

    /// <summary>The exit code, once it has ended.</summary>
    public Task<int> Ended => _run.WaitAsync(Eventually.Limit);

    public static async Task<RunningServer> StartAsync(
        ServerOptions? options = null, CommandInput? commands = null)
    {
        RunningServer server = new(options ?? Alone, commands);
        await Eventually.TrueAsync(() => $"{server._output}".Contains('\n'), "the ready line");
        server.Port = int.Parse($"{server._output}".Trim().Split(' ')[^1]);
        return server;
    }

    public Task<LineClient> ConnectAsync() => LineClient.ConnectAsync(Port);

    /// <summary>How many other clients are connected that have said anything.</summary>
    public async Task<int> SessionsAsync()
    {
        using var client = await ConnectAsync();
        var status = await client.AskManyAsync("status");
        string sessions = status.Single(line => line.StartsWith("sessions ", StringComparison.Ordinal));
        return int.Parse(sessions[9..]) - 1;
    }

    /// <returns>The exit code.</returns>
    public async Task<int> StopAsync()
    {
        _host.RequestStop();
        return await _run.WaitAsync(Eventually.Limit);
    }

    public async ValueTask DisposeAsync()
    {
        int exitCode = await StopAsync();
        Assert.True(exitCode == 0, $"{_error}");
    }
}
