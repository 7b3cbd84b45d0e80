using System.Buffers;
using System.Globalization;
using System.Text;
using CausalStore.Protocol;

namespace CausalStore.Tracing;

/// <summary>
/// Keys and values as a trace has them: it is made to be looked at, so what is long is cut, and what is not
/// text is written <c>\xHH</c>.
/// </summary>
public static class TraceText
{
    /// <summary>Characters kept of one key or value.</summary>
    public const int CharactersMax = 80;

    /// <summary>Operations kept of one write, and keys of one read.</summary>
    public const int PartsMax = 20;

    public static string Of(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length <= CharactersMax && !bytes.ContainsAnyExceptInRange((byte)' ', (byte)'~'))
        {
            return Encoding.UTF8.GetString(bytes);
        }

        StringBuilder text = new();
        var rest = bytes;

        while (!rest.IsEmpty && text.Length < CharactersMax)
        {
            bool isText = Rune.DecodeFromUtf8(rest, out var rune, out int used) == OperationStatus.Done
                && Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format
                    or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);

            _ = isText ? text.Append(rune.ToString()) : text.Append($"\\x{rest[0]:X2}");
            rest = rest[(isText ? used : 1)..];
        }

        return rest.IsEmpty ? $"{text}" : $"{text}... ({bytes.Length} bytes)";
    }

    public static IReadOnlyList<TracedOperation> Of(Operations operations)
    {
        List<TracedOperation> kept = [];

        foreach (var operation in operations)
        {
            if (kept.Count == PartsMax)
            {
                break;
            }

            kept.Add(new TracedOperation(
                Of(operation.Key), operation.IsDelete ? null : Of(operation.Value)));
        }

        return kept;
    }
}
