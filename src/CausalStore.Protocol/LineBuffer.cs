using System.Buffers;

namespace CausalStore.Protocol;

/// <summary>What <see cref="LineBuffer.TryTake"/> found.</summary>
public enum LineResult
{
    /// <summary>No whole line is there yet.</summary>
    None,

    /// <summary>A line, without its LF and a CR before it.</summary>
    Line,

    /// <summary>A line longer than allowed has begun: said once; the rest of it is dropped.</summary>
    TooLong,

    /// <summary>The end of the line that was too long: nothing after it is read.</summary>
    Ended,
}

/// <summary>
/// Bytes in, lines out: the one place that knows how a stream is cut into lines, and how long one may be. It
/// borrows memory only while bytes are in it.
/// </summary>
/// <param name="lineBytesMax">The longest line, without its end.</param>
public sealed class LineBuffer(int lineBytesMax) : IDisposable
{
    private const int SmallestReceiveBytes = 4096;
    private const int LineEndBytes = 2;

    private byte[] _bytes = [];
    private int _start;
    private int _end;
    private int _searched;
    private bool _dropping;

    /// <summary>The longest line, without its end; it may be raised when a connection turns out to be a
    /// server's.</summary>
    public int LineBytesMax { get; set; } = lineBytesMax;

    /// <summary>Bytes that are here and not yet taken.</summary>
    public int Length => _end - _start;

    /// <summary>Bytes that are here and not yet taken, valid until the next call of any other
    /// method.</summary>
    public ReadOnlySpan<byte> Unread => _bytes.AsSpan(_start, Length);

    /// <summary>Room for at least one byte; fill it and call <see cref="Received"/>.</summary>
    /// <param name="wishedBytes">What would be good to have, where memory must be borrowed anyway.</param>
    public Memory<byte> ReceiveSpace(int wishedBytes = SmallestReceiveBytes)
    {
        if (_bytes.Length - _end < SmallestReceiveBytes / 4)
        {
            MakeRoom(wishedBytes);
        }

        return _bytes.AsMemory(_end);
    }

    public void Received(int count) => _end += count;

    /// <summary>The next line, valid until the next call of any method.</summary>
    public LineResult TryTake(out ReadOnlySpan<byte> line)
    {
        line = default;
        var unread = _bytes.AsSpan(_start, Length);
        int length = unread[_searched..].IndexOf((byte)'\n');

        if (length < 0)
        {
            return Unfinished(unread);
        }

        length += _searched;
        _start += length + 1;
        _searched = 0;

        if (_dropping)
        {
            return LineResult.Ended;
        }

        line = unread[..length];
        line = line.EndsWith("\r"u8) ? line[..^1] : line;

        if (line.Length > LineBytesMax)
        {
            // It was whole before anybody looked: report it now, and its end at the next call.
            _start--;
            _dropping = true;
            line = default;
            return LineResult.TooLong;
        }

        return LineResult.Line;
    }

    /// <summary>Gives the memory back if no bytes are in it: for when the lines at hand are done.</summary>
    public void Release()
    {
        if (_start == _end)
        {
            Dispose();
        }
    }

    public void Dispose()
    {
        if (_bytes.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_bytes);
        }

        _bytes = [];
        _start = _end = _searched = 0;
    }

    private LineResult Unfinished(ReadOnlySpan<byte> unread)
    {
        _searched = unread.Length;

        if (_dropping)
        {
            _start = _end = _searched = 0;
            return LineResult.None;
        }

        if (unread.Length >= LineBytesMax + LineEndBytes)
        {
            _dropping = true;
            _start = _end = _searched = 0;
            return LineResult.TooLong;
        }

        return LineResult.None;
    }

    private void MakeRoom(int wishedBytes)
    {
        int length = Length;
        byte[] old = _bytes;
        bool enoughWhenMoved = old.Length > 0 && length <= old.Length / 2;

        if (!enoughWhenMoved)
        {
            _bytes = ArrayPool<byte>.Shared.Rent(Math.Max(wishedBytes, 2 * length));
        }

        old.AsSpan(_start, length).CopyTo(_bytes);
        _start = 0;
        _end = length;

        if (!enoughWhenMoved && old.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(old);
        }
    }
}
