using CausalStore.Protocol;

namespace CausalStore.Replication;

// What peers lack, and who sends it.
//
// Every link reads the log with three cursors: this server's own writes go out at once; those of others only
// when the peer has lacked them for --relay-after and their origin is not getting through; those of forgotten
// servers at once again. What the peer is known to have is passed over. Where the log does not reach back to
// what it lacks, it gets a copy of the state. A link takes no more than its window; the log is the queue.
internal sealed class Sending(ReplicaState state, Settlement settlement)
{
    /// <summary>Bytes that are made ahead of a connection.</summary>
    private const int WindowBytes = 1 << 20;

    /// <summary>Bytes that may be held back on a delayed link.</summary>
    private const int HeldBytesMax = 64 << 20;

    /// <summary>Those of whom it is remembered that they lack a copy; beyond that all are
    /// forgotten.</summary>
    private const int PeersRemembered = 1000;

    private static readonly TimeSpan CopyPause = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan CopyAgainAfter = TimeSpan.FromSeconds(10);

    private readonly KeptCopies<LeavingCopy> _copies =
        new(state, underWay: link => link.Sending.Copy, end: copy => copy.End());

    private readonly HashSet<ServerId> _served = [];
    private readonly Dictionary<(ServerId Id, string Instance), TimeSpan> _lacksCopySince = [];

    /// <summary>When a relay or a copy is due, or a held line is let go.</summary>
    public TimeSpan NextDue { get; private set; } = TimeSpan.MaxValue;

    /// <summary>Hands every link what it has room for.</summary>
    public void Flush()
    {
        NextDue = TimeSpan.MaxValue;
        _served.Clear();

        // The newest connection first: it has shown last that it works.
        for (int index = state.Links.Count - 1; index >= 0; index--)
        {
            var link = state.Links[index];

            if (link.IsClosing || link.Peer is not { } peer)
            {
                continue;
            }

            state.Faults.Release(link);

            // One connection to a peer is enough for writes; if it breaks, the next one takes over.
            if (link.IsReplicating && state.Members.HasJoined && _served.Add(peer.Id)
                && state.Others.Find(peer.Id, peer.Instance) is { } applied)
            {
                Fill(link, applied);
            }

            state.Faults.Release(link);

            if (state.Faults.NextRelease(link) is { } release)
            {
                Due(release);
            }
        }
    }

    /// <summary>Writes of this server's log that connected members are not known to have.</summary>
    public long Undelivered()
    {
        long count = 0;

        for (long position = state.Log.First; position < state.Log.End; position++)
        {
            var version = state.Log[position].Version;

            if (!state.Others.EveryoneHas(version) && state.Replicating.Any(link => Lacks(link, version)))
            {
                count++;
            }
        }

        return count;
    }

    private bool Lacks(Link link, WriteVersion version) =>
        state.Others.Find(link.Peer!.Id, link.Peer.Instance) is { } applied && !applied.Contains(version);

    private void Due(TimeSpan time) => NextDue = time < NextDue ? time : NextDue;

    /// <summary>Whether a link takes more: the other server reads what it is sent.</summary>
    public static bool HasRoom(Link link) =>
        link.Output.Length < WindowBytes && link.Sending.HeldBytes < HeldBytesMax;

    private void Fill(Link link, PeerApplied applied)
    {
        var sending = link.Sending;
        ConsiderCopy(link, sending, applied);

        // The copy first: what the log has would only wait for it in the peer's delay queue.
        while (sending.Copy is { IsWanted: true } copy && HasRoom(link))
        {
            if (!copy.SendNext(link))
            {
                sending.Copy = null;
            }
        }

        if (sending.Copy is null)
        {
            SendAtOnce(link, sending, applied);
            Relay(link, sending, applied);
        }
    }

    /// <summary>This server's own writes and those of forgotten servers, in the one order in which they were
    /// applied here: so causes come before effects, and a small delay queue at the other end is no
    /// obstacle.</summary>
    private void SendAtOnce(Link link, LinkSending sending, PeerApplied applied)
    {
        sending.OwnNext = Math.Max(sending.OwnNext, state.Log.First);
        sending.ForgottenNext = state.Members.ForgottenSet.IsEmpty
            ? sending.OwnNext
            : Math.Max(sending.ForgottenNext, state.Log.First);

        while (Math.Min(sending.OwnNext, sending.ForgottenNext) is var next
            && next < state.Log.End && HasRoom(link))
        {
            var version = state.Log[next].Version;
            bool isOwn = next == sending.OwnNext && version.Origin == state.Id;
            bool isForgotten = next == sending.ForgottenNext && state.Members.IsForgotten(version.Origin);

            if (!applied.Contains(version)
                && (isOwn || (isForgotten && sending.ForgottenSent.Add(version))))
            {
                Send(link, version, state.Log.LineAt(next));
            }

            sending.OwnNext = Math.Max(sending.OwnNext, next + 1);
            sending.ForgottenNext = Math.Max(sending.ForgottenNext, next + 1);
        }

        if (sending.OwesDelayedOfForgotten)
        {
            sending.OwesDelayedOfForgotten = false;

            foreach (var delayed in settlement.DelayedOfForgotten())
            {
                if (sending.ForgottenSent.Add(delayed.Write.Version))
                {
                    Send(link, delayed.Write.Version, delayed.Write.Line);
                }
            }
        }
    }

    private void Send(Link link, WriteVersion version, ReadOnlySpan<byte> line)
    {
        if (state.Effects.Tracing)
        {
            state.Effects.Notices.Add(
                new Notice.WriteSent(version, link.Peer!.Id, state.Faults.Holds(link)));
        }

        state.Work.Sent++;
        link.SendWrite(line);
    }

    private void Relay(Link link, LinkSending sending, PeerApplied applied)
    {
        sending.RelayNext = Math.Max(sending.RelayNext, state.Log.First);

        while (sending.RelayNext < state.Log.End && HasRoom(link))
        {
            var entry = state.Log[sending.RelayNext];

            if (IsForRelay(link, entry.Version) && !applied.Contains(entry.Version))
            {
                if (DueAt(link, applied, entry) is var due && due > state.Now)
                {
                    Due(due);
                    return;
                }

                Send(link, entry.Version, state.Log.LineAt(sending.RelayNext));
            }

            sending.RelayNext++;
        }
    }

    /// <summary>When this server relays a write to a peer that lacks it, if nothing changes; null: it does
    /// not, or its log no longer knows.</summary>
    public TimeSpan? RelayDue(Link link, WriteVersion version) =>
        IsForRelay(link, version) && state.Log.Find(version) is { } position
            && state.Others.Find(link.Peer!.Id, link.Peer.Instance) is { } applied
            ? DueAt(link, applied, state.Log[position])
            : null;

    private bool IsForRelay(Link link, WriteVersion version) =>
        state.Options.RelayAfter > TimeSpan.Zero
        && version.Origin != state.Id && version.Origin != link.Peer!.Id && !state.Members.IsForgotten(
            version.Origin);

    /// <summary>A peer may lack a write for a while: counted from when this server had it, the two were
    /// connected, and the origin was last seen to get through.</summary>
    private TimeSpan DueAt(Link link, PeerApplied applied, WriteLog.Entry entry)
    {
        var progress = applied.ProgressAt(entry.Version.Origin);
        var since = entry.AppliedAt > link.Since ? entry.AppliedAt : link.Since;
        return (since > progress ? since : progress) + state.Options.RelayAfter;
    }

    /// <summary>A peer that lacks what the log no longer has gets a copy of the state: from the origin, or
    /// from the member with the smallest id; the others wait whether it helps.</summary>
    private void ConsiderCopy(Link link, LinkSending sending, PeerApplied applied)
    {
        if (sending.Copy is not null)
        {
            return;
        }

        if (!LacksWhatWasDropped(link, applied))
        {
            if (_lacksCopySince.Count > 0)
            {
                _lacksCopySince.Remove(PeerOf(link));
            }

            _copies.End(link);
            return;
        }

        BeginCopyIfDue(link, sending, applied);
    }

    private void BeginCopyIfDue(Link link, LinkSending sending, PeerApplied applied)
    {
        var lacking = state.Log.Dropped.Where(dropped =>
            dropped.Key != link.Peer!.Id && Lacks(applied, dropped.Key, dropped.Value)).ToList();
        bool isOurs = lacking.Exists(
            dropped => dropped.Key == state.Id || state.Members.IsForgotten(dropped.Key));

        if (!isOurs && state.Options.RelayAfter == TimeSpan.Zero)
        {
            return;
        }

        var progress = lacking.Max(dropped => applied.ProgressAt(dropped.Key));
        var lacksSince = LacksCopySince(link);
        var since = (lacksSince > progress ? lacksSince : progress)
            + (Rank(link) * CopyPause) + (isOurs ? TimeSpan.Zero : state.Options.RelayAfter);
        var again = (sending.CopiedAt + CopyAgainAfter) ?? since;
        var due = again > since ? again : since;

        if (due > state.Now)
        {
            Due(due);
            return;
        }

        BeginCopy(link);
        sending.CopiedAt = state.Now;
    }

    /// <summary>Begins a copy, or the one again that another connection has not brought to its end.</summary>
    private void BeginCopy(Link link)
    {
        var copy = _copies.Find(link);

        if (copy is not { IsCurrent: true })
        {
            copy = new LeavingCopy(state);
            _copies.Begin(link, copy);
        }

        foreach (var other in state.Links.Where(other => other.Sending.Copy == copy))
        {
            other.Sending.Copy = null;
            other.Sending.CopiedAt = null;
        }

        copy.Offer(link);
        link.Sending.Copy = copy;
        state.Tell($"{link} lacks more than the log has: sending a copy of {copy.Count} keys");
    }

    /// <summary>Another server says what it has already of the copy that is offered to it.</summary>
    public static void GoOnAfter(Link link, ReadOnlySpan<byte> key) => link.Sending.Copy?.GoOnAfter(key);

    /// <summary>Copies with which no connection goes on any more take no more memory.</summary>
    public void EndUnusedCopies() => _copies.EndUnused();

    /// <summary>The state begins anew.</summary>
    public void EndCopies()
    {
        foreach (var link in state.Links)
        {
            link.Sending.Copy = null;
        }

        _copies.Clear();
    }

    // A loop, for every turn asks, and nearly always in vain.
    private bool LacksWhatWasDropped(Link link, PeerApplied applied)
    {
        foreach (var (origin, dropped) in state.Log.Dropped)
        {
            if (origin != link.Peer!.Id && Lacks(applied, origin, dropped))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Since when a peer lacks what only a copy brings, across its connections: a full delay queue
    /// closes them, and only the copy empties it.</summary>
    private TimeSpan LacksCopySince(Link link)
    {
        if (_lacksCopySince.Count >= PeersRemembered)
        {
            _lacksCopySince.Clear();
        }

        _lacksCopySince.TryAdd(PeerOf(link), link.Since);
        return _lacksCopySince[PeerOf(link)];
    }

    private static (ServerId Id, string Instance) PeerOf(Link link) => (link.Peer!.Id, link.Peer.Instance);

    /// <summary>Whether a peer lacks something up to the last dropped write of an origin. What this server
    /// lacks as well is no reason for a copy.</summary>
    private bool Lacks(PeerApplied applied, ServerId origin, long dropped) =>
        applied.Watermark(origin) < Math.Min(dropped, state.Applied.Watermark(origin))
        || !applied.Contains(new WriteVersion(dropped, origin));

    /// <summary>How many of the members before this one could send the copy instead.</summary>
    private int Rank(Link link) => state.Members.All.Count(member =>
        member.Id != link.Peer!.Id && member.Id.CompareTo(state.Id) < 0);
}
