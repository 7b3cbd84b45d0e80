using System.Buffers.Text;
using System.Text;

namespace CausalStore.Protocol;

/// <summary>
/// Lines on their way out: appended at the end, consumed at the front. It grows as needed and gives its
/// memory back when it is empty; whoever fills it watches <see cref="Length"/> for its own limit.
/// </summary>
/// <param name="pieceBytes">Beyond that, what follows stands in another piece of that size, so that much that
/// waits for long is neither copied nor reserved twice.</param>
public sealed class OutputBuffer(int pieceBytes = int.MaxValue)
{
    private const int KeptWhenEmptyBytes = 64 * 1024;
    private const int SmallestBytes = 256;
    private const int NumberBytesMax = 20;

    // Full ones, in front of the last, which is filled.
    private readonly List<ArraySegment<byte>> _pieces = [];
    private int _piecesLength;
    private byte[] _bytes = [];
    private int _start;
    private int _end;
    private long _consumed;

    /// <summary>Bytes appended and not yet consumed.</summary>
    public int Length => _piecesLength + _end - _start;

    public bool IsEmpty => Length == 0;

    /// <summary>Where the next byte goes, counted from the first that was ever appended: consuming does not
    /// move it.</summary>
    public long Position => _consumed + Length;

    /// <summary>What has been appended and not yet consumed, the first piece of it; valid until the next
    /// change.</summary>
    public ReadOnlySpan<byte> Written => WrittenMemory.Span;

    /// <summary>The same as memory, for those who send it.</summary>
    public ReadOnlyMemory<byte> WrittenMemory => _pieces.Count > 0 ? _pieces[0] : Last;

    private ArraySegment<byte> Last => new(_bytes, _start, _end - _start);

    public OutputBuffer Append(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Reserve(bytes.Length));
        _end += bytes.Length;
        return this;
    }

    public OutputBuffer Append(string text)
    {
        var target = Reserve(Encoding.UTF8.GetByteCount(text));
        _end += Encoding.UTF8.GetBytes(text, target);
        return this;
    }

    public OutputBuffer Append(long number)
    {
        Utf8Formatter.TryFormat(number, Reserve(NumberBytesMax), out int written);
        _end += written;
        return this;
    }

    public OutputBuffer Append(ServerId id) => Append((long)id.Value);

    public OutputBuffer Append(WriteVersion version) =>
        Append(version.Timestamp).Append("@"u8).Append(version.Origin);

    public OutputBuffer Append(WriteRange range) =>
        Append(range.After).Append("-"u8).Append(range.UpTo).Append("@"u8).Append(range.Origin);

    /// <summary>A word, quoted only where it must be.</summary>
    public OutputBuffer AppendWord(ReadOnlySpan<byte> word)
    {
        if (Quoting.IsBare(word))
        {
            return Append(word);
        }

        var target = Reserve(Quoting.QuotedBytesMax(word.Length));
        _end += Quoting.Quote(word, target);
        return this;
    }

    public OutputBuffer AppendWord(string word) => AppendWord(Encoding.UTF8.GetBytes(word));

    public OutputBuffer Space() => Append(" "u8);

    public OutputBuffer EndLine() => Append("\n"u8);

    /// <summary>Drops <paramref name="count"/> bytes at the front: they are sent.</summary>
    public void Consume(int count)
    {
        _consumed += count;

        while (_pieces.Count > 0 && count > 0)
        {
            int taken = Math.Min(count, _pieces[0].Count);
            count -= taken;
            _piecesLength -= taken;
            _pieces[0] = _pieces[0][taken..];

            if (_pieces[0].Count == 0)
            {
                _pieces.RemoveAt(0);
            }
        }

        _start += count;

        if (_start == _end)
        {
            _start = _end = 0;
            _bytes = _bytes.Length > KeptWhenEmptyBytes ? [] : _bytes;
        }
    }

    /// <summary>Takes back what was appended beyond a length that the buffer had: an answer that turned out
    /// too large, or that nobody takes.</summary>
    public void TruncateTo(int length)
    {
        while (length < _piecesLength)
        {
            var last = _pieces[^1];
            _pieces.RemoveAt(_pieces.Count - 1);
            _piecesLength -= last.Count;
            (_bytes, _start, _end) = (last.Array!, last.Offset, last.Offset + last.Count);
        }

        _end = _start + length - _piecesLength;
    }

    public void Clear() => Consume(Length);

    /// <summary>All of it, not only the first piece.</summary>
    public byte[] ToArray()
    {
        byte[] all = new byte[Length];
        int copied = 0;

        foreach (var piece in _pieces.Append(Last))
        {
            piece.CopyTo(all, copied);
            copied += piece.Count;
        }

        return all;
    }

    /// <summary>Where the first of those bytes stands in all of it; -1: nowhere.</summary>
    public int IndexOf(byte value)
    {
        int before = 0;

        foreach (var piece in _pieces.Append(Last))
        {
            if (piece.AsSpan().IndexOf(value) is >= 0 and var index)
            {
                return before + index;
            }

            before += piece.Count;
        }

        return -1;
    }

    /// <summary>Room behind the end, which may move: call it before <see cref="_end"/> is read.</summary>
    private Span<byte> Reserve(int count)
    {
        if (_bytes.Length - _end < count)
        {
            MakeRoom(count);
        }

        return _bytes.AsSpan(_end);
    }

    private void MakeRoom(int count)
    {
        if (_bytes.Length >= pieceBytes && _end > _start)
        {
            _pieces.Add(Last);
            _piecesLength += Last.Count;
            _bytes = new byte[Math.Max(pieceBytes, count)];
            _start = _end = 0;
            return;
        }

        int length = _end - _start;
        bool enoughWhenMoved = _bytes.Length - length >= count && _start > _bytes.Length / 2;
        int doubled = (int)Math.Min(2L * _bytes.Length, Array.MaxLength);
        byte[] target = enoughWhenMoved
            ? _bytes
            : new byte[Math.Max(SmallestBytes, Math.Max(length + count, doubled))];

        Last.AsSpan().CopyTo(target);
        _bytes = target;
        _start = 0;
        _end = length;
    }
}
