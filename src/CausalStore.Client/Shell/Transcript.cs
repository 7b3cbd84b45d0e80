namespace CausalStore.Client.Shell;

/// <summary>What a script has been shown, for <c>expect</c>. Bounded in lines and bytes; the oldest
/// go.</summary>
internal sealed class Transcript
{
    private const int LinesMax = 10_000;
    private const long BytesMax = 64 * 1024 * 1024;

    private readonly Lock _gate = new();
    private readonly Queue<ReadOnlyMemory<byte>> _lines = [];
    private long _bytes;

    public void Add(ReplyLine line)
    {
        lock (_gate)
        {
            _lines.Enqueue(line.Bytes);
            _bytes += line.Bytes.Length;

            while (_lines.Count > LinesMax || _bytes > BytesMax)
            {
                TakeOldest();
            }
        }
    }

    /// <summary>Whether the text was shown since the line that was expected last; if so, that line is the
    /// last one now, so that a row of expectations checks the order.</summary>
    public bool Expect(ReadOnlySpan<byte> text)
    {
        lock (_gate)
        {
            bool isShown = false;

            foreach (var line in _lines)
            {
                isShown |= line.Span.IndexOf(text) >= 0;
            }

            while (isShown && TakeOldest().Span.IndexOf(text) < 0)
            {
            }

            return isShown;
        }
    }

    private ReadOnlyMemory<byte> TakeOldest()
    {
        var line = _lines.Dequeue();
        _bytes -= line.Length;
        return line;
    }
}
