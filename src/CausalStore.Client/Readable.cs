using System.Buffers;
using System.Globalization;
using System.Text;
using CausalStore.Protocol;

namespace CausalStore.Client;

/// <summary>Words as people see them: as they would be typed, not too long, and with nothing in them that a
/// terminal would obey.</summary>
internal static class Readable
{
    private const int ShownBytesMax = 200;

    /// <summary>A key or a value; what is left out of a long one is said.</summary>
    public static string Of(ReadOnlySpan<byte> word)
    {
        var shown = word[..ShownLength(word)];
        string plain = Line(shown);
        bool isPlain = Quoting.IsBare(shown) && plain == Encoding.UTF8.GetString(shown);
        string typed = isPlain ? plain : $"\"{Escaped(shown, isLine: false)}\"";
        return shown.Length < word.Length ? $"{typed}... ({word.Length:N0} bytes)" : typed;
    }

    /// <summary>A whole line, which has been quoted already.</summary>
    public static string Line(ReadOnlySpan<byte> line) => Escaped(line, isLine: true);

    /// <summary>A text of the server.</summary>
    public static string Line(string text) => Line(Encoding.UTF8.GetBytes(text));

    /// <summary>Not into the middle of a character.</summary>
    private static int ShownLength(ReadOnlySpan<byte> word)
    {
        int length = Math.Min(word.Length, ShownBytesMax);

        while (length < word.Length && length > ShownBytesMax - 3 && (word[length] & 0xC0) == 0x80)
        {
            length--;
        }

        return length;
    }

    private static string Escaped(ReadOnlySpan<byte> bytes, bool isLine)
    {
        StringBuilder text = new(bytes.Length);

        while (!bytes.IsEmpty)
        {
            bool isCharacter =
                Rune.DecodeFromUtf8(bytes, out var rune, out int length) == OperationStatus.Done;
            var character = bytes[..length];
            bytes = bytes[length..];

            if (isCharacter && !isLine && rune.Value is '"' or '\\')
            {
                text.Append('\\').Append(rune);
            }
            else if (isCharacter && IsHarmless(rune))
            {
                text.Append(rune);
            }
            else
            {
                AppendHex(text, character);
            }
        }

        return text.ToString();
    }

    private static void AppendHex(StringBuilder text, ReadOnlySpan<byte> bytes)
    {
        foreach (byte value in bytes)
        {
            text.Append(value switch
            {
                (byte)'\n' => @"\n",
                (byte)'\r' => @"\r",
                (byte)'\t' => @"\t",
                _ => $@"\x{value:X2}",
            });
        }
    }

    /// <summary>Neither a control character nor one that reorders or breaks a line. The two joiners belong to
    /// scripts and emoji.</summary>
    private static bool IsHarmless(Rune rune) => Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.Format => rune.Value is 0x200C or 0x200D,
        UnicodeCategory.Control => false,
        UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator => false,
        _ => true,
    };
}
