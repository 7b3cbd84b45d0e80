using CausalStore.Protocol;

namespace CausalStore.Replication;

/// <summary>A change of a visible value.</summary>
internal readonly ref struct Change(
    ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, bool isRemoval, WriteVersion version)
{
    public ReadOnlySpan<byte> Key { get; } = key;

    public ReadOnlySpan<byte> Value { get; } = value;

    public bool IsRemoval { get; } = isRemoval;

    public WriteVersion Version { get; } = version;

    public static Change To(Stored stored) =>
        new(stored.Key, stored.Value, stored.IsTombstone, stored.Version);
}

/// <summary>
/// Which session wants to hear about which prefix. A change looks up its key's prefixes of the lengths that
/// are watched, so a write that nobody watches costs nothing.
/// </summary>
internal sealed class Watchers
{
    private readonly Dictionary<byte[], List<Session>> _byPrefix = new(ByteKeys.Comparer);
    private readonly SortedDictionary<int, int> _prefixesByLength = [];
    private long _changes;

    /// <summary>Whether anybody watches anything.</summary>
    public bool Any => _byPrefix.Count > 0;

    public void Add(Session session, byte[] prefix)
    {
        if (!session.Prefixes.Add(prefix))
        {
            return;
        }

        if (!_byPrefix.TryGetValue(prefix, out var sessions))
        {
            _byPrefix.Add(prefix, sessions = []);
            _prefixesByLength[prefix.Length] = _prefixesByLength.GetValueOrDefault(prefix.Length) + 1;
        }

        sessions.Add(session);
    }

    public void Remove(Session session, byte[] prefix)
    {
        if (!session.Prefixes.Remove(prefix))
        {
            return;
        }

        var sessions = _byPrefix[prefix];
        sessions.Remove(session);

        if (sessions.Count == 0)
        {
            _byPrefix.Remove(prefix);

            if (--_prefixesByLength[prefix.Length] == 0)
            {
                _prefixesByLength.Remove(prefix.Length);
            }
        }
    }

    public void RemoveAll(Session session)
    {
        foreach (byte[] prefix in session.Prefixes.ToList())
        {
            Remove(session, prefix);
        }
    }

    /// <summary>Pushes a change of a visible value. What is pushed counts as read.</summary>
    public void Push(Change change, bool countsAsRead)
    {
        if (_byPrefix.Count == 0)
        {
            return;
        }

        _changes++;
        var key = change.Key;
        var lookup = _byPrefix.GetAlternateLookup<ReadOnlySpan<byte>>();

        foreach (int length in _prefixesByLength.Keys)
        {
            if (length > key.Length)
            {
                break;
            }

            if (lookup.TryGetValue(key[..length], out var sessions))
            {
                foreach (var session in sessions)
                {
                    PushTo(session, change, countsAsRead);
                }
            }
        }
    }

    private void PushTo(Session session, Change change, bool countsAsRead)
    {
        if (session.LastPush == _changes || session.IsClosing)
        {
            return;
        }

        session.LastPush = _changes;

        try
        {
            if (countsAsRead)
            {
                session.Seen.Add(change.Version);
            }
        }
        catch (ProtocolException cutOff)
        {
            session.CutOff(cutOff.Code, cutOff.Message);
            return;
        }

        session.BeginPush();

        if (change.IsRemoval)
        {
            ResponseWriter.Removed(session.Output, change.Key, change.Version);
        }
        else
        {
            ResponseWriter.Update(session.Output, change.Key, change.Value, change.Version);
        }

        session.EndPush();
        session.TracePush(change.Key, change.Version);
    }
}
