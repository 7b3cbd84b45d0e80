using CausalStore.Protocol;

namespace CausalStore.Replication;

/// <summary>What a walk through a causal past has found.</summary>
internal enum PastSearch
{
    IsThere,
    IsNotNamed,

    /// <summary>The log no longer has a part of it, or it is too long to walk through.</summary>
    IsCutOff,
}

/// <summary>
/// Looks for a write in the causal past of another. A write names only what it depends on most nearly, so the
/// needs of what it needs are looked at as well, as far back as the one looked for: what a write needs has a
/// smaller timestamp than the write.
/// </summary>
internal sealed class CausalPast(WriteLog log)
{
    private readonly Stack<(WriteVersion Version, bool IsUpTo)> _open = [];
    private readonly HashSet<(WriteVersion Version, bool IsUpTo)> _met = [];

    /// <param name="needs">What the write needs in whose past it may be.</param>
    /// <param name="writesMax">How many writes are looked at.</param>
    public PastSearch Find(WriteVersion older, ContextReader needs, int writesMax)
    {
        _open.Clear();
        _met.Clear();
        bool isWhole = true;

        if (Names(needs, older))
        {
            return PastSearch.IsThere;
        }

        while (_open.TryPop(out var next))
        {
            if (log.Find(next.Version) is not { } position)
            {
                isWhole = false;
                continue;
            }

            if (--writesMax < 0)
            {
                return PastSearch.IsCutOff;
            }

            if (Names(NeedsOf(log.LineAt(position), out long previous), older))
            {
                return PastSearch.IsThere;
            }

            if (next.IsUpTo)
            {
                // ..7@1 names every write of the origin up to that one: each knows the one before it.
                Open(new WriteVersion(previous, next.Version.Origin), isUpTo: true, older);
            }
        }

        return isWhole ? PastSearch.IsNotNamed : PastSearch.IsCutOff;
    }

    /// <summary>Whether the needs themselves name it.</summary>
    public static bool IsNamed(WriteVersion older, ContextReader needs)
    {
        while (needs.MoveNext())
        {
            if (Covers(needs.Current, needs.IsUpTo, older))
            {
                return true;
            }
        }

        return false;
    }

    private bool Names(ContextReader needs, WriteVersion older)
    {
        while (needs.MoveNext())
        {
            if (Covers(needs.Current, needs.IsUpTo, older))
            {
                return true;
            }

            Open(needs.Current, needs.IsUpTo, older);
        }

        return false;
    }

    private static bool Covers(WriteVersion need, bool isUpTo, WriteVersion older) =>
        need == older || (isUpTo && need.Origin == older.Origin && need.Timestamp >= older.Timestamp);

    private void Open(WriteVersion version, bool isUpTo, WriteVersion older)
    {
        if (version.Timestamp > older.Timestamp && _met.Add((version, isUpTo)))
        {
            _open.Push((version, isUpTo));
        }
    }

    /// <summary>Of a line in its canonical form.</summary>
    public static ContextReader NeedsOf(ReadOnlySpan<byte> line, out long previous)
    {
        var rest = AfterWord(AfterWord(line));
        bool isNumber = WriteVersion.TryParseTimestamp(rest[..rest.IndexOf((byte)' ')], out previous);
        Invariant.Holds(isNumber, "what stands in the log is well-formed");
        rest = AfterWord(rest);
        return new ContextReader(rest[..rest.IndexOf((byte)' ')]);
    }

    private static ReadOnlySpan<byte> AfterWord(ReadOnlySpan<byte> line) =>
        line[(line.IndexOf((byte)' ') + 1)..];
}
