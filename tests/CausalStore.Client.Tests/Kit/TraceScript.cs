using CausalStore.Client.Timeline;
using CausalStore.Protocol;
using CausalStore.Tracing;

namespace CausalStore.Client.Tests.Kit;

/// <summary>A trace of several processes, written by hand, or the one of a real run.</summary>
internal sealed class TraceScript
{
    private static readonly DateTime Begin = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    private readonly Dictionary<TracedProcess, List<TraceLine>> _lines = [];
    private readonly Dictionary<TracedProcess, long> _sequences = [];
    private readonly Dictionary<string, long> _sessions = [];

    public Consistency Consistency { get; init; } = Consistency.Causal;

    /// <summary>The folder of the traces of a real run: <c>causal</c> or <c>eventual</c>.</summary>
    public static string Folder(string consistency) =>
        Path.Combine(AppContext.BaseDirectory, "Timeline", "LostRing", consistency);

    public static Run LostRing(string consistency) => RunBuilder.Build(
        [.. Directory.EnumerateFiles(Folder(consistency)).Order(StringComparer.Ordinal).Select(Read)]);

    public static WriteVersion Version(string text) => WriteVersion.TryParse(
        System.Text.Encoding.UTF8.GetBytes(text), out var version)
        ? version
        : throw new ArgumentException(text);

    public static Context Needs(string text) => Context.Parse(System.Text.Encoding.UTF8.GetBytes(text));

    public TraceScript Server(int id, double ms, TraceEvent traced) =>
        Add(TracedProcess.Server(new ServerId((ushort)id)), ms, traced, Consistency);

    public TraceScript Client(string name, double ms, TraceEvent traced) =>
        Add(TracedProcess.Client(name), ms, traced, consistency: null);

    /// <summary>A client writes at a server.</summary>
    public TraceScript Write(
        string name, int server, double ms, string version, string key, string needs = "-")
    {
        TracedOperation[] operations = [new(key, "v")];
        return Client(name, ms, new TraceEvent.Wrote(Version(version), operations, TimeSpan.Zero))
            .Server(server, ms + 1, new TraceEvent.Accepted(
                Version(version), Needs(needs), operations, SessionOf(name)));
    }

    public TraceScript Send(int from, int to, double ms, string version) => Server(
        from, ms, new TraceEvent.Sent(Version(version), new ServerId((ushort)to), IsHeld: false));

    public TraceScript Receive(int at, int from, double ms, string version) =>
        Server(at, ms, new TraceEvent.Received(Version(version), new ServerId((ushort)from)));

    public TraceScript Apply(int at, int from, double ms, string version, string key, string needs = "-") =>
        Server(at, ms, new TraceEvent.Applied(
            Version(version), new ServerId((ushort)from), Needs(needs), [new TracedOperation(key, "v")],
            null, null));

    public TraceScript Delay(
        int at, int from, double ms, string version, string key, string missing) =>
        Server(at, ms, new TraceEvent.Delayed(
            Version(version), new ServerId((ushort)from), Needs(missing), Needs(missing),
            [new TracedOperation(key, "v")]));

    /// <summary>Sent, received and applied.</summary>
    public TraceScript Replicate(
        int from, int to, double ms, string version, string key, string needs = "-") =>
        Send(from, to, ms, version).Receive(to, from, ms + 1, version)
            .Apply(to, from, ms + 1, version, key, needs);

    public TraceScript Read(string name, int server, double ms, string key, string? version)
    {
        WriteVersion? seen = version is null ? null : Version(version);
        return Server(
            server, ms, new TraceEvent.Showed(SessionOf(name), [new Sight(key, null, seen)]))
            .Client(name, ms + 1, new TraceEvent.Saw([new Sight(key, seen is null ? null : "v", seen)]));
    }

    public Run Build() => RunBuilder.Build(Files);

    public IReadOnlyList<IReadOnlyList<TraceLine>> Files => [.. _lines.Values];

    private static IReadOnlyList<TraceLine> Read(string path)
    {
        using StreamReader text = new(path);
        return TraceReader.Read(text, path, Assert.Fail);
    }

    private TracedSession SessionOf(string name)
    {
        _sessions.TryAdd(name, _sessions.Count + 1);
        return new TracedSession(name, _sessions[name]);
    }

    private TraceScript Add(TracedProcess process, double ms, TraceEvent traced, Consistency? consistency)
    {
        if (_lines.TryAdd(process, []) && traced is not TraceEvent.Started)
        {
            Append(process, 0, new TraceEvent.Started(consistency));
        }

        Append(process, ms, traced);
        return this;
    }

    private void Append(TracedProcess process, double ms, TraceEvent traced)
    {
        long sequence = traced is TraceEvent.Started ? 1 : _sequences.GetValueOrDefault(process) + 1;
        _sequences[process] = sequence;
        _lines[process].Add(new TraceLine(process, sequence, Begin.AddMilliseconds(ms), traced));
    }
}
