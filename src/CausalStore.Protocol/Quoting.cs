using System.Buffers;

namespace CausalStore.Protocol;

/// <summary>
/// How a word is written: bare (any bytes but space, <c>"</c> and control characters), or between quotes
/// with the escapes <c>\\ \" \n \r \t \xHH</c>.
/// </summary>
public static class Quoting
{
    private const string Controls =
        "\x00\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f"
        + "\x10\x11\x12\x13\x14\x15\x16\x17\x18\x19\x1a\x1b\x1c\x1d\x1e\x1f\x7f";

    internal static readonly SearchValues<byte> EndsBareWord = Bytes(Controls + " \"");
    internal static readonly SearchValues<byte> EndsQuotedRun = Bytes(Controls + "\\\"");

    /// <summary>Whether the word may be written as it is.</summary>
    public static bool IsBare(ReadOnlySpan<byte> word) => !word.IsEmpty && word.IndexOfAny(EndsBareWord) < 0;

    /// <summary>The room that <see cref="Quote"/> may need.</summary>
    public static int QuotedBytesMax(int wordBytes) => checked((4 * wordBytes) + 2);

    /// <summary>Writes the word between quotes; returns the number of bytes.</summary>
    public static int Quote(ReadOnlySpan<byte> word, Span<byte> target)
    {
        int length = 0;
        target[length++] = (byte)'"';

        while (!word.IsEmpty)
        {
            int special = word.IndexOfAny(EndsQuotedRun);
            int plain = special < 0 ? word.Length : special;
            word[..plain].CopyTo(target[length..]);
            length += plain;

            if (special < 0)
            {
                break;
            }

            length += Escape(word[special], target[length..]);
            word = word[(special + 1)..];
        }

        target[length++] = (byte)'"';
        return length;
    }

    /// <summary>Text that runs to the end of its line: control characters become spaces.</summary>
    public static string OneLine(string text) => text.Any(IsControl)
        ? string.Concat(text.Select(character => IsControl(character) ? ' ' : character))
        : text;

    private static bool IsControl(char character) => character is < ' ' or '\x7f';

    private static int Escape(byte value, Span<byte> target)
    {
        target[0] = (byte)'\\';
        target[1] = value switch
        {
            (byte)'\n' => (byte)'n',
            (byte)'\r' => (byte)'r',
            (byte)'\t' => (byte)'t',
            (byte)'\\' or (byte)'"' => value,
            _ => (byte)'x',
        };

        if (target[1] != 'x')
        {
            return 2;
        }

        target[2] = HexDigit(value >> 4);
        target[3] = HexDigit(value & 15);
        return 4;
    }

    private static byte HexDigit(int value) => "0123456789ABCDEF"u8[value];

    private static SearchValues<byte> Bytes(string characters) =>
        SearchValues.Create([.. characters.Select(character => (byte)character)]);
}
