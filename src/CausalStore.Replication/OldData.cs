using CausalStore.Protocol;

namespace CausalStore.Replication;

/// <summary>A server that runs on an old copy of its data lacks writes of its own that others have: that is
/// how it is found out.</summary>
internal sealed class OldData(ReplicaState state)
{
    /// <summary>Whatever another server has of this one's writes must be here.</summary>
    public void Demand(Link link, Context have)
    {
        foreach (var version in have.UpTo)
        {
            Demand(link, version);
        }

        foreach (var version in have.Exact)
        {
            Demand(link, version);
        }
    }

    /// <summary>A member names a write: if it is this server's own, it must be here. So does one that is not
    /// known here, if it has joined this cluster.</summary>
    public void Demand(Link link, WriteVersion version)
    {
        if (version.Origin == state.Id && state.Applied.Watermark(state.Id) < version.Timestamp
            && (state.Members.Find(link.Peer!.Id) is not null || link.IsRefused))
        {
            state.Effects.Exit ??= Advice.OldData(state.Options, version, UnusedId(link));
        }
    }

    /// <summary>Writes of the other's that only stand in the delay queue are in nobody's <c>have</c>: one
    /// that runs on old data must hear of them all the same.</summary>
    public void Show(Link link, Context have)
    {
        var own = state.Delays.All.Select(delayed => delayed.Write)
            .Where(write => write.Version.Origin == link.Peer!.Id).ToList();

        if (own.Count > 0 && own.MaxBy(write => write.Version) is { } last && !Names(have, last.Version))
        {
            link.SendWrite(last.Line);
        }
    }

    /// <summary>An id to start with instead: as the other server said, which knows more, or as far as it is
    /// known here.</summary>
    public string UnusedId(Link link)
    {
        const string Named = " is unused";
        string said = link.Heard.Error ?? "";
        int end = said.LastIndexOf(Named, StringComparison.Ordinal);
        string? id = end < 0 ? null : said[..end].Split(' ')[^1];
        return id ?? $"{state.Members.UnusedId(state.Id)}";
    }

    private static bool Names(Context have, WriteVersion version)
    {
        foreach (var last in have.UpTo)
        {
            if (last.Origin == version.Origin && last.Timestamp >= version.Timestamp)
            {
                return true;
            }
        }

        return have.Exact.Contains(version);
    }
}
