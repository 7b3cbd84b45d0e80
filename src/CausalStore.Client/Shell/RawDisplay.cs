using CausalStore.Protocol;

namespace CausalStore.Client.Shell;

/// <summary>For programs: the server's lines as they came, and the requests that are echoed, on standard
/// output; all else on standard error.</summary>
/// <param name="isQuiet">Nothing but replies, pushes and failures.</param>
/// <param name="isEchoing">Each request of a script before its reply, in the same stream: a transcript.
/// </param>
internal sealed class RawDisplay(Stream output, TextWriter errors, bool isQuiet, bool isEchoing) : IDisplay
{
    private readonly Lock _gate = new();
    private readonly OutputBuffer _buffer = new();

    public void Request(ReadOnlyMemory<byte> line)
    {
        if (isEchoing)
        {
            lock (_gate)
            {
                _buffer.Append("> "u8).Append(Readable.Line(line.Span)).EndLine();
                Flush();
            }
        }
    }

    public void Reply(RequestLine request, Reply reply) => Write(reply.Lines);

    public void Push(ReplyLine line) => Write([line]);

    public void Note(string text)
    {
        if (!isQuiet)
        {
            Say(Readable.Line(text));
        }
    }

    public void Failure(string text) => Say(Readable.Line(text));

    private void Say(string text)
    {
        lock (_gate)
        {
            errors.WriteLine(text);
        }
    }

    private void Write(IReadOnlyList<ReplyLine> lines)
    {
        lock (_gate)
        {
            foreach (var line in lines)
            {
                _buffer.Append(line.Bytes.Span).EndLine();
            }

            Flush();
        }
    }

    private void Flush()
    {
        output.Write(_buffer.Written);
        output.Flush();
        _buffer.Clear();
    }
}
