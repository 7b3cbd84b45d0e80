using CausalStore.Protocol;

namespace CausalStore.Replication;

// Deletes that are remembered.
//
// A tombstone goes once every member has applied it, and everything that those members had written before
// that is applied here: an older, concurrent write of the same key, sent before its writer saw the delete,
// must still find it. What is left of forgotten servers must be here as well. They go in the order in which
// they came.
internal sealed class Tombstones(ReplicaState state)
{
    private Queue<Tombstone> _kept = [];
    private int _keptMax = 1000;
    private Batch? _ripe;

    private readonly record struct Tombstone(byte[] Key, WriteVersion Version);

    private sealed record Batch(List<Tombstone> Tombstones, List<WriteVersion> WrittenBefore);

    public void Add(ReadOnlySpan<byte> key, WriteVersion version)
    {
        _kept.Enqueue(new Tombstone(key.ToArray(), version));

        if (_kept.Count > _keptMax)
        {
            // A key that is written and deleted again and again has one tombstone, the last.
            _kept = new(_kept.Where(IsCurrent));
            _keptMax = Math.Max(1000, 2 * _kept.Count);
        }
    }

    /// <summary>Lets go what nobody needs any more.</summary>
    /// <param name="settled">Whether all that is left of forgotten servers is applied here.</param>
    public void Sweep(bool settled)
    {
        if (_ripe is null)
        {
            Ripen();
        }

        if (_ripe is { } ripe && settled && ripe.WrittenBefore.TrueForAll(IsHereOrSettled))
        {
            foreach (var tombstone in ripe.Tombstones)
            {
                if (IsCurrent(tombstone))
                {
                    state.Store.Remove(tombstone.Key);
                }
            }

            _ripe = null;
        }
    }

    public void Clear()
    {
        _kept.Clear();
        _ripe = null;
    }

    /// <summary>Of one that was forgotten since, what it wrote last may be lost.</summary>
    private bool IsHereOrSettled(WriteVersion written) =>
        state.Members.IsForgotten(written.Origin) || state.Applied.ContainsUpTo(written);

    private bool IsCurrent(Tombstone tombstone) =>
        state.Store.Find(tombstone.Key) is { Exists: true } now && now.Version == tombstone.Version;

    private void Ripen()
    {
        List<Tombstone> ripe = [];

        while (_kept.TryPeek(out var oldest) && state.Others.EveryoneHas(oldest.Version))
        {
            ripe.Add(_kept.Dequeue());
        }

        if (ripe.Count > 0)
        {
            // What each member had written when it said that it has them; of its own writes a have tells all.
            _ripe = new Batch(ripe, [.. state.Others.Written()]);
        }
    }
}
