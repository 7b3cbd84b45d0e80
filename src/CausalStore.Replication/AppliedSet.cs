using CausalStore.Protocol;

namespace CausalStore.Replication;

/// <summary>
/// Which writes of every origin are applied: what a write's needs are checked against. (Its key's current
/// version would say nothing: a concurrent greater one may be there without it.)
/// </summary>
internal sealed class AppliedSet
{
    /// <summary>Writes beyond the watermarks that a <c>have</c> names, at most; it may be partial about
    /// others.</summary>
    public const int NamedBeyondMax = 1000;

    private readonly List<OriginHistory> _histories = [];
    private OriginHistory? _last;

    public bool IsEmpty => _histories.TrueForAll(history => history is { Watermark: 0, BeyondCount: 0 });

    public OriginHistory Of(ServerId origin)
    {
        if (Find(origin) is { } history)
        {
            return history;
        }

        history = new OriginHistory(origin);
        _histories.Add(history);
        _histories.Sort((left, right) => left.Origin.CompareTo(right.Origin));
        return history;
    }

    public bool Contains(WriteVersion version) =>
        Find(version.Origin)?.Contains(version.Timestamp) ?? false;

    public bool IsLost(WriteVersion version) =>
        Find(version.Origin)?.IsLost(version.Timestamp) ?? false;

    public long Watermark(ServerId origin) =>
        Find(origin)?.Watermark ?? 0;

    /// <summary>Whether all writes of the origin up to that one are applied, or lost.</summary>
    public bool ContainsUpTo(WriteVersion version) => Watermark(version.Origin) >= version.Timestamp;

    public bool ContainsAll(Context context)
    {
        foreach (var version in context.UpTo)
        {
            if (!ContainsUpTo(version))
            {
                return false;
            }
        }

        foreach (var version in context.Exact)
        {
            if (!Contains(version))
            {
                return false;
            }
        }

        return true;
    }

    public bool ContainsAll(ContextReader context)
    {
        while (context.MoveNext())
        {
            if (context.IsUpTo ? !ContainsUpTo(context.Current) : !Contains(context.Current))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The part of a context that is not applied here.</summary>
    public Context Missing(Context context)
    {
        List<WriteVersion> upTo = [];
        List<WriteVersion> exact = [];

        foreach (var version in context.UpTo)
        {
            if (!ContainsUpTo(version))
            {
                upTo.Add(version);
            }
        }

        foreach (var version in context.Exact)
        {
            if (!Contains(version))
            {
                exact.Add(version);
            }
        }

        return Context.Of([.. upTo], [.. exact]);
    }

    /// <summary>A write that the context names and that was lost with a forgotten server.</summary>
    public WriteVersion? FirstLost(Context context)
    {
        foreach (var version in context.Exact)
        {
            if (IsLost(version))
            {
                return version;
            }
        }

        foreach (var version in context.UpTo)
        {
            if (IsLost(version))
            {
                return version;
            }
        }

        return null;
    }

    /// <summary>For <c>have</c> and <c>status</c>: the watermarks, and writes beyond them.</summary>
    public Context ToContext()
    {
        List<WriteVersion> upTo = [];
        List<WriteVersion> exact = [];

        foreach (var history in _histories)
        {
            if (history.Watermark > 0)
            {
                upTo.Add(new WriteVersion(history.Watermark, history.Origin));
            }

            foreach (long timestamp in history.Beyond.Take(NamedBeyondMax - exact.Count))
            {
                exact.Add(new WriteVersion(timestamp, history.Origin));
            }
        }

        return Context.Of([.. upTo], [.. exact]);
    }

    /// <summary>For a copy of the state.</summary>
    public IReadOnlyList<WriteRange> Ranges() =>
        [.. _histories.SelectMany(history => history.Applied())];

    /// <summary>The same as a word; every save says it.</summary>
    public void AppendRanges(OutputBuffer output)
    {
        int before = output.Length;

        foreach (var history in _histories)
        {
            foreach (var range in history.Applied())
            {
                output.Append(output.Length > before ? ","u8 : []).Append(range);
            }
        }

        output.Append(output.Length > before ? [] : "-"u8);
    }

    /// <summary>For a copy of the state.</summary>
    public IReadOnlyList<WriteRange> Lost() => [.. _histories.SelectMany(history => history.Lost)];

    public void Clear()
    {
        _histories.Clear();
        _last = null;
    }

    /// <summary>There are few origins, and often it is the same one again.</summary>
    private OriginHistory? Find(ServerId origin)
    {
        if (_last is not null && _last.Origin == origin)
        {
            return _last;
        }

        foreach (var history in _histories)
        {
            if (history.Origin == origin)
            {
                return _last = history;
            }
        }

        return null;
    }
}
