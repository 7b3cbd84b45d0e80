using CausalStore.Protocol;

namespace CausalStore.Replication;

/// <summary>
/// What one session has seen: its next write depends on exactly this, and on nothing that it has not seen. A
/// write takes the place of all that (the nearest dependency; everything older follows from it: COPS, SOSP
/// 2011, section 4.2).
/// </summary>
internal sealed class SessionContext(AppliedSet applied, KnownApplied others)
{
    /// <summary>Exact entries beyond which they are folded into <c>..T@S</c>.</summary>
    private const int ExactMax = 48;

    /// <summary>Entries of a context, at most.</summary>
    public const int NamedMax = 4096;

    private readonly List<WriteVersion> _exact = [];
    private readonly Dictionary<ServerId, long> _upTo = [];
    private HashSet<WriteVersion>? _many;
    private int _foldAt = ExactMax;

    /// <summary>Adds a write that was shown to the session.</summary>
    /// <exception cref="ProtocolException">The session has seen too much that others lack; it is not added.
    /// </exception>
    public void Add(WriteVersion version)
    {
        if (others.EveryoneHas(version) || IsNamed(version))
        {
            return;
        }

        _exact.Add(version);
        _many?.Add(version);

        if (_exact.Count <= _foldAt)
        {
            return;
        }

        Fold();

        if (_exact.Count + _upTo.Count > NamedMax)
        {
            _exact.Remove(version);
            _many?.Remove(version);
            throw new ProtocolException(
                ErrorCode.Overloaded,
                $"this session has seen {NamedMax} writes that other servers still lack; write something, "
                + "or wait until they have caught up");
        }
    }

    /// <summary>Adds what another session had seen; all of it must be applied.</summary>
    public void Add(Context context)
    {
        foreach (var version in context.UpTo)
        {
            AddUpTo(version);
        }

        foreach (var version in context.Exact)
        {
            Add(version);
        }
    }

    /// <summary>The session has written: its write follows from all that it had seen.</summary>
    public void BecomeOnly(WriteVersion version)
    {
        _exact.Clear();
        _upTo.Clear();
        _many = null;
        _foldAt = ExactMax;

        if (!others.EveryoneHas(version))
        {
            _exact.Add(version);
        }
    }

    /// <summary>What the session's next write depends on, as a word.</summary>
    public void AppendTo(OutputBuffer output)
    {
        if (_upTo.Count > 0 || _exact.Count > 1)
        {
            ToContext().AppendTo(output);
        }
        else if (_exact.Count == 0 || others.EveryoneHas(_exact[0]))
        {
            output.Append("-"u8);
        }
        else
        {
            output.Append(_exact[0]);
        }
    }

    /// <summary>What the session's next write depends on.</summary>
    public Context ToContext()
    {
        if (_exact.Count == 0 && _upTo.Count == 0)
        {
            return Context.Empty;
        }

        Fold();

        return Context.Of(
            [.. _upTo.Select(entry => new WriteVersion(entry.Value, entry.Key)).OrderBy(upTo => upTo.Origin)],
            [.. _exact.Order()]);
    }

    private bool IsNamed(WriteVersion version) =>
        (_upTo.TryGetValue(version.Origin, out long upTo) && version.Timestamp <= upTo)
        || (_many?.Contains(version) ?? _exact.Contains(version));

    private void AddUpTo(WriteVersion version)
    {
        if (!others.EveryoneHasUpTo(version) && version.Timestamp > _upTo.GetValueOrDefault(version.Origin))
        {
            _upTo[version.Origin] = version.Timestamp;
        }
    }

    private void DropWhatEveryoneHas()
    {
        _exact.RemoveAll(others.EveryoneHas);

        foreach (var (origin, timestamp) in _upTo.ToList())
        {
            if (others.EveryoneHasUpTo(new WriteVersion(timestamp, origin)))
            {
                _upTo.Remove(origin);
            }
        }
    }

    /// <summary>Drops what every member has; where a few dozen remain, <c>..T@S</c> takes their
    /// place.</summary>
    private void Fold()
    {
        DropWhatEveryoneHas();

        if (_exact.Count > ExactMax)
        {
            // Beyond the watermark ..T@S would name writes that the session cannot have seen.
            foreach (var version in _exact.Where(applied.ContainsUpTo))
            {
                AddUpTo(version);
            }

            _exact.RemoveAll(applied.ContainsUpTo);
        }

        // What cannot be folded is looked at again when it has doubled, not at every read.
        _foldAt = Math.Clamp(2 * _exact.Count, ExactMax, NamedMax - Membership.CountMax);
        _many = _exact.Count > ExactMax ? [.. _exact] : null;
    }
}
