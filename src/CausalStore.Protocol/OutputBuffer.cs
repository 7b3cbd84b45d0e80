using System.Buffers.Text;
using System.Text;

namespace CausalStore.Protocol;

/// <summary>
/// Lines on their way out: appended at the end, consumed at the front. It grows as needed and gives its
/// memory back when it is empty; whoever fills it watches <see cref="Length"/> for its own limit.
/// </summary>
public sealed class OutputBuffer
{
    private const int KeptWhenEmptyBytes = 64 * 1024;
    private const int SmallestBytes = 256;
    private const int NumberBytesMax = 20;

    private byte[] _bytes = [];
    private int _start;
    private int _end;

    /// <summary>Bytes appended and not yet consumed.</summary>
    public int Length => _end - _start;

    public bool IsEmpty => _start == _end;

    /// <summary>What has been appended and not yet consumed; valid until the next change.</summary>
    public ReadOnlySpan<byte> Written => _bytes.AsSpan(_start, Length);

    /// <summary>The same as memory, for those who send it.</summary>
    public ReadOnlyMemory<byte> WrittenMemory => _bytes.AsMemory(_start, Length);

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
        _start += count;

        if (_start == _end)
        {
            _start = _end = 0;
            _bytes = _bytes.Length > KeptWhenEmptyBytes ? [] : _bytes;
        }
    }

    /// <summary>Takes back what was appended beyond a length that the buffer had: an answer that turned out
    /// too large.</summary>
    public void TruncateTo(int length) => _end = _start + length;

    public void Clear() => Consume(Length);

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
        int length = Length;
        bool enoughWhenMoved = _bytes.Length - length >= count && _start > _bytes.Length / 2;
        int doubled = (int)Math.Min(2L * _bytes.Length, Array.MaxLength);
        byte[] target = enoughWhenMoved
            ? _bytes
            : new byte[Math.Max(SmallestBytes, Math.Max(length + count, doubled))];

        Written.CopyTo(target);
        _bytes = target;
        _start = 0;
        _end = length;
    }
}
