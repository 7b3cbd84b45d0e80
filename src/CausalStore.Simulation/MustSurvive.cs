using System.Text;
using CausalStore.Protocol;

namespace CausalStore.Simulation;

/// <summary>
/// What a server must have again after a crash: all that it showed or said, and every write that was handed
/// to it, once the batch that holds it was durable. What was not, never happened.
/// </summary>
internal sealed class MustSurvive
{
    private readonly WordSplitter _splitter = new();
    private readonly List<(WriteVersion Version, Record? WrittenIn)> _inThisTurn = [];
    private readonly Queue<(long Batch, WriteVersion Version, Record? WrittenIn)> _undurable = [];
    private readonly Queue<(long Batch, Sight Shown)> _sights = [];
    private readonly HashSet<WriteVersion> _held = [];
    private readonly Dictionary<string, string> _members = [];
    private readonly HashSet<string> _forgotten = [];
    private string? _have;

    /// <summary>The name of its cluster, as it said last.</summary>
    public string? Cluster { get; private set; }

    /// <summary>It has said that it is a member.</summary>
    public bool HasJoined { get; private set; }

    /// <summary>What it showed; null: nothing yet.</summary>
    public Sight? Shown { get; private set; }

    /// <summary>Writes that it has taken in while it served, its own among them.</summary>
    public IReadOnlyCollection<WriteVersion> Held => _held;

    /// <summary>The last write of a server that it holds; 0@0: none.</summary>
    public WriteVersion LastOf(ServerId origin) =>
        _held.Where(version => version.Origin == origin).DefaultIfEmpty().Max();

    /// <summary>It has given a version to a client's write.</summary>
    public void Accepted(WriteVersion version, Record record) => _inThisTurn.Add((version, record));

    /// <summary>A write of another server was handed to it.</summary>
    public void Took(WriteVersion version) => _inThisTurn.Add((version, null));

    public void EndTurn(long batch, Sight? shown)
    {
        foreach (var (version, record) in _inThisTurn)
        {
            _undurable.Enqueue((batch, version, record));
        }

        _inThisTurn.Clear();

        if (shown is not null)
        {
            _sights.Enqueue((batch, shown));
        }
    }

    public void Durable(long batch)
    {
        while (_undurable.TryPeek(out var write) && write.Batch <= batch)
        {
            _held.Add(_undurable.Dequeue().Version);
        }

        while (_sights.TryPeek(out var sight) && sight.Batch <= batch)
        {
            Shown = _sights.Dequeue().Shown;
        }
    }

    /// <summary>The process is gone; nobody has seen what was not durable.</summary>
    /// <returns>How many of its clients' writes are lost.</returns>
    public int Crash(long durable)
    {
        EndTurn(long.MaxValue, shown: null);
        Durable(durable);
        int lost = 0;

        foreach (var (_, version, record) in _undurable)
        {
            record?.Remove(version);
            lost += record is null ? 0 : 1;
        }

        _undurable.Clear();
        _sights.Clear();
        return lost;
    }

    /// <summary>It has said that to another server, and the line has left.</summary>
    public void Said(ReadOnlySpan<byte> line, PeerMessage.Hello? to)
    {
        if (line.StartsWith("have "u8) && HasJoined)
        {
            _have = Encoding.UTF8.GetString(line["have ".Length..]);
        }
        else if (line.StartsWith("hello "u8))
        {
            var words = _splitter.Split(line);
            Cluster = words[4].SequenceEqual("-"u8) ? null : Encoding.UTF8.GetString(words[4]);
            HasJoined |= Cluster is not null && !line.EndsWith(" waiting"u8);
        }
        else if (line.SequenceEqual("joined"u8) && Cluster is not null && to is { Cluster: not null })
        {
            _members[$"{to.Id}"] = to.Instance;
        }
        else if (line.StartsWith("forgotten "u8))
        {
            _forgotten.Add(Encoding.UTF8.GetString(line["forgotten ".Length..]));
        }
    }

    /// <summary>Fails unless a replica that begins anew on its disk has all of that.</summary>
    public void JudgeRestart(SimulatedServer server)
    {
        if (Cluster is not null)
        {
            Demand(server, server.Status("cluster") == Cluster, $"it was of cluster {Cluster}");
        }

        var members = server.Probe("members").OfType<Response.Text>().Select(text => text.Line).ToList();

        foreach (string id in _forgotten)
        {
            Demand(server, members.Contains($"forgotten {id}"), $"it had said that {id} is forgotten");
        }

        foreach (var (id, instance) in _members)
        {
            bool isThere = members.Contains($"forgotten {id}") || members.Exists(
                member => member.StartsWith($"member {id} ", StringComparison.Ordinal));
            Demand(server, isThere, $"it had said joined to server {id}, instance {instance}");
        }

        if (HasJoined)
        {
            Demand(server, server.Status("state") == "serving", "it had joined");
            JudgeWrites(server);
        }
    }

    private void JudgeWrites(SimulatedServer server)
    {
        var applied = Parse(server.Status("applied"));
        var said = Parse(_have ?? "-");
        var waiting = server.Pending();

        foreach (var version in said.UpTo)
        {
            Demand(server, NamesUpTo(applied, version), $"it had said that it has ..{version}");
        }

        foreach (var version in said.Exact)
        {
            Demand(server, Names(applied, version), $"it had said that it has {version}");
        }

        foreach (var version in _held)
        {
            bool isThere = Names(applied, version) || waiting.Contains(version)
                || server.World.IsForgotten(version.Origin);
            Demand(server, isThere, $"it had taken in {version}, or given that version");
        }

        long clock = long.Parse(server.Status("clock"), System.Globalization.CultureInfo.InvariantCulture);
        var greatest = _held.Count > 0 ? _held.Max() : default;
        Demand(server, clock >= greatest.Timestamp, $"its clock had come to {greatest.Timestamp}");
    }

    private static void Demand(SimulatedServer server, bool isSo, string before)
    {
        if (!isSo)
        {
            throw new BrokenPromiseException(
                Promises.SurvivesACrash, $"server {server.Id} starts again: {before}, and now\n    "
                    + string.Join("\n    ", server.Probe("status").Concat(server.Probe("members"))
                        .Concat(server.Probe("pending")).Select(World.Words)));
        }
    }

    private static Context Parse(string context) => Context.Parse(Encoding.UTF8.GetBytes(context));

    private static bool Names(Context context, WriteVersion version) =>
        context.Exact.Contains(version) || NamesUpTo(context, version);

    private static bool NamesUpTo(Context context, WriteVersion version)
    {
        foreach (var last in context.UpTo)
        {
            if (last.Origin == version.Origin && last.Timestamp >= version.Timestamp)
            {
                return true;
            }
        }

        return false;
    }
}
