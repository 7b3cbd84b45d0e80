using CausalStore.Protocol;

namespace CausalStore.Replication;

/// <summary>What one server knows, in one place; the classes beside it are what it does.</summary>
internal sealed class ReplicaState
{
    public ReplicaState(ReplicaOptions options, Effects effects)
    {
        Options = options;
        Effects = effects;
        Index = new NeedIndex(Applied);
        Store = new VersionedStore(effects.Journaling);
        Delays = new DelayQueue(Index, options.DelayQueueBytesMax, effects.Journaling);
        Log = new WriteLog(options.RetainBytesMax, options.RecentBytesMax);
        Overwrites = new Overwrites(this);
        Unread = new UnreadPushes(Sessions, options.UnreadBytesMax);
    }

    public ReplicaOptions Options { get; }

    public Effects Effects { get; }

    /// <summary>The time of this turn, as the owner of the replica said.</summary>
    public TimeSpan Now { get; set; }

    public LamportClock Clock { get; } = new();

    public VersionedStore Store { get; }

    public AppliedSet Applied { get; } = new();

    /// <summary>What the other members, and those who join, are known to have applied.</summary>
    public KnownApplied Others { get; } = new();

    /// <summary>Delayed writes and waiting sessions, by what they miss.</summary>
    public NeedIndex Index { get; }

    public DelayQueue Delays { get; }

    public WriteLog Log { get; }

    /// <summary>Who has overwritten what unseen.</summary>
    public Overwrites Overwrites { get; }

    public Membership Members { get; } = new();

    public List<Link> Links { get; } = [];

    public HashSet<Session> Sessions { get; } = [];

    public Watchers Watchers { get; } = new();

    /// <summary>What was pushed and not taken.</summary>
    public UnreadPushes Unread { get; }

    public LinkFaults Faults { get; } = new();

    public LostWrites Lost { get; } = new();

    public NeedsCount Needs { get; } = new();

    public WorkCount Work { get; } = new();

    /// <summary>Whether there is anything that a joiner would have to throw away.</summary>
    public bool HasTakenAnything => Delays.Count > 0 || !Applied.IsEmpty;

    /// <summary>While what was saved and journaled is taken in again: it is not journaled once more, and
    /// nobody is told.</summary>
    public bool IsRecovering { get; set; }

    /// <summary>Whether this server began with data of its own.</summary>
    public bool HasRecovered { get; set; }

    /// <summary>Whether everything that was saved before is gone.</summary>
    public bool IsAnew { get; set; }

    /// <summary>Whether there is no room to keep anything more: nothing is written or taken in.</summary>
    public bool IsFull { get; set; }

    public bool IsNarrating => (Effects.Narrating || Effects.Tracing) && !IsRecovering;

    /// <summary>Set when what is applied has changed since the last <c>have</c>.</summary>
    public bool HaveIsNews { get; set; }

    /// <summary>The position in the log up to which others may know that this server has it.</summary>
    public long ToldUpTo { get; private set; }

    public OutputBuffer Scratch { get; } = new();

    public ServerId Id => Options.Id;

    /// <summary>The links on which both have said hello.</summary>
    public IEnumerable<Link> Greeted => Links.Where(IsGreeted);

    /// <summary>The links over which writes may pass.</summary>
    public IEnumerable<Link> Replicating =>
        Links.Where(link => link is { IsReplicating: true, IsClosing: false });

    /// <summary>What is applied here, to be told.</summary>
    public PeerMessage.Have TellApplied()
    {
        ToldUpTo = Log.End;
        return new PeerMessage.Have(Applied.ToContext());
    }

    public static bool IsGreeted(Link link) =>
        link is { Peer: not null, HasGreeted: true, IsClosing: false };

    public void Journal(ReadOnlySpan<byte> line)
    {
        if (IsJournaling)
        {
            Effects.ToJournal.Append(line);
        }
    }

    public void Journal(PeerMessage message)
    {
        if (IsJournaling)
        {
            PeerMessageCodec.Append(message, Effects.ToJournal);
        }
    }

    /// <summary>Journals a key of a copied state.</summary>
    public void JournalCopied(Stored stored)
    {
        if (IsJournaling)
        {
            PeerMessageCodec.AppendCopied(
                stored.Version, stored.Key, stored.Value, stored.IsTombstone, Effects.ToJournal);
        }
    }

    /// <summary>Journals the cluster's name, and who told it.</summary>
    public void JournalCluster()
    {
        if (IsJournaling)
        {
            Recovery.AppendCluster(Members, Effects.ToJournal);
        }
    }

    public void Tell(string text, bool isWarning = false)
    {
        if (!IsRecovering)
        {
            Effects.Notices.Add(new Notice.Cluster(text, isWarning));
        }
    }

    /// <exception cref="ProtocolException">There is no room to keep a change.</exception>
    public void DemandRoom()
    {
        if (IsFull)
        {
            throw new ProtocolException(
                ErrorCode.Unavailable,
                $"server {Id} has no room left on its disk: nothing was written. Reads go on; make room"
                + (Options.DataDirectory is { } directory ? $" for {directory}" : "") + " and write again");
        }
    }

    private bool IsJournaling => Effects.Journaling && !IsRecovering;
}
