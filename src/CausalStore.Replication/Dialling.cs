using CausalStore.Protocol;

namespace CausalStore.Replication;

/// <summary>
/// Where this server connects to, and when it tries again. Without a name it dials every address it has heard
/// of; with one, the addresses it was given and the members to which no connection stands.
/// </summary>
internal sealed class Dialling(ReplicaState state)
{
    /// <summary>Addresses taken from one server without a name, and of such servers that come by themselves:
    /// a few for each member that a cluster can have.</summary>
    public const int AddressesMax = 4 * Membership.CountMax;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    /// <summary>Addresses of nameless servers that were met: waited for although their connection is
    /// gone.</summary>
    private readonly HashSet<ServerAddress> _met = [];
    private readonly HashSet<ServerAddress> _own = [];
    private readonly Dictionary<ServerAddress, Attempt> _attempts = [];

    public sealed class Attempt
    {
        public TimeSpan Next { get; set; }

        public TimeSpan Pause { get; set; } = FirstPause;

        public bool IsUnderWay { get; set; }

        /// <summary>Why the last one failed; null: it did not.</summary>
        public string? Failure { get; set; }
    }

    /// <summary>Addresses of nameless servers that were met.</summary>
    public IReadOnlyCollection<ServerAddress> Met => _met;

    /// <summary>When the next attempt is due.</summary>
    public TimeSpan NextDue { get; private set; } = TimeSpan.MaxValue;

    public bool IsOwn(ServerAddress address) => _own.Contains(address);

    public Attempt? Find(ServerAddress address) => _attempts.GetValueOrDefault(address);

    /// <summary>An address turned out to be this server's own.</summary>
    public void FoundSelf(ServerAddress address) => _own.Add(address);

    /// <summary>Whether one more nameless server is more than any cluster has.</summary>
    public bool IsTooMuch(ServerAddress address) =>
        address.Listens && _met.Count >= AddressesMax && !_met.Contains(address);

    /// <summary>A nameless server was met; true: nothing was known of it.</summary>
    public bool Meet(ServerAddress address) =>
        address.Listens && !_own.Contains(address) && _met.Add(address);

    /// <summary>A connection to the address stands.</summary>
    public void Connected(ServerAddress address) => AttemptAt(address).IsUnderWay = false;

    /// <summary>Both have said hello: the next failure is a new one.</summary>
    public void Greeted(ServerAddress address)
    {
        var attempt = AttemptAt(address);
        attempt.Pause = FirstPause;
        attempt.Failure = null;
    }

    /// <summary>It could not be reached, or the connection has ended; true: that is news.</summary>
    public bool Failed(ServerAddress address, string reason)
    {
        var attempt = AttemptAt(address);
        bool isNews = attempt.Failure is null;
        attempt.IsUnderWay = false;
        attempt.Failure = reason;
        attempt.Next = state.Now + attempt.Pause;
        attempt.Pause = attempt.Pause * 2 < LongestPause ? attempt.Pause * 2 : LongestPause;
        return isNews;
    }

    /// <summary>Whoever gets a name greets anew, and at once.</summary>
    public void Restart()
    {
        foreach (var attempt in _attempts.Values)
        {
            attempt.Next = state.Now;
            attempt.Pause = FirstPause;
        }
    }

    /// <summary>Asks for the connections that are wanted and due. It is called in every turn, and nearly
    /// always all of them stand: so it looks without making anything.</summary>
    public void DialWhatIsDue()
    {
        NextDue = TimeSpan.MaxValue;

        if (state.Members.Cluster is null)
        {
            foreach (var address in WaitedForWithoutName())
            {
                DialUnless(IsDialled(address), address);
            }
        }
        else
        {
            DialWithName();
        }
    }

    /// <summary>The addresses that a nameless server waits for: everybody behind them must be met.</summary>
    public IEnumerable<ServerAddress> WaitedForWithoutName() => state.Options.Peers
        .Concat(_met)
        .Concat(state.Links.Where(link => !link.IsClosing).SelectMany(link => link.Heard.Peers))
        .Where(address => address.Listens && !_own.Contains(address))
        .Distinct();

    private void DialWithName()
    {
        foreach (var address in state.Options.Peers)
        {
            DialUnless(IsConnected(address), address);
        }

        if (!state.Members.HasJoined && state.Members.NamedBy is { } namedBy)
        {
            DialUnless(IsConnected(namedBy), namedBy);
        }

        if (state.Options.Port == 0)
        {
            // Nobody can dial this server: those it met must be met again.
            foreach (var address in _met)
            {
                DialUnless(IsConnected(address), address);
            }
        }

        for (int index = 0; index < state.Members.All.Count; index++)
        {
            var member = state.Members.All[index];
            DialUnless(IsDialled(member.Address) || IsGreeted(member.Id), member.Address);
        }
    }

    private void DialUnless(bool isThere, ServerAddress address)
    {
        if (isThere || !address.Listens || _own.Contains(address))
        {
            return;
        }

        var attempt = AttemptAt(address);

        if (attempt.IsUnderWay)
        {
            return;
        }

        if (attempt.Next <= state.Now)
        {
            attempt.IsUnderWay = true;
            state.Effects.Dials.Add(address);
        }
        else if (attempt.Next < NextDue)
        {
            NextDue = attempt.Next;
        }
    }

    private bool IsConnected(ServerAddress address)
    {
        foreach (var link in state.Links)
        {
            if (link.Dialled == address || (ReplicaState.IsGreeted(link) && link.PeerAddress == address))
            {
                return true;
            }
        }

        return false;
    }

    private bool IsDialled(ServerAddress address)
    {
        foreach (var link in state.Links)
        {
            if (link.Dialled == address)
            {
                return true;
            }
        }

        return false;
    }

    private bool IsGreeted(ServerId id)
    {
        foreach (var link in state.Links)
        {
            if (ReplicaState.IsGreeted(link) && link.Peer!.Id == id)
            {
                return true;
            }
        }

        return false;
    }

    private Attempt AttemptAt(ServerAddress address)
    {
        if (!_attempts.TryGetValue(address, out var attempt))
        {
            _attempts.Add(address, attempt = new Attempt());
        }

        return attempt;
    }
}
