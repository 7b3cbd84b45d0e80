using System.Text;
using CausalStore.Protocol;
using CausalStore.Replication;
using CausalStore.Tracing;

namespace CausalStore.Simulation;

/// <summary>Everything there is in one run: servers, clients, network, time, and the record of what is
/// true.</summary>
internal sealed class World
{
    private const string HasSettled = "settled what is left of the forgotten servers ";

    private readonly Dictionary<string, Record> _records = [];
    private readonly List<SimulatedServer> _servers = [];
    private readonly IReadOnlySet<int>? _leftOut;
    private readonly ResponseParser _parser = new();
    private readonly WordSplitter _splitter = new();

    /// <param name="leftOut">Acts that do not happen, by their numbers; null: all do.</param>
    public World(
        ulong seed, Func<Dice, Settings> settings, bool keepsText, IReadOnlySet<int>? leftOut = null)
    {
        Dice dice = new(seed);
        _leftOut = leftOut;
        Settings = settings(dice.Fork());
        Trace = new Trace(keepsText);
        FaultDice = dice.Fork();
        JudgeDice = dice.Fork();
        Keys = new Keys(Settings.Keys);
        Network = new SimulatedNetwork(this, dice.Fork());
        Workload = new Workload(this, dice.Fork());
        var operatorDice = dice.Fork();
        Operator = new Operator(this, operatorDice);
        Forgetting = new Forgetting(this, operatorDice);
        Weather = new Weather(this, dice.Fork());
        Machines = new Machines(this, dice.Fork());
        DiskDice = dice.Fork();
    }

    public Settings Settings { get; }

    public Timeline Timeline { get; } = new();

    public Trace Trace { get; }

    public Coverage Coverage { get; } = new();

    public Keys Keys { get; }

    public SimulatedNetwork Network { get; }

    public Workload Workload { get; }

    public Operator Operator { get; }

    public Forgetting Forgetting { get; }

    public Weather Weather { get; }

    public Machines Machines { get; }

    public Dice FaultDice { get; }

    public Dice DiskDice { get; }

    /// <summary>Decides what is looked at, and never what happens.</summary>
    public Dice JudgeDice { get; }

    /// <summary>No new trouble from now on.</summary>
    public bool IsCalm { get; set; }

    /// <summary>No new requests either: everything that is on its way must arrive.</summary>
    public bool IsHealing { get; set; }

    /// <summary>What clients and chance have done so far: each has its number, and time and dice of its own,
    /// so that the others stay as they are where one is left out.</summary>
    public int ActsSoFar { get; private set; }

    /// <summary>Somebody is about to act; false: this time nobody does.</summary>
    public bool Acts()
    {
        ActsSoFar++;
        return _leftOut?.Contains(ActsSoFar) != true;
    }

    /// <summary>Every process that ever ran, in the order of starting.</summary>
    public IReadOnlyList<SimulatedServer> Servers => _servers;

    public IEnumerable<SimulatedServer> Running => _servers.Where(server => server.IsRunning);

    public IEnumerable<SimulatedServer> Serving => _servers.Where(server => server.IsServing);

    public IEnumerable<Record> Records => _records.Values;

    public Record RecordOf(string cluster)
    {
        if (!_records.TryGetValue(cluster, out var record))
        {
            record = new Record(cluster, Keys);
            _records.Add(cluster, record);
        }

        return record;
    }

    public bool IsForgotten(ServerId id) => Records.Any(record => record.Forgotten.Contains(id));

    /// <summary>Whether a server may say that what a session has seen is lost.</summary>
    public static bool MayHaveLost(Record record, SimulatedServer server) =>
        record.Forgotten.Count > 0 || server.Observer?.Record != record;

    /// <param name="disk">Its data; null: it starts with an empty directory, or has none.</param>
    public SimulatedServer Start(
        ReplicaOptions options, int host, SimulatedDisk? disk = null, Mistake mistake = Mistake.None)
    {
        disk ??= Settings.HasDisks ? new SimulatedDisk(options.Instance) : null;
        var clockAhead = FaultDice.Around(TimeSpan.FromHours(1));
        SimulatedServer server = new(this, options, host, clockAhead, disk) { Mistake = mistake };
        _servers.Add(server);
        Trace.Event(
            Timeline.Now, TracedProcess.Server(server.Id), new TraceEvent.Started(options.Consistency));
        Coverage.Count(Happening.ServersStarted);
        Note($"server {options.Id} ({options.Instance}) starts at {server.Address}, naming "
            + $"{string.Join(", ", options.Peers)}");

        if (disk is not null)
        {
            server.WasTakenInByOldCopy = disk.Server?.WasTakenInByOldCopy ?? false;
            disk.Server = server;
            server.Recover();
        }

        server.Turn(_ => { });
        return server;
    }

    /// <summary>What a server said to its clients up to there has left it.</summary>
    /// <param name="isCutShort">It crashes: some hear it and some do not.</param>
    public void BecameDurable(SimulatedServer server, bool isCutShort)
    {
        for (int index = 0; index < Workload.Clients.Count; index++)
        {
            if (Workload.Clients[index] is var client && client.Server == server
                && !(isCutShort && FaultDice.Chance(0.5)))
            {
                client.Hear(server.Durable);
            }
        }
    }

    /// <summary>The process that listens there, if any.</summary>
    public SimulatedServer? ListeningAt(ServerAddress address) =>
        _servers.FindLast(server => server.IsRunning && server.Address == address && server.Options.Port > 0);

    public IReadOnlyList<Response> Parse(OutputBuffer output)
    {
        List<Response> responses = [];

        while (!output.IsEmpty)
        {
            int length = output.Written.IndexOf((byte)'\n');
            var line = output.Written[..length];
            responses.Add(_parser.Parse(line));
            Trace.Said(line);
            output.Consume(length + 1);
        }

        return responses;
    }

    /// <summary>A response as it was sent, more or less.</summary>
    public static string Words(Response response) => response switch
    {
        Response.Text(var line) => line,
        Response.End(var count) => $"end {count}",
        Response.Error(var code, var reason) => $"error {code.Name()} {reason}",
        Response.Value(var key, var value, var version) => $"value {Text(key)} {Text(value)} {version}",
        Response.Missing(var key, var version) => $"missing {Text(key)} {version}".TrimEnd(),
        Response.Update(var key, var value, var version) => $"update {Text(key)} {Text(value)} {version}",
        Response.Removed(var key, var version) => $"removed {Text(key)} {version}",
        _ => response.ToString(),
    };

    /// <summary>A server hands a line to the network.</summary>
    public void Sent(ConnectionEnd end, ReadOnlySpan<byte> line)
    {
        if (!line.StartsWith("replicate "u8))
        {
            end.Server.MustSurvive.Said(line, end.Link!.Peer);
            end.Other.Server.WasTakenInByOldCopy |=
                end.Server.Mistake == Mistake.OldCopy && line.SequenceEqual("joined"u8);

            if (line.StartsWith("statement "u8))
            {
                Stated(end.Server, line);
            }

            return;
        }

        var (version, needs) = Head(line);
        Coverage.Count(Happening.WritesRelayed, version.Origin == end.Server.Id ? 0 : 1);

        if (end.Server.Observer is { } observer && observer.Record.Travels(version, needs))
        {
            Coverage.Count(Happening.UpToNeeds, needs.UpTo.Length > 0 ? 1 : 0);
            end.Server.Deliveries.JudgeUpTo(version, needs);
        }
    }

    private void Stated(SimulatedServer server, ReadOnlySpan<byte> line)
    {
        string[] words = Encoding.UTF8.GetString(line).Split(' ');

        if (words[1] == $"{server.Id}" && server.MustSurvive.Cluster is { } cluster)
        {
            // The word of one that runs on old data counts until it is found out.
            bool isFinal = server.Mistake != Mistake.OldCopy;
            RecordOf(cluster).Stated(words[1], words[2], words[3], isFinal);
        }
    }

    /// <summary>Somebody is the first to settle what survives: by then every member has said what it holds.
    /// One that is forgotten itself, and has not heard of it, knows nothing of later members.</summary>
    private void Settled(SimulatedServer server, string about)
    {
        var forgotten = IdSet.Parse(Encoding.UTF8.GetBytes(about));

        string cluster = server.Status("cluster");

        if (!RecordOf(cluster).IsSettledFirst(about) || IsForgotten(server.Id))
        {
            return;
        }

        foreach (var member in _servers.Where(other => other.Id != server.Id && !forgotten.Contains(other.Id)
            && other is { Mistake: Mistake.None, WasTakenInByOldCopy: false, MustSurvive.HasJoined: true }
            && other.MustSurvive.Cluster == cluster))
        {
            RecordOf(cluster).DemandStatement($"{member.Id}", about);
        }
    }

    /// <summary>VERSION and NEEDS of a <c>replicate</c> line.</summary>
    public (WriteVersion Version, Context Needs) Head(ReadOnlySpan<byte> line)
    {
        var words = _splitter.Split(line);

        return WriteVersion.TryParse(words[1], out var version)
            ? (version, Context.Parse(words[3]))
            : throw new BrokenPromiseException(
                Promises.CleanAnswers, "a server sends a write without a version");
    }

    /// <summary>Compares what those who watch a part were pushed in a step with what the server
    /// showed.</summary>
    public void JudgeWatchers(SimulatedServer server, Observer observer)
    {
        for (int index = 0; index < Workload.Clients.Count; index++)
        {
            var client = Workload.Clients[index];

            if (client.Server == server && client.Judge is not null
                && (observer.Pushes.Count > 0 || client.WasPushed))
            {
                client.JudgeWatch(observer);
            }
        }
    }

    public void Notice(SimulatedServer server, Notice notice)
    {
        bool isOfAJudge = notice is Notice.KeysShown { Session.Name: "" } or Notice.ChangePushed
        {
            Session.Name: "",
        };

        if (Trace.KeepsText && !isOfAJudge && server.Events.Of(notice) is { } traced)
        {
            Trace.Event(Timeline.Now, TracedProcess.Server(server.Id), traced);
        }

        if (notice is Notice.Cluster(var text, _))
        {
            bool isFull = text.StartsWith("the delay queue is full", StringComparison.Ordinal);
            Coverage.Count(Happening.DelayQueuesFull, isFull ? 1 : 0);
            Note($"server {server.Id}: {text}");

            // Not when it is said: a line may lie on a slow link while others come.
            if (text.StartsWith(HasSettled, StringComparison.Ordinal))
            {
                Settled(server, text[HasSettled.Length..text.IndexOf(':', StringComparison.Ordinal)]);
            }
        }
        else if (notice is Notice.BadLine(var from, var error))
        {
            Note($"server {server.Id} skips a bad line of {from}: {error}");
        }
    }

    public void ServerLost(SimulatedServer server)
    {
        Note($"server {server.Id} is gone");
        Trace.Event(Timeline.Now, TracedProcess.Server(server.Id), new TraceEvent.Noted("is gone"));

        foreach (var client in Workload.Clients.Where(client => client.Server == server))
        {
            client.Gone();
        }

        Machines.Ended(server);
    }

    public void Exited(SimulatedServer server, string reason)
    {
        Coverage.Count(Happening.Exits);
        Note($"server {server.Id} exits: {reason}");
        Trace.Event(Timeline.Now, TracedProcess.Server(server.Id), new TraceEvent.Noted($"exits: {reason}"));
        Operator.Exited(server, reason);
    }

    public void Note(string text) => Trace.Note(Timeline.Now, text);

    private static string Text(byte[] word) => Encoding.UTF8.GetString(word);
}
