using CausalStore.Protocol;

namespace CausalStore.Replication;

/// <summary>A server that belongs to the cluster, by its id and the INSTANCE of its data.</summary>
/// <param name="Address">Where it listens, as far as anybody has said.</param>
/// <param name="OtherInstance">Another INSTANCE under which its id was recorded elsewhere: the id belongs to
/// neither.</param>
internal sealed record Member(
    ServerId Id, string Instance, ServerAddress Address, string? OtherInstance = null);

/// <summary>
/// Who is who, as this server has recorded it: the cluster's name, its members but for this server itself,
/// the forgotten ones, and whether this server has joined. All of it is journaled.
/// </summary>
internal sealed class Membership
{
    /// <summary>Members of a cluster, at most, this server among them.</summary>
    public const int CountMax = 64;

    private readonly SortedDictionary<ServerId, Member> _members = [];
    private readonly SortedSet<ServerId> _forgotten = [];
    private readonly Dictionary<ServerId, TimeSpan> _goneSince = [];

    /// <summary>The cluster's name; null while this server has none.</summary>
    public string? Cluster { get; set; }

    /// <summary>Whether this server has joined: the mark that is set last.</summary>
    public bool HasJoined { get; set; }

    /// <summary>Where the one listens whose name this server took.</summary>
    public ServerAddress? NamedBy { get; set; }

    /// <summary>INSTANCEs whose <c>join</c> was answered while neither had a name: one of them may
    /// found.</summary>
    public HashSet<string> AnsweredJoins { get; } = [];

    /// <summary>In the order of their ids.</summary>
    public IReadOnlyList<Member> All { get; private set; } = [];

    public IReadOnlyCollection<ServerId> Forgotten => _forgotten;

    public IdSet ForgottenSet { get; private set; } = IdSet.Empty;

    public Member? Find(ServerId id) => _members.GetValueOrDefault(id);

    public bool Has(ServerId id, string instance) => Find(id) is { } member && member.Instance == instance;

    public bool IsForgotten(ServerId id) => _forgotten.Contains(id);

    /// <summary>Whether its writes are taken: it is a member, or was one.</summary>
    public bool KnowsOrigin(ServerId id) => _members.ContainsKey(id) || _forgotten.Contains(id);

    /// <summary>Since when a member that was connected is not; null: it has not been.</summary>
    public TimeSpan? GoneSince(ServerId id) => _goneSince.TryGetValue(id, out var since) ? since : null;

    /// <summary>The last connection to a server has ended; nothing is kept of who is no member.</summary>
    public void NoteGone(ServerId id, TimeSpan now)
    {
        if (_members.ContainsKey(id))
        {
            _goneSince[id] = now;
        }
    }

    public void Record(Member member)
    {
        _members[member.Id] = member;
        All = [.. _members.Values];
    }

    public void Forget(ServerId id)
    {
        _members.Remove(id);
        _goneSince.Remove(id);
        All = [.. _members.Values];
        _forgotten.Add(id);
        ForgottenSet = IdSet.Of(_forgotten);
    }

    /// <summary>Whether a server names the very members and forgotten ones that are recorded here, the two
    /// themselves aside.</summary>
    /// <param name="mayBeUnnamed">Those who wait themselves: they are recorded here at their <c>join</c>,
    /// which may not have come to the others.</param>
    public bool Agrees(HeardOnLink heard, ServerId self, Func<Member, bool> mayBeUnnamed) =>
        heard.Forgotten.SetEquals(_forgotten)
        && heard.Members.All(named => named.Key == self || Has(named.Key, named.Value))
        && _members.Values.All(member => heard.Members.ContainsKey(member.Id) || mayBeUnnamed(member));

    /// <summary>An id that nobody has used, for advice.</summary>
    public int UnusedId(ServerId self)
    {
        HashSet<int> used = [self.Value, .. _members.Keys.Concat(_forgotten).Select(id => (int)id.Value)];
        int next = used.Max() + 1;
        return next <= ushort.MaxValue
            ? next
            : Enumerable.Range(1, ushort.MaxValue).First(id => !used.Contains(id));
    }
}
