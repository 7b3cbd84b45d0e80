using System.Buffers.Text;

namespace CausalStore.Protocol;

/// <summary>Splits a line into words. Reused from line to line, it allocates nothing: but after a huge line,
/// whose memory it gives back at the next one.</summary>
public sealed class WordSplitter
{
    internal readonly record struct Slice(int Start, int Length, bool IsUnquoted);

    private const int KeptWords = 16 * 1024;
    private const int KeptUnquotedBytes = 1024 * 1024;

    private Slice[] _slices = new Slice[16];
    private int _count;
    private byte[] _unquoted = [];
    private int _unquotedLength;

    /// <summary>Splits a line, without its LF.</summary>
    /// <exception cref="ProtocolException">A control character, or quotes that do not match.</exception>
    public Words Split(ReadOnlySpan<byte> line)
    {
        _count = 0;
        _unquotedLength = 0;
        _slices = _slices.Length > KeptWords ? new Slice[16] : _slices;
        _unquoted = _unquoted.Length > KeptUnquotedBytes ? [] : _unquoted;
        int position = 0;

        while (true)
        {
            while (position < line.Length && line[position] == ' ')
            {
                position++;
            }

            if (position == line.Length)
            {
                return new Words(line, _unquoted, _slices.AsSpan(0, _count));
            }

            position = line[position] == '"' ? TakeQuoted(line, position) : TakeBare(line, position);
        }
    }

    private int TakeBare(ReadOnlySpan<byte> line, int start)
    {
        int length = line[start..].IndexOfAny(Quoting.EndsBareWord);
        int end = length < 0 ? line.Length : start + length;

        if (end < line.Length && line[end] != ' ')
        {
            throw line[end] == '"'
                ? ProtocolException.Syntax("a quote inside a bare word; write the whole word between quotes")
                : ControlCharacter(line[end]);
        }

        Add(new Slice(start, end - start, IsUnquoted: false));
        return end;
    }

    private int TakeQuoted(ReadOnlySpan<byte> line, int start)
    {
        int position = start + 1;
        int run = RunLength(line, position);

        // Without an escape in it, the word is a slice of the line.
        if (line[position + run] == '"')
        {
            Add(new Slice(position, run, IsUnquoted: false));
            return EndQuoted(line, position + run);
        }

        EnsureUnquotedRoom(line.Length);
        int first = _unquotedLength;

        while (true)
        {
            line.Slice(position, run).CopyTo(_unquoted.AsSpan(_unquotedLength));
            _unquotedLength += run;
            position += run;

            if (line[position] == '"')
            {
                Add(new Slice(first, _unquotedLength - first, IsUnquoted: true));
                return EndQuoted(line, position);
            }

            position = TakeEscape(line, position);
            run = RunLength(line, position);
        }
    }

    /// <summary>Bytes up to the next quote or backslash, one of which there must be.</summary>
    private static int RunLength(ReadOnlySpan<byte> line, int position)
    {
        int run = line[position..].IndexOfAny(Quoting.EndsQuotedRun);

        if (run < 0)
        {
            throw ProtocolException.Syntax("a quote is opened and not closed");
        }

        byte end = line[position + run];
        return end is (byte)'"' or (byte)'\\' ? run : throw ControlCharacter(end);
    }

    private static int EndQuoted(ReadOnlySpan<byte> line, int closingQuote)
    {
        int next = closingQuote + 1;
        return next == line.Length || line[next] == ' '
            ? next
            : throw ProtocolException.Syntax("after a closing quote comes a space or the end of the line");
    }

    private int TakeEscape(ReadOnlySpan<byte> line, int backslash)
    {
        var rest = line[(backslash + 1)..];
        (byte value, int length) = rest switch
        {
            [(byte)'n', ..] => ((byte)'\n', 1),
            [(byte)'r', ..] => ((byte)'\r', 1),
            [(byte)'t', ..] => ((byte)'\t', 1),
            [(byte)'\\' or (byte)'"', ..] => (rest[0], 1),
            [(byte)'x', _, _, ..] when Utf8Parser.TryParse(rest[1..3], out byte hex, out int used, 'x')
                && used == 2 => (hex, 3),
            _ => throw ProtocolException.Syntax(@"an unknown escape; there are \\ \"" \n \r \t and \xHH"),
        };

        _unquoted[_unquotedLength++] = value;
        return backslash + 1 + length;
    }

    private void Add(Slice slice)
    {
        if (_count == _slices.Length)
        {
            Array.Resize(ref _slices, 2 * _count);
        }

        _slices[_count++] = slice;
    }

    private void EnsureUnquotedRoom(int lineLength)
    {
        // No unquoted word is longer than the line it comes from, so this never moves an earlier one.
        if (_unquotedLength == 0 && _unquoted.Length < lineLength)
        {
            _unquoted = new byte[lineLength];
        }
    }

    private static ProtocolException ControlCharacter(byte value) =>
        ProtocolException.Syntax($"a control character (0x{value:X2}); write it as an escape between quotes");
}
