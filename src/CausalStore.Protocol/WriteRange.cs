namespace CausalStore.Protocol;

/// <summary>
/// <c>AFTER-UPTO@SERVER</c>, as in <c>5-9@4</c>: every write of server 4 later than 5, up to 9, where 9@4 is
/// a write. A single write with its PREVIOUS is such a range: nothing lies between the two.
/// </summary>
public readonly record struct WriteRange(ServerId Origin, long After, long UpTo)
{
    public static bool TryParse(ReadOnlySpan<byte> word, out WriteRange range)
    {
        range = default;
        int dash = word.IndexOf((byte)'-');

        if (dash <= 0
            || !WriteVersion.TryParseTimestamp(word[..dash], out long after)
            || !WriteVersion.TryParse(word[(dash + 1)..], out var last)
            || after >= last.Timestamp)
        {
            return false;
        }

        range = new WriteRange(last.Origin, after, last.Timestamp);
        return true;
    }

    /// <summary>Reads <c>-</c> or a comma-separated list.</summary>
    /// <exception cref="ProtocolException">It is neither.</exception>
    public static IReadOnlyList<WriteRange> ParseList(ReadOnlySpan<byte> word)
    {
        List<WriteRange> ranges = [];

        if (word.SequenceEqual("-"u8))
        {
            return ranges;
        }

        foreach (var part in word.Split((byte)','))
        {
            ranges.Add(TryParse(word[part], out var range)
                ? range
                : throw ProtocolException.Syntax(
                    "not a list of ranges; it looks like -, 0-5@4 or 0-5@4,7-9@4"));
        }

        return ranges;
    }

    public static string Format(IEnumerable<WriteRange> ranges)
    {
        string list = string.Join(',', ranges);
        return list.Length == 0 ? "-" : list;
    }

    public override string ToString() => $"{After}-{UpTo}@{Origin}";
}
