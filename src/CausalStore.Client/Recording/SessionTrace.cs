using CausalStore.Protocol;
using CausalStore.Tracing;

namespace CausalStore.Client.Recording;

/// <summary>Writes down what one session does and sees (<c>--trace</c>), told of each line in the order of
/// the wire, as <see cref="SessionRecord"/> is. Nobody waits for the file.</summary>
internal sealed class SessionTrace(TraceFile file)
{
    private readonly WordSplitter _splitter = new();

    /// <summary>One who waits for a value reads it many times a second: that is told once.</summary>
    private List<Sight>? _lastShown;

    /// <summary>A request leaves: a write stands where it was asked for, not where its reply came.</summary>
    public void Sending(RequestLine request)
    {
        if (request.Kind == RequestKind.Write)
        {
            request.Sent = (file.NextSequence(), file.Now());
        }
    }

    public void Replied(RequestLine request, Reply reply)
    {
        switch (request.Kind)
        {
            case RequestKind.Hello when reply.Lines[0].Meaning is Response.Welcome(var server, _):
                file.Add(new TraceEvent.Connected(server));
                break;
            case RequestKind.Read or RequestKind.Scan when reply.Error is null:
                Saw(reply);
                break;
            case RequestKind.Write when reply.Lines[0].Meaning is Response.Ok({ } version):
                Wrote(request, version);
                break;
            case RequestKind.Write when reply.Error is { Code: ErrorCode.Internal }:
                NeverReplied(request);
                break;
        }
    }

    public void Pushed(Response push) => file.Add(new TraceEvent.WasPushed(SightOf(push)));

    public void NeverReplied(RequestLine request)
    {
        if (request.Kind == RequestKind.Write)
        {
            Wrote(request, version: null);
        }
    }

    private void Saw(Reply reply)
    {
        List<Sight> shown =
        [
            .. reply.Lines.Select(line => line.Meaning).Where(line => line is not Response.End)
                .Take(TraceText.PartsMax).Select(SightOf),
        ];

        if (_lastShown?.SequenceEqual(shown) != true)
        {
            _lastShown = shown;
            file.Add(new TraceEvent.Saw(shown));
        }
    }

    private void Wrote(RequestLine request, WriteVersion? version)
    {
        var (sequence, time) = request.Sent;

        try
        {
            var operations = TraceText.Of(new Operations(_splitter.Split(request.Line.Span), first: 0));
            file.Add(new TraceEvent.Wrote(version, operations, file.Now() - time), sequence, time);
        }
        catch (ProtocolException)
        {
            // It was malformed: no server takes it.
        }
    }

    private static Sight SightOf(Response line) => line switch
    {
        Response.Value(byte[] key, byte[] value, var version) => new(
            TraceText.Of(key), TraceText.Of(value), version),
        Response.Update(byte[] key, byte[] value, var version) => new(
            TraceText.Of(key), TraceText.Of(value), version),
        Response.Missing(byte[] key, var version) => new(TraceText.Of(key), null, version),
        Response.Removed(byte[] key, var version) => new(TraceText.Of(key), null, version),
        _ => throw ProtocolException.Syntax("a read was answered by something else"),
    };
}
