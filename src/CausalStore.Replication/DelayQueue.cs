using System.Diagnostics.CodeAnalysis;
using CausalStore.Protocol;

namespace CausalStore.Replication;

/// <summary>A replicated write that arrived before something it depends on.</summary>
internal sealed class DelayedWrite(Write write, Link? from, ServerId sender, TimeSpan since)
    : Waiter(write.Needs)
{
    private readonly List<Link> _from = from is null ? [] : [from];

    public Write Write { get; } = write;

    public ServerId Sender { get; } = sender;

    public TimeSpan Since { get; } = since;

    /// <summary>The connections that brought it: closed if the queue must drop it, so that it is sent
    /// again.</summary>
    public IReadOnlyList<Link> From => _from;

    /// <summary>Another connection has brought it too.</summary>
    public void AlsoCameFrom(Link link)
    {
        _from.RemoveAll(other => other.IsClosing || other == link);
        _from.Add(link);
    }
}

// Replicated writes that arrived before something they depend on.
//
// A server applies a write only after everything that its writer had seen. Links keep one sender's writes in
// order but not those of different senders, so an effect can overtake its cause. It waits here, filed under
// the write that it misses, until the applied set has that; nothing that does not depend on it waits with it.
internal sealed class DelayQueue(NeedIndex index, long bytesMax, bool keepsChanges)
{
    private List<DelayChange> _changes = [];
    private readonly Dictionary<WriteVersion, DelayedWrite> _delayed = [];

    public int Count => _delayed.Count;

    public long Bytes { get; private set; }

    public bool IsOverfull => Bytes > bytesMax;

    /// <summary>All that wait, in no order.</summary>
    public IReadOnlyCollection<DelayedWrite> All => _delayed.Values;

    public bool TryFind(WriteVersion version, [NotNullWhen(true)] out DelayedWrite? delayed) =>
        _delayed.TryGetValue(version, out delayed);

    /// <summary>Keeps a write that misses something.</summary>
    public void Add(DelayedWrite delayed)
    {
        _delayed.Add(delayed.Write.Version, delayed);
        Bytes += delayed.Write.Bytes;
        index.File(delayed);
        NoteChange(delayed.Write.Version, delayed.Write);
    }

    /// <summary>A write that waits no more: it is applied, lost or dropped.</summary>
    public void Remove(DelayedWrite delayed)
    {
        index.Remove(delayed);
        _delayed.Remove(delayed.Write.Version);
        Bytes -= delayed.Write.Bytes;
        NoteChange(delayed.Write.Version, null);
    }

    /// <summary>What has changed since changes were last taken; nothing of before a
    /// <see cref="Clear"/>.</summary>
    public IReadOnlyList<DelayChange> TakeChanges()
    {
        var changes = _changes;
        _changes = [];
        return changes;
    }

    /// <summary>Drops the greatest versions until a quarter of the room is free: the work for each write
    /// stays small, and the least versions, which others are likelier to need, stay.</summary>
    /// <param name="mayGo">Whether a write will be sent again.</param>
    public IReadOnlyList<DelayedWrite> DropGreatest(Func<DelayedWrite, bool> mayGo)
    {
        List<DelayedWrite> dropped = [];
        var greatestFirst = _delayed.Values.Where(mayGo).OrderByDescending(delayed => delayed.Write.Version);

        foreach (var delayed in greatestFirst.ToList())
        {
            if (Bytes <= bytesMax - (bytesMax / 4))
            {
                break;
            }

            Remove(delayed);
            dropped.Add(delayed);
        }

        return dropped;
    }

    public void Clear()
    {
        foreach (var delayed in _delayed.Values)
        {
            index.Remove(delayed);
        }

        _delayed.Clear();
        _changes.Clear();
        Bytes = 0;
    }

    private void NoteChange(WriteVersion version, Write? write)
    {
        if (keepsChanges)
        {
            _changes.Add(new DelayChange(version, write));
        }
    }
}
