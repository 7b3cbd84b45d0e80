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
        Delays = new DelayQueue(Index, options.DelayQueueBytesMax);
        Log = new WriteLog(options.RetainBytesMax, options.RecentBytesMax);
    }

    public ReplicaOptions Options { get; }

    public Effects Effects { get; }

    /// <summary>The time of this turn, as the owner of the replica said.</summary>
    public TimeSpan Now { get; set; }

    public LamportClock Clock { get; } = new();

    public VersionedStore Store { get; } = new();

    public AppliedSet Applied { get; } = new();

    /// <summary>What the other members, and those who join, are known to have applied.</summary>
    public KnownApplied Others { get; } = new();

    /// <summary>Delayed writes and waiting sessions, by what they miss.</summary>
    public NeedIndex Index { get; }

    public DelayQueue Delays { get; }

    public WriteLog Log { get; }

    public Membership Members { get; } = new();

    public List<Link> Links { get; } = [];

    public HashSet<Session> Sessions { get; } = [];

    public Watchers Watchers { get; } = new();

    public LinkFaults Faults { get; } = new();

    public LostWrites Lost { get; } = new();

    /// <summary>Whether there is anything that a joiner would have to throw away.</summary>
    public bool HasTakenAnything => Delays.Count > 0 || !Applied.IsEmpty;

    /// <summary>Set when what is applied has changed since the last <c>have</c>.</summary>
    public bool HaveIsNews { get; set; }

    public OutputBuffer Scratch { get; } = new();

    public ServerId Id => Options.Id;

    /// <summary>The links on which both have said hello.</summary>
    public IEnumerable<Link> Greeted => Links.Where(link => link is { Peer: not null, HasGreeted: true, IsClosing: false });

    /// <summary>The links over which writes may pass.</summary>
    public IEnumerable<Link> Replicating => Links.Where(link => link is { IsReplicating: true, IsClosing: false });

    public void Journal(ReadOnlySpan<byte> line)
    {
        if (Effects.Journaling)
        {
            Effects.ToJournal.Append(line);
        }
    }

    public void Journal(PeerMessage message)
    {
        if (Effects.Journaling)
        {
            PeerMessageCodec.Append(message, Effects.ToJournal);
        }
    }

    public void Tell(string text, bool isWarning = false) =>
        Effects.Notices.Add(new Notice.Cluster(text, isWarning));
}
