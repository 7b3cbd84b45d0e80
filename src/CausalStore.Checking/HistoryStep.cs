namespace CausalStore.Checking;

/// <summary>One thing that a session did or was shown. A version that is left out is not judged.</summary>
public abstract record HistoryStep
{
    private HistoryStep()
    {
    }

    /// <summary><c>["w", KEY, VALUE, VERSION]</c></summary>
    public sealed record Write(Bytes Key, Bytes Value, HistoryVersion? Version = null) : HistoryStep;

    /// <summary><c>["d", KEY, VERSION]</c>: a write like any other, of nothing.</summary>
    public sealed record Delete(Bytes Key, HistoryVersion? Version = null) : HistoryStep;

    /// <summary>
    /// <c>["r", KEY, VALUE, VERSION]</c>; no value: missing (a tombstone's version may be shown).
    /// </summary>
    public sealed record Read(Bytes Key, Bytes? Value, HistoryVersion? Version = null) : HistoryStep;

    /// <summary><c>["s", PREFIX, [[KEY, VALUE, VERSION], ...], AFTER, THROUGH]</c></summary>
    /// <remarks>
    /// Every key under the prefix that has no row counts as read and missing; with <c>After</c> only the keys
    /// greater than it, with <c>Through</c> only those up to it (where a limit ended the scan).
    /// </remarks>
    public sealed record Scan(
        Bytes Prefix, IReadOnlyList<Row> Rows, Bytes? After = null, Bytes? Through = null)
        : HistoryStep;

    /// <summary>
    /// <c>["p", KEY, VALUE, VERSION]</c>: a watcher's line; it counts as a read of that moment.
    /// </summary>
    public sealed record Push(Bytes Key, Bytes? Value, HistoryVersion? Version = null) : HistoryStep;
}

/// <summary>One line of a scan.</summary>
public readonly record struct Row(Bytes Key, Bytes Value, HistoryVersion? Version = null);
