using CausalStore.Protocol;

namespace CausalStore.Client.Shell;

/// <summary>Lines of bytes from standard input.</summary>
internal sealed class LineInput(Stream stream) : IDisposable
{
    /// <summary>No server takes a longer request.</summary>
    private const int LineBytesMax = 32 * 1024 * 1024;

    private readonly LineBuffer _lines = new(LineBytesMax);
    private Task<int>? _reading;
    private bool _isFirst = true;
    private bool _isEnded;

    /// <summary>The next line without its end; null after the last one.</summary>
    /// <exception cref="ProtocolException">It is longer than any server takes.</exception>
    public async Task<byte[]?> NextAsync(CancellationToken stop)
    {
        while (true)
        {
            if (TryTake() is { } line)
            {
                return line;
            }

            if (_isEnded)
            {
                return null;
            }

            // Standard input blocks even in ReadAsync, and nothing can interrupt that.
            _reading = Task.Run(() => stream.Read(_lines.ReceiveSpace().Span), CancellationToken.None);
            int count = await _reading.WaitAsync(stop);
            _lines.Received(count);

            if (count == 0)
            {
                _isEnded = true;
                EndLastLine();
            }
        }
    }

    public void Dispose()
    {
        // What still reads into the memory keeps it; that ends with the process.
        if (_reading is not { IsCompleted: false })
        {
            _lines.Dispose();
        }
    }

    private byte[]? TryTake()
    {
        switch (_lines.TryTake(out var line))
        {
            case LineResult.Line:
                // Windows PowerShell begins what it pipes with a byte order mark.
                line = _isFirst && line.StartsWith("\uFEFF"u8) ? line["\uFEFF"u8.Length..] : line;
                _isFirst = false;
                return line.ToArray();

            case LineResult.None:
                return null;

            default:
                throw new ProtocolException(ErrorCode.TooLong, $"a line of more than {LineBytesMax} bytes");
        }
    }

    private void EndLastLine()
    {
        if (_lines.Length > 0)
        {
            _lines.ReceiveSpace().Span[0] = (byte)'\n';
            _lines.Received(1);
        }
    }
}
