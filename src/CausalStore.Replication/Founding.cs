using CausalStore.Protocol;

namespace CausalStore.Replication;

// The beginning of a cluster, for servers that have no name yet.
//
// Nobody serves on the word of servers that have nothing themselves. So the one with the smallest id founds,
// and only when everybody behind every address that any of them knows has said `joined` to it, on connections
// that stand; and as soon as anybody has a name, nobody founds but everybody takes that name.
internal sealed class Founding(ReplicaState state, Dialling dialling)
{
    /// <summary>How long one is waited for that nobody can dial, and whose <c>join</c> was answered: it may
    /// have closed because it founds, and be on its way back with the name.</summary>
    private static readonly TimeSpan ComesBackWithin = TimeSpan.FromSeconds(1);

    /// <summary>So many addresses are named to people, and how many more there are.</summary>
    private const int SilentNamed = 10;

    private Membership Members => state.Members;

    /// <summary>Until when it founds nothing.</summary>
    public TimeSpan WaitsUntil { get; private set; } = TimeSpan.MinValue;

    /// <summary>A connection has ended.</summary>
    public void Left(Link link)
    {
        if (link is { Peer.Cluster: null, PeerAddress.Listens: false }
            && Members.AnsweredJoins.Contains(link.Peer.Instance))
        {
            WaitsUntil = state.Now + ComesBackWithin;
        }
    }

    /// <summary>Founds a cluster of its own, at the start: there are no peers, or it was told to.</summary>
    public void FoundAlone() => Found();

    /// <summary>Another server has said hello, and this one has no name.</summary>
    public void Meet(Link link, PeerMessage.Hello hello)
    {
        if (hello.Cluster is { } name)
        {
            if (link.Dialled is not null || Members.AnsweredJoins.Contains(hello.Instance))
            {
                TakeName(name, link.Dialled ?? link.PeerAddress);
            }
            else
            {
                link.Send(new PeerMessage.Have(Context.Empty));
            }

            return;
        }

        if (dialling.IsTooMuch(link.PeerAddress))
        {
            link.SendError(
                ErrorCode.Overloaded,
                $"servers at {Dialling.AddressesMax} addresses have come here to found a cluster");
            link.Close();
            return;
        }

        foreach (var address in KnownAddresses())
        {
            link.Send(new PeerMessage.Peer(address));
        }

        link.Send(new PeerMessage.Have(Context.Empty));

        if (dialling.Meet(link.PeerAddress))
        {
            TellNameless(new PeerMessage.Peer(link.PeerAddress), except: link);
        }
    }

    /// <summary>A nameless server asks this one, which has no name either.</summary>
    public void AnswerJoin(Link link)
    {
        Members.AnsweredJoins.Add(link.Peer!.Instance);
        link.Send(new PeerMessage.Joined());
    }

    /// <summary>Says <c>join</c>, or founds, if it is time.</summary>
    public void Consider()
    {
        if (state.Greeted.Any(link => link.Peer!.Cluster is not null))
        {
            return;
        }

        if (state.Greeted.Any(link => link.Peer!.Id.CompareTo(state.Id) < 0))
        {
            return;
        }

        foreach (var link in state.Greeted.Where(link => !link.Heard.JoinSent))
        {
            link.Heard.JoinSent = true;
            link.Send(new PeerMessage.Join());
        }

        bool allBehindAddresses = dialling.WaitedForWithoutName().All(address =>
            state.Greeted.Any(link => link.Dialled == address && link.Heard.Joined));
        bool allWhoDoNotListen = state.Greeted.All(link => link.PeerAddress.Listens || link.Heard.Joined);

        if (allBehindAddresses && allWhoDoNotListen && state.Now >= WaitsUntil)
        {
            Found();
        }
    }

    /// <summary>For whom it waits, for people.</summary>
    public string WaitsFor()
    {
        var smaller = state.Greeted.Where(link => link.Peer!.Id.CompareTo(state.Id) < 0).ToList();
        string[] silent =
        [
            .. dialling.WaitedForWithoutName()
                .Where(address => !state.Greeted.Any(link => link.Dialled == address))
                .Select(address => $"{address}"),
        ];

        int more = silent.Length - SilentNamed;

        return silent.Length > 0
                ? $"waiting for the server at {string.Join(" and at ", silent.Take(SilentNamed))}"
                    + (more > 0 ? $" and {more} others" : "")
            : smaller.Count > 0
                ? $"waiting for server {smaller.Min(link => link.Peer!.Id)} to found the cluster"
            : "waiting for the answers of the others";
    }

    private IEnumerable<ServerAddress> KnownAddresses() => state.Options.Peers.Concat(dialling.Met)
        .Where(address => address.Listens && !dialling.IsOwn(address)).Distinct();

    private void TellNameless(PeerMessage message, Link except)
    {
        foreach (var link in state.Greeted.Where(link => link != except && link.Peer!.Cluster is null))
        {
            link.Send(message);
        }
    }

    private void Found()
    {
        Members.Cluster = state.Options.Instance;
        Members.HasJoined = true;
        state.JournalCluster();
        state.Journal(new PeerMessage.Joined());
        state.Tell($"founded cluster {Members.Cluster}; serving");
        GreetAnew();
    }

    private void TakeName(string name, ServerAddress namedBy)
    {
        Members.Cluster = name;
        Members.NamedBy = namedBy;
        state.JournalCluster();
        state.Tell($"belongs to cluster {name}, told by the server at {namedBy}; joining");
        GreetAnew();
    }

    private void GreetAnew()
    {
        foreach (var link in state.Links)
        {
            link.Close();
        }

        dialling.Restart();
    }
}
