using System.Collections.Concurrent;
using System.Globalization;
using CausalStore.Protocol;
using CausalStore.Scenarios;
using CausalStore.Tracing;

namespace CausalStore.Client.Play;

/// <summary>How a <see cref="RealStage"/> plays.</summary>
/// <param name="ServerProgram">CausalStore.Server.dll.</param>
/// <param name="Speed">So many times as fast as the story says.</param>
/// <param name="KeepsData">Whether a server may be started again with what it has written down.</param>
internal sealed record RealStageOptions(string ServerProgram, double Speed, bool KeepsData);

/// <summary>Processes of CausalStore.Server on free ports of this machine, and <see cref="StoreClient"/>s.
/// What they write goes to a folder that is gone in the end.</summary>
internal sealed class RealStage : IStage
{
    /// <summary>Whoever asks on nobody's behalf; no client of a scenario can be called so.</summary>
    private const string Nobody = "the play";

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan ContextWait = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ContextWaitMin = TimeSpan.FromSeconds(1);

    private readonly RealStageOptions _options;
    private readonly TimeProvider _time;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("causalstore-play-");
    private readonly ConcurrentDictionary<int, RealServer> _servers = new();
    private readonly ConcurrentDictionary<int, int> _ports = new();
    private readonly Dictionary<int, RealSession> _questions = [];
    private readonly Dictionary<string, RealSession> _sessions = [];
    private readonly Dictionary<string, (TraceFile File, MemoryStream Written)> _traces = [];

    public RealStage(RealStageOptions options, TimeProvider time)
    {
        _options = options;
        _time = time;
    }

    /// <summary>Where servers write; there while it plays.</summary>
    public string Folder => _folder.FullName;

    public int PortOf(int server) => _ports[server];

    public async Task StartAsync(ServerPart server, CancellationToken stop)
    {
        var started = await RealServer.StartAsync(Arguments(server), stop);
        _servers[server.Id] = started;
        _ports[server.Id] = started.Port;
    }

    public async Task StopAsync(int server, CancellationToken stop)
    {
        await LeaveAsync(server);
        _servers.Remove(server, out var ended);
        await ended!.StopAsync(stop);
    }

    public async Task KillAsync(int server, CancellationToken stop)
    {
        _servers.Remove(server, out var ended);
        await ended!.DisposeAsync();
        await LeaveAsync(server);
    }

    public async Task<IStageSession> ConnectAsync(string client, int server, CancellationToken stop)
    {
        if (!_traces.TryGetValue(client, out var trace))
        {
            MemoryStream written = new();
            trace = (new TraceFile(written, TracedProcess.Client(client), _time, _ => { }), written);
            trace.File.Start();
            _traces.Add(client, trace);
        }

        var session = await OpenAsync(client, server, trace.File, stop);
        _sessions[client] = session;
        return session;
    }

    public async Task<IReadOnlyList<Response>> AskAsync(int server, string request, CancellationToken stop)
    {
        if (!_questions.TryGetValue(server, out var session))
        {
            session = await OpenAsync(Nobody, server, trace: null, stop);
            _questions.Add(server, session);
        }

        return await session.AskAsync(request, stop);
    }

    public TimeSpan Scaled(TimeSpan time) => time / _options.Speed;

    public Task PassAsync(TimeSpan time, CancellationToken stop) => Task.Delay(Scaled(time), _time, stop);

    public async Task<bool> UntilAsync(Func<Task<bool>> condition, TimeSpan limit, CancellationToken stop)
    {
        long began = _time.GetTimestamp();

        while (!await condition())
        {
            if (_time.GetElapsedTime(began) >= limit)
            {
                return false;
            }

            await Task.Delay(Look, _time, stop);
        }

        return true;
    }

    public async Task<IReadOnlyList<IReadOnlyList<TraceLine>>> FinishAsync(CancellationToken stop)
    {
        List<IReadOnlyList<TraceLine>> traces = [];
        int[] running = [.. _servers.Keys];
        await EndAsync();

        foreach (var (client, (_, written)) in _traces)
        {
            using StreamReader text = new(new MemoryStream(written.ToArray()));
            traces.Add(TraceReader.Read(text, client, _ => { }));
        }

        foreach (int server in _ports.Keys.Order())
        {
            using StreamReader text = new(TraceOf(server));
            traces.Add(Told(TraceReader.Read(text, $"server {server}", _ => { }), running.Contains(server)));
        }

        return traces;
    }

    public async ValueTask DisposeAsync()
    {
        await EndAsync();

        try
        {
            _folder.Delete(recursive: true);
        }
        catch (IOException)
        {
            // Somebody looks into it; the system clears it up some day.
        }
    }

    private async Task EndAsync()
    {
        foreach (var session in _sessions.Values.Concat(_questions.Values))
        {
            await session.DisposeAsync();
        }

        foreach (var (file, _) in _traces.Values)
        {
            await file.DisposeAsync();
        }

        foreach (int server in _servers.Keys)
        {
            _servers.Remove(server, out var ended);
            await ended!.DisposeAsync();
        }
    }

    /// <summary>Nobody asks there any more.</summary>
    private async Task LeaveAsync(int server)
    {
        if (_questions.Remove(server, out var session))
        {
            await session.DisposeAsync();
        }
    }

    private Task<RealSession> OpenAsync(string name, int server, TraceFile? trace, CancellationToken stop) =>
        RealSession.OpenAsync(
            onPush => new StoreClientOptions
            {
                Servers = [new ServerAddress("127.0.0.1", PortOf(server))],
                Name = name,
                WhenLost = WhenLost.End,
                UnavailableWait = TimeSpan.Zero,
                Trace = trace,
                OnPush = onPush,
                Time = _time,
            },
            stop);

    private List<string> Arguments(ServerPart server)
    {
        var contextWait = Scaled(ContextWait) > ContextWaitMin ? Scaled(ContextWait) : ContextWaitMin;
        List<string> arguments =
        [
            _options.ServerProgram,
            "--id", $"{server.Id}",
            "--port", $"{_ports.GetValueOrDefault(server.Id)}",
            "--consistency", server.Consistency == Consistency.Eventual ? "eventual" : "causal",
            "--relay-after", Seconds(Scaled(server.RelayAfter)),
            "--context-wait", Seconds(contextWait),
            "--trace", TraceOf(server.Id),
            "--allow-faults", "--quiet",
        ];

        if (server.MeetAt.Count > 0)
        {
            arguments.AddRange(["--peers", .. server.MeetAt.Select(peer => $"{PortOf(peer)}")]);
        }

        arguments.AddRange(_options.KeepsData
            ? ["--data", Path.Combine(Folder, $"server-{server.Id}")]
            : ["--in-memory"]);
        return arguments;
    }

    private static string Seconds(TimeSpan time) =>
        time.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture);

    private string TraceOf(int server) => Path.Combine(Folder, $"server-{server}.jsonl");

    /// <summary>Without what nobody asked; and those that ran to the end stopped with it.</summary>
    private static List<TraceLine> Told(IReadOnlyList<TraceLine> lines, bool ranToTheEnd)
    {
        var told = lines.Where(line =>
            line.Event is not TraceEvent.Showed { Session.Name: Nobody }).ToList();

        if (ranToTheEnd && told.Count > 0)
        {
            var last = told[^1];
            told.Add(last with { Sequence = last.Sequence + 1, Event = new TraceEvent.Stopped() });
        }

        return told;
    }
}
