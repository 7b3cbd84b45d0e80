namespace CausalStore.Protocol;

/// <summary>
/// What somebody has seen: <c>-</c> for nothing, or a comma-separated list of <c>7@1</c> (that write, and so
/// all that it depends on) and <c>..7@1</c> (every write of server 1 up to 7 that is not lost). Immutable.
/// </summary>
public sealed class Context
{
    public static readonly Context Empty = new([], 0);

    // The `..T@S` entries, then the `T@S` ones.
    private readonly WriteVersion[] _entries;
    private readonly int _upToCount;

    private Context(WriteVersion[] entries, int upToCount)
    {
        _entries = entries;
        _upToCount = upToCount;
    }

    /// <summary>The <c>..T@S</c> entries.</summary>
    public ReadOnlySpan<WriteVersion> UpTo => _entries.AsSpan(0, _upToCount);

    /// <summary>The <c>T@S</c> entries.</summary>
    public ReadOnlySpan<WriteVersion> Exact => _entries.AsSpan(_upToCount);

    public int Count => _entries.Length;

    public bool IsEmpty => Count == 0;

    /// <summary>The greatest timestamp that is named; 0 for nothing.</summary>
    public long TimestampMax
    {
        get
        {
            long max = 0;

            foreach (var version in _entries)
            {
                max = Math.Max(max, version.Timestamp);
            }

            return max;
        }
    }

    public static Context Of(ReadOnlySpan<WriteVersion> upTo, ReadOnlySpan<WriteVersion> exact) =>
        upTo.IsEmpty && exact.IsEmpty ? Empty : new Context([.. upTo, .. exact], upTo.Length);

    public static Context Of(params ReadOnlySpan<WriteVersion> exact) => Of([], exact);

    public static bool TryParse(ReadOnlySpan<byte> word, out Context context)
    {
        context = Empty;

        if (word.SequenceEqual("-"u8))
        {
            return true;
        }

        int count = word.Count((byte)',') + 1;

        if (word.Length < (count * "1@1,".Length) - 1)
        {
            return false;
        }

        // Nothing is allocated that does not stay: both kinds fill one array, from its two ends.
        var entries = new WriteVersion[count];
        int upToCount = 0;
        int exactCount = 0;
        ContextReader reader = new(word);

        while (reader.MoveNext())
        {
            entries[reader.IsUpTo ? upToCount++ : ^++exactCount] = reader.Current;
        }

        if (reader.IsMalformed)
        {
            return false;
        }

        entries.AsSpan(upToCount).Reverse();
        context = new Context(entries, upToCount);
        return true;
    }

    /// <exception cref="ProtocolException">The word is not a context.</exception>
    public static Context Parse(ReadOnlySpan<byte> word) =>
        TryParse(word, out var context)
            ? context
            : throw Malformed();

    internal static ProtocolException Malformed() =>
        ProtocolException.Syntax("not a context; it looks like -, 7@1 or ..7@1,9@2");

    public void AppendTo(OutputBuffer output)
    {
        if (IsEmpty)
        {
            output.Append("-"u8);
            return;
        }

        for (int index = 0; index < Count; index++)
        {
            output.Append(index > 0 ? ","u8 : ""u8).Append(index < _upToCount ? ".."u8 : ""u8)
                .Append(_entries[index]);
        }
    }

    public override string ToString() => IsEmpty
        ? "-"
        : string.Join(',', _entries.Select((entry, index) => index < _upToCount ? $"..{entry}" : $"{entry}"));
}
