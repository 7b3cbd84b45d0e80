using CausalStore.Protocol;

namespace CausalStore.Replication;

// Copies of a state that are under way, one for each other server; used at both ends.
//
// A connection that breaks in the middle of a copy leaves it here, and the next one goes on with it: the
// sender offers the same copy again, and who has a part of it already says behind which key to go on. Both
// know a copy by what is applied in it. A state follows from that, so nothing is put together that does not
// belong together, whatever has happened in between.
internal sealed class KeptCopies<TCopy>(ReplicaState state, Func<Link, TCopy?> underWay, Action<TCopy> end)
    where TCopy : class
{
    private static readonly TimeSpan KeptFor = TimeSpan.FromMinutes(1);

    private readonly Dictionary<(ServerId Id, string Instance), Kept> _kept = [];

    private readonly record struct Kept(TCopy Copy, TimeSpan UsedAt);

    public IEnumerable<TCopy> All => _kept.Values.Select(kept => kept.Copy);

    /// <summary>The copy that was begun last with the server behind a connection.</summary>
    public TCopy? Find(Link link) => _kept.GetValueOrDefault(PeerOf(link)).Copy;

    /// <summary>One begins, in the place of the one before.</summary>
    public void Begin(Link link, TCopy copy)
    {
        End(link);

        if (_kept.Count >= Membership.CountMax)
        {
            EndUnused(TimeSpan.Zero);
        }

        _kept.Add(PeerOf(link), new Kept(copy, state.Now));
    }

    /// <summary>The copy for, or from, the server behind a connection is needed no more.</summary>
    public void End(Link link)
    {
        // Every turn asks, and nearly always there is none.
        if (_kept.Count > 0 && _kept.Remove(PeerOf(link), out var kept))
        {
            end(kept.Copy);
        }
    }

    /// <summary>Ends those that no connection has gone on with for a while.</summary>
    public void EndUnused() => EndUnused(KeptFor);

    public void Clear()
    {
        foreach (var copy in All)
        {
            end(copy);
        }

        _kept.Clear();
    }

    private void EndUnused(TimeSpan keptFor)
    {
        var used = state.Links.Select(underWay).ToHashSet();

        foreach (var (peer, kept) in _kept.ToList())
        {
            if (used.Contains(kept.Copy))
            {
                _kept[peer] = kept with { UsedAt = state.Now };
            }
            else if (state.Now - kept.UsedAt >= keptFor)
            {
                _kept.Remove(peer);
                end(kept.Copy);
            }
        }
    }

    private static (ServerId Id, string Instance) PeerOf(Link link) => (link.Peer!.Id, link.Peer.Instance);
}
