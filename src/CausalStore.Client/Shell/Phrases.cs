using CausalStore.Protocol;

namespace CausalStore.Client.Shell;

/// <summary>How replies and pushes read to a person.</summary>
internal static class Phrases
{
    /// <summary>Nothing for a refusal, which is told as a failure.</summary>
    public static IEnumerable<string> Of(RequestLine request, Reply reply)
    {
        if (reply.Error is not null)
        {
            return [];
        }

        return reply.Lines.Select(line => OfLine(request, reply, line)).Where(text => text.Length > 0);
    }

    public static string OfPush(Response push) => push switch
    {
        Response.Update(var key, var value, var version) =>
            $"{Readable.Of(key)} is now {Readable.Of(value)} ({version})",
        Response.Removed(var key, var version) => $"{Readable.Of(key)} is deleted ({version})",
        Response.Traced(string json) => json,
        _ => "",
    };

    /// <summary>What was refused, and what can be done about it where the server does not say so.</summary>
    public static string OfError(Response.Error error)
    {
        string advice = error.Code switch
        {
            ErrorCode.UnknownCommand or ErrorCode.Syntax => "; 'help' at the prompt lists the requests",
            ErrorCode.Unavailable => "; 'status' tells more",
            ErrorCode.Internal => "; it may have been carried out all the same: read, and decide",
            _ => "",
        };

        return $"refused ({error.Code.Name()}): {error.Reason}{advice}";
    }

    private static string OfLine(RequestLine request, Reply reply, ReplyLine line) => line.Meaning switch
    {
        Response.Value(var key, var value, var version) =>
            $"{Readable.Of(key)} = {Readable.Of(value)} ({version})",
        Response.Missing(var key, null) => $"{Readable.Of(key)} has no value",
        Response.Missing(var key, { } version) => $"{Readable.Of(key)} has no value (deleted by {version})",
        Response.Ok({ } version) => $"written as {version}",
        Response.Ok => "done",
        Response.Seen({ IsEmpty: true }) => "this session depends on nothing that is not everywhere already",
        Response.Seen(var context) => $"this session depends on {context}",
        Response.Welcome(var server, null) => $"server {server}, which has no cluster yet",
        Response.Welcome(var server, var cluster) => $"server {server} of cluster {cluster}",
        Response.End => OfEnd(request, reply),
        _ => ReportPhrases.Of(request, line.Bytes.Span) ?? Readable.Line(line.Bytes.Span),
    };

    /// <summary>What is to be said at the end of a reply; nothing where nothing is.</summary>
    public static string OfEnd(RequestLine request, Reply reply) =>
        (request.Kind, reply.Lines.Count - 1) switch
        {
            (RequestKind.Scan, 1) => "1 key",
            (RequestKind.Scan, > 1 and var count) when count == request.ScanLimit =>
                $"{count} keys, perhaps more: scan on after {LastKey(reply)}",
            (RequestKind.Scan, var count) => $"{count} keys",
            (_, 0) => request.Verb == "pending" ? "nothing waits here" : "nothing",
            _ => "",
        };

    private static string LastKey(Reply reply) =>
        reply.Lines[^2].Meaning is Response.Value(var key, _, _) ? Readable.Of(key) : "the last one";
}
