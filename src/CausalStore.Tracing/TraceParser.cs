using System.Globalization;
using System.Text;
using System.Text.Json;
using CausalStore.Protocol;

namespace CausalStore.Tracing;

/// <summary>Reads what <see cref="TraceWriter"/> has written. Members that are not known are left aside, so
/// that a later version may say more.</summary>
public static class TraceParser
{
    /// <exception cref="TraceFormatException">It is no line of a trace.</exception>
    public static TraceLine Parse(string line)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            var root = document.RootElement;
            var process = Process(root);
            return new TraceLine(
                process, root.GetProperty("seq").GetInt64(), Time(root), Event(root, process.IsServer));
        }
        catch (Exception error) when (
            error is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new TraceFormatException(
                error is KeyNotFoundException ? "a member is missing" : error.Message);
        }
    }

    private static TracedProcess Process(JsonElement line) => line.TryGetProperty("server", out var id)
        ? TracedProcess.Server(new ServerId(id.GetUInt16()))
        : TracedProcess.Client(line.GetProperty("client").GetString() ?? "");

    private static DateTime Time(JsonElement line) => DateTime.Parse(
        Text(line, "t"), CultureInfo.InvariantCulture,
        DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal);

    private static TraceEvent Event(JsonElement line, bool isServer)
    {
        string word = Text(line, "event");
        return word switch
        {
            "start" => new TraceEvent.Started(ConsistencyOf(line)),
            "stop" => new TraceEvent.Stopped(),
            "dropped" => new TraceEvent.Dropped(line.GetProperty("count").GetInt64()),
            "connect" => new TraceEvent.Connected(Server(line, "to")),
            "disconnect" => new TraceEvent.Disconnected(Server(line, "to")),
            "note" => new TraceEvent.Noted(Text(line, "text")),
            _ => isServer ? ServerEvent(line, word) : ClientEvent(line, word),
        };
    }

    private static TraceEvent ClientEvent(JsonElement line, string word) => word switch
    {
        "write" => new TraceEvent.Wrote(
            OptionalVersion(line.GetProperty("version")), OperationsOf(line),
            TimeSpan.FromMilliseconds(line.GetProperty("took").GetDouble())),
        "read" => new TraceEvent.Saw(Shown(line)),
        "push" => new TraceEvent.WasPushed(Shown(line)[0]),
        _ => throw Unknown(word),
    };

    private static TraceEvent ServerEvent(JsonElement line, string word) => word switch
    {
        "write" => new TraceEvent.Accepted(
            Version(line), ContextOf(line, "needs"), OperationsOf(line), Session(line)),
        "send" => new TraceEvent.Sent(
            Version(line), Server(line, "to"), line.GetProperty("held").GetBoolean()),
        "receive" => new TraceEvent.Received(Version(line), Server(line, "from")),
        "delay" => new TraceEvent.Delayed(
            Version(line), Server(line, "from"), ContextOf(line, "needs"), ContextOf(line, "missing"),
            OperationsOf(line)),
        "apply" => new TraceEvent.Applied(
            Version(line), Server(line, "from"), ContextOf(line, "needs"), OperationsOf(line),
            line.TryGetProperty("waited", out var waited)
                ? TimeSpan.FromMilliseconds(waited.GetDouble())
                : null,
            line.TryGetProperty("released-by", out var by) ? OptionalVersion(by) : null),
        "read" => new TraceEvent.Showed(Session(line), Shown(line)),
        "push" when Shown(line) is [{ Version: { } version } sight, ..] =>
            new TraceEvent.Pushed(Session(line), sight.Key, version),
        "fault" => new TraceEvent.Disturbed(
            Server(line, "to"), TraceWords.Action(Text(line, "action")),
            line.GetProperty("amount").GetInt32()),
        _ => throw Unknown(word),
    };

    private static Consistency? ConsistencyOf(JsonElement line) =>
        !line.TryGetProperty("consistency", out var word) ? null
        : word.GetString() == "eventual" ? Consistency.Eventual
        : Consistency.Causal;

    private static TracedSession Session(JsonElement line) =>
        new(Text(line, "name"), line.GetProperty("session").GetInt64());

    private static List<TracedOperation> OperationsOf(JsonElement line) =>
    [
        .. line.GetProperty("ops").EnumerateArray().Select(operation => new TracedOperation(
            Member(operation, 1) ?? throw new TraceFormatException("an operation has no key"),
            Member(operation, 0) == "d" ? null : Member(operation, 2) ?? "")),
    ];

    private static List<Sight> Shown(JsonElement line) =>
    [
        .. line.GetProperty("shown").EnumerateArray().Select(sight => new Sight(
            Member(sight, 0) ?? throw new TraceFormatException("what was shown has no key"),
            Member(sight, 1), OptionalVersion(sight[2]))),
    ];

    private static string? Member(JsonElement array, int index) =>
        index < array.GetArrayLength() ? array[index].GetString() : null;

    private static string Text(JsonElement line, string name) =>
        line.GetProperty(name).GetString() ?? throw new TraceFormatException($"'{name}' is null");

    private static ServerId Server(JsonElement line, string name) => new(line.GetProperty(name).GetUInt16());

    private static WriteVersion Version(JsonElement line) =>
        OptionalVersion(line.GetProperty("version"))
            ?? throw new TraceFormatException("the version is null");

    private static WriteVersion? OptionalVersion(JsonElement element) => element.GetString() switch
    {
        null => null,
        var text when WriteVersion.TryParse(Encoding.UTF8.GetBytes(text), out var version) => version,
        var text => throw new TraceFormatException($"'{text}' is no version; it looks like 5@2"),
    };

    private static Context ContextOf(JsonElement line, string name) =>
        Context.TryParse(Encoding.UTF8.GetBytes(Text(line, name)), out var context)
            ? context
            : throw new TraceFormatException($"'{Text(line, name)}' is no context; it looks like -, 7@1");

    private static TraceFormatException Unknown(string word) => new($"no event is called '{word}'");
}
