using CausalStore.Protocol;
using CausalStore.Replication;
using CausalStore.Tracing;

namespace CausalStore.Scenarios.Virtual;

/// <summary>Real replicas, virtual time, no chance: the same scenario gives the same run to the byte, in
/// milliseconds.</summary>
public sealed class VirtualStage : IStage
{
    private const int FirstPort = 60000;
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan DeliverWithin = TimeSpan.FromSeconds(5);

    private readonly VirtualClock _clock = new();
    private readonly VirtualNetwork _network;
    private readonly Dictionary<int, VirtualServer> _servers = [];
    private readonly Dictionary<int, List<byte[]>> _journals = [];
    private readonly SortedDictionary<string, VirtualTrace> _traces = new(StringComparer.Ordinal);
    private readonly Dictionary<string, VirtualTrace> _clients = [];

    public VirtualStage() => _network = new VirtualNetwork(
        _clock,
        address => _servers.Values.FirstOrDefault(
            server => server.IsRunning && server.Options.Port == address.Port));

    public Task StartAsync(ServerPart server, CancellationToken stop)
    {
        ReplicaOptions options = new()
        {
            Id = new ServerId((ushort)server.Id),
            Instance = $"data{server.Id}",
            Port = FirstPort + server.Id,
            Peers = [.. server.MeetAt.Select(id => new ServerAddress(VirtualNetwork.Host, FirstPort + id))],
            Consistency = server.Consistency,
            AllowFaults = true,
            RelayAfter = server.RelayAfter,
        };
        _journals.TryAdd(server.Id, []);
        VirtualServer process = new(
            options, _clock, _network, TraceOf(TracedProcess.Server(options.Id)), _journals[server.Id]);
        _servers[server.Id] = process;
        process.Turn(_ => { });
        return Task.CompletedTask;
    }

    public async Task StopAsync(int server, CancellationToken stop)
    {
        var process = _servers[server];
        await UntilAsync(
            () => Task.FromResult(process.Replica.Undelivered() == 0), DeliverWithin, stop);
        process.End(isInOrder: true);
    }

    public Task KillAsync(int server, CancellationToken stop)
    {
        _servers[server].End(isInOrder: false);
        return Task.CompletedTask;
    }

    public async Task<IStageSession> ConnectAsync(string client, int server, CancellationToken stop)
    {
        if (!_clients.TryGetValue(client, out var trace))
        {
            trace = TraceOf(TracedProcess.Client(client));
            trace.Start(new TraceEvent.Started(null));
            _clients.Add(client, trace);
        }

        VirtualSession session = new(_servers[server], _clock, trace);
        await session.AskAsync($"hello client {client}", stop);
        return session;
    }

    public Task<IReadOnlyList<Response>> AskAsync(int server, string request, CancellationToken stop) =>
        Task.FromResult(_servers[server].Ask(request));

    public TimeSpan Scaled(TimeSpan time) => time;

    public Task PassAsync(TimeSpan time, CancellationToken stop)
    {
        _clock.RunUntil(_clock.Now + time);
        return Task.CompletedTask;
    }

    public async Task<bool> UntilAsync(Func<Task<bool>> condition, TimeSpan limit, CancellationToken stop)
    {
        var end = _clock.Now + limit;

        while (!await condition())
        {
            stop.ThrowIfCancellationRequested();

            if (_clock.Now >= end)
            {
                return false;
            }

            _clock.RunUntil(_clock.Now + Look);
        }

        return true;
    }

    public Task<IReadOnlyList<IReadOnlyList<TraceLine>>> FinishAsync(CancellationToken stop)
    {
        foreach (var client in _clients.Values)
        {
            client.Add(new TraceEvent.Stopped());
        }

        foreach (var server in _servers.Values.Where(server => server.IsRunning))
        {
            server.End(isInOrder: true);
        }

        return Task.FromResult<IReadOnlyList<IReadOnlyList<TraceLine>>>(
            [.. _traces.Values.Select(trace => trace.Lines)]);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private VirtualTrace TraceOf(TracedProcess process)
    {
        string name = $"{process}";

        if (!_traces.TryGetValue(name, out var trace))
        {
            trace = new VirtualTrace(process, _clock);
            _traces.Add(name, trace);
        }

        return trace;
    }
}
