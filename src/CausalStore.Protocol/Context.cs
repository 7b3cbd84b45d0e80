namespace CausalStore.Protocol;

/// <summary>
/// What somebody has seen: <c>-</c> for nothing, or a comma-separated list of <c>7@1</c> (that write, and so
/// all that it depends on) and <c>..7@1</c> (every write of server 1 up to 7 that is not lost). Immutable.
/// </summary>
public sealed class Context
{
    public static readonly Context Empty = new([], []);

    private readonly WriteVersion[] _upTo;
    private readonly WriteVersion[] _exact;

    private Context(WriteVersion[] upTo, WriteVersion[] exact)
    {
        _upTo = upTo;
        _exact = exact;
    }

    /// <summary>The <c>..T@S</c> entries.</summary>
    public ReadOnlySpan<WriteVersion> UpTo => _upTo;

    /// <summary>The <c>T@S</c> entries.</summary>
    public ReadOnlySpan<WriteVersion> Exact => _exact;

    public int Count => _upTo.Length + _exact.Length;

    public bool IsEmpty => Count == 0;

    /// <summary>The greatest timestamp that is named; 0 for nothing.</summary>
    public long TimestampMax
    {
        get
        {
            long max = 0;

            foreach (var version in _upTo)
            {
                max = Math.Max(max, version.Timestamp);
            }

            foreach (var version in _exact)
            {
                max = Math.Max(max, version.Timestamp);
            }

            return max;
        }
    }

    public static Context Of(ReadOnlySpan<WriteVersion> upTo, ReadOnlySpan<WriteVersion> exact) =>
        upTo.IsEmpty && exact.IsEmpty ? Empty : new Context(upTo.ToArray(), exact.ToArray());

    public static Context Of(params ReadOnlySpan<WriteVersion> exact) => Of([], exact);

    public static bool TryParse(ReadOnlySpan<byte> word, out Context context)
    {
        context = Empty;

        if (word.SequenceEqual("-"u8))
        {
            return true;
        }

        List<WriteVersion> upTo = [];
        List<WriteVersion> exact = [];

        foreach (var range in word.Split((byte)','))
        {
            var entry = word[range];
            bool isUpTo = entry.StartsWith(".."u8);

            if (!WriteVersion.TryParse(isUpTo ? entry[2..] : entry, out var version))
            {
                return false;
            }

            (isUpTo ? upTo : exact).Add(version);
        }

        context = new Context([.. upTo], [.. exact]);
        return true;
    }

    /// <exception cref="ProtocolException">The word is not a context.</exception>
    public static Context Parse(ReadOnlySpan<byte> word) =>
        TryParse(word, out var context)
            ? context
            : throw ProtocolException.Syntax("not a context; it looks like -, 7@1 or ..7@1,9@2");

    public void AppendTo(OutputBuffer output)
    {
        if (IsEmpty)
        {
            output.Append("-"u8);
            return;
        }

        bool first = true;

        foreach (var version in _upTo)
        {
            output.Append(first ? ".."u8 : ",.."u8).Append(version);
            first = false;
        }

        foreach (var version in _exact)
        {
            output.Append(first ? ""u8 : ","u8).Append(version);
            first = false;
        }
    }

    public override string ToString() => IsEmpty
        ? "-"
        : string.Join(',', [.. _upTo.Select(upTo => $"..{upTo}"), .. _exact.Select(exact => $"{exact}")]);
}
