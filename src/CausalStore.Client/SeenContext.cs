using CausalStore.Protocol;

namespace CausalStore.Client;

/// <summary>
/// What this session has seen, as far as its lines tell: the last <c>context</c> or <c>ok VERSION</c>, and every
/// version shown or pushed since. It is what another server must have applied before the session goes on there.
/// Only the server can prune it, since only the server knows what every member has applied; so
/// <see cref="IsLarge"/> says when to ask.
/// </summary>
internal sealed class SeenContext
{
    public const int LargeEntries = 64;

    private readonly Lock _gate = new();
    private readonly Dictionary<ServerId, long> _upTo = [];
    private readonly HashSet<WriteVersion> _exact = [];
    private int _largeAbove = LargeEntries;

    /// <summary>Whether it is time to ask the server for its own, pruned context.</summary>
    public bool IsLarge
    {
        get
        {
            lock (_gate)
            {
                return _upTo.Count + _exact.Count > _largeAbove;
            }
        }
    }

    public Context Current
    {
        get
        {
            lock (_gate)
            {
                return Context.Of(
                    [.. _upTo.Select(entry => new WriteVersion(entry.Value, entry.Key)).Order()],
                    [.. _exact.Order()]);
            }
        }
    }

    /// <summary>A version was shown or pushed.</summary>
    public void Saw(WriteVersion version)
    {
        lock (_gate)
        {
            AddExact(version);
        }
    }

    /// <summary>An own write was acknowledged. It depends on all that was seen before, and so replaces it.</summary>
    public void Wrote(WriteVersion version)
    {
        lock (_gate)
        {
            Clear();
            AddExact(version);
        }
    }

    /// <summary>The server took this context as well.</summary>
    public void Add(Context context)
    {
        lock (_gate)
        {
            AddAll(context);
        }
    }

    /// <summary>The server named all that the session depends on.</summary>
    public void ReplaceWith(Context context)
    {
        lock (_gate)
        {
            Clear();
            AddAll(context);

            // What the server keeps is no reason to ask again at once: wait until it has doubled.
            _largeAbove = Math.Max(LargeEntries, 2 * context.Count);
        }
    }

    /// <summary>The server would not say: ask again when there is twice as much.</summary>
    public void AskLater()
    {
        lock (_gate)
        {
            _largeAbove = Math.Max(_largeAbove, 2 * (_upTo.Count + _exact.Count));
        }
    }

    private void Clear()
    {
        _upTo.Clear();
        _exact.Clear();
        _largeAbove = LargeEntries;
    }

    private void AddAll(Context context)
    {
        foreach (var version in context.UpTo)
        {
            _upTo[version.Origin] = Math.Max(version.Timestamp, _upTo.GetValueOrDefault(version.Origin));
        }

        _exact.RemoveWhere(IsCovered);

        foreach (var version in context.Exact)
        {
            AddExact(version);
        }
    }

    private void AddExact(WriteVersion version)
    {
        if (!IsCovered(version))
        {
            _exact.Add(version);
        }
    }

    private bool IsCovered(WriteVersion version) => version.Timestamp <= _upTo.GetValueOrDefault(version.Origin);
}
