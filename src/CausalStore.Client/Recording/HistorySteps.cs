using CausalStore.Checking;
using CausalStore.Protocol;

namespace CausalStore.Client.Recording;

/// <summary>Requests and replies as the steps of a history.</summary>
internal static class HistorySteps
{
    /// <summary>What a read or a scan showed.</summary>
    public static HistoryStep[] Seen(RequestLine request, Reply reply) => request.Kind == RequestKind.Scan
        ? [Scanned(request, reply)]
        : [.. reply.Lines.Select(line => ReadOf(line.Meaning))];

    public static HistoryStep Pushed(Response push) => ReadOf(push);

    /// <summary>What a write was to do; nothing, if it is malformed and no server takes it.</summary>
    public static HistoryStep[] Written(RequestLine request, WriteVersion? version)
    {
        List<HistoryStep> steps = [];

        try
        {
            foreach (var operation in new Operations(new WordSplitter().Split(request.Line.Span), first: 0))
            {
                var key = Bytes.From(operation.Key);
                steps.Add(operation.IsDelete
                    ? new HistoryStep.Delete(key, VersionOf(version))
                    : new HistoryStep.Write(key, Bytes.From(operation.Value), VersionOf(version)));
            }

            return [.. steps];
        }
        catch (ProtocolException)
        {
            return [];
        }
    }

    private static HistoryStep.Read ReadOf(Response line) => line switch
    {
        Response.Value(var key, var value, var version) => Read(key, value, version),
        Response.Update(var key, var value, var version) => Read(key, value, version),
        Response.Missing(var key, var version) => Read(key, value: null, version),
        Response.Removed(var key, var version) => Read(key, value: null, version),
        _ => throw ProtocolException.Syntax("a read was answered by something else"),
    };

    private static HistoryStep.Read Read(byte[] key, byte[]? value, WriteVersion? version) =>
        new(Bytes.From(key), value is null ? (Bytes?)null : Bytes.From(value), VersionOf(version));

    private static HistoryStep.Scan Scanned(RequestLine request, Reply reply)
    {
        var words = new WordSplitter().Split(request.Line.Span);
        Row[] rows = [.. reply.Lines.Select(line => line.Meaning).OfType<Response.Value>().Select(RowOf)];

        // Where the limit ended it, nothing is known of the keys behind the last one.
        return new HistoryStep.Scan(
            Bytes.From(words[1]),
            rows,
            After: words.Count > 3 ? Bytes.From(words[3]) : (Bytes?)null,
            Through: rows.Length == request.ScanLimit ? rows[^1].Key : (Bytes?)null);
    }

    private static Row RowOf(Response.Value line) =>
        new(Bytes.From(line.Key), Bytes.From(line.Data), VersionOf(line.Version));

    private static HistoryVersion? VersionOf(WriteVersion? version) =>
        version is { } some ? new HistoryVersion(some.Timestamp, some.Origin.Value) : null;
}
