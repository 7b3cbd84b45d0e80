using CausalStore.Protocol;

namespace CausalStore.Replication;

// How a server with a name, but without a part in the cluster yet, becomes a member.
//
// Contexts and logs are pruned by what all members have, and a joiner has not: so it shows nothing before it
// has all that the members had applied when they learned of it, and every member knows it. It meets every
// member that anyone told it of; when those that have joined agree on who is a member and who is forgotten,
// and it has what their first `have`s named, it says `join`; when all have recorded it, it has joined. It
// passes nothing on until then: a newcomer is no bridge between two clusters.
internal sealed class Joining(ReplicaState state, Greeting greeting)
{
    private Membership Members => state.Members;

    private IEnumerable<Link> Joined => state.Replicating.Where(link => link.PeerHasJoined);

    /// <summary>Says <c>join</c>, or has joined, if it is time.</summary>
    public void Consider()
    {
        if (!IsAgreed() || !HasWhatWasNamed())
        {
            return;
        }

        foreach (var link in state.Replicating.Where(link => !link.Heard.JoinSent))
        {
            link.Heard.JoinSent = true;
            link.Send(new PeerMessage.Join());
        }

        if (Members.All.All(HasSaidJoined))
        {
            Join();
        }
    }

    /// <summary>A server with a name asks to be a member: it is one from now on, for good.</summary>
    /// <exception cref="ProtocolException">It cannot be one.</exception>
    public void Answer(Link link)
    {
        var peer = link.Peer!;

        if (!Members.Has(peer.Id, peer.Instance))
        {
            if (Members.All.Count + 1 >= Membership.CountMax)
            {
                throw new ProtocolException(
                    ErrorCode.Overloaded,
                    $"a cluster has at most {Membership.CountMax} members; forget one first");
            }

            Record(new PeerMessage.Member(peer.Id, peer.Instance, link.PeerAddress));
        }

        link.Send(new PeerMessage.Joined());
    }

    /// <summary>Another server names a member.</summary>
    public void Learn(Link link, PeerMessage.Member told)
    {
        if (Members.IsForgotten(told.Id))
        {
            return;
        }

        if (Members.Find(told.Id) is not { } known)
        {
            if (Members.All.Count + 1 < Membership.CountMax)
            {
                Record(told);
            }
        }
        else if (known.Instance != told.Instance)
        {
            BelongsToNeither(known, told);
        }
        else if (told.Id == link.Peer!.Id && known.Address != told.Address)
        {
            Members.Record(known with { Address = told.Address });
            state.Journal(told);
        }
    }

    /// <summary>A member that was journaled; a second INSTANCE under its id: it belongs to
    /// neither.</summary>
    public void Restore(PeerMessage.Member told)
    {
        if (Members.IsForgotten(told.Id))
        {
            return;
        }

        if (Members.Find(told.Id) is { } known && known.Instance != told.Instance)
        {
            Members.Record(known with { OtherInstance = told.Instance });
        }
        else
        {
            Members.Record(new Member(
                told.Id, told.Instance, told.Address, Members.Find(told.Id)?.OtherInstance));
            state.Others.Count(told.Id, told.Instance);
        }
    }

    /// <summary>For whom it waits, for people.</summary>
    public string WaitsFor()
    {
        var unmet = Members.All.Where(member => !IsMet(member)).ToList();

        return unmet.Count > 0
                ? "waiting for " + string.Join(
                    " and ", unmet.Select(member => $"server {member.Id} at {member.Address}"))
            : !Joined.Any()
                ? $"waiting for a server of cluster {Members.Cluster} that has joined{KnownAddresses()}"
            : !IsAgreed() ? "waiting until the members agree on who is a member"
            : !HasWhatWasNamed() ? "catching up with what the members have"
            : "waiting for the answers of the members";
    }

    private string KnownAddresses()
    {
        string known = string.Join(" or at ", state.Options.Peers.Append(Members.NamedBy ?? default)
            .Where(address => address.Listens).Distinct());
        return known.Length > 0 ? $", at {known}" : "";
    }

    private bool IsMet(Member member) => state.Replicating.Any(link => IsOf(link, member));

    private static bool IsOf(Link link, Member member) =>
        link.Peer!.Id == member.Id && link.Peer.Instance == member.Instance;

    private bool HasSaidJoined(Member member) =>
        state.Replicating.Any(link => IsOf(link, member) && link.Heard.Joined);

    /// <summary>Whether every member is met, and those that have joined name the very members and forgotten
    /// ones that are known here. Those who wait themselves are not asked, nor asked for: everybody would
    /// wait for everybody.</summary>
    private bool IsAgreed() =>
        Joined.Any() && Members.All.All(IsMet)
        && Joined.All(link => link.Heard.FirstHave is not null
            && Members.Agrees(link.Heard, state.Id, mayBeUnnamed: Waits));

    private bool Waits(Member member) =>
        !state.Replicating.Any(link => IsOf(link, member) && link.PeerHasJoined);

    private bool HasWhatWasNamed() => state.Replicating.All(link =>
        link.Heard.FirstHave is { } have && state.Applied.ContainsAll(have));

    private void Join()
    {
        Members.HasJoined = true;
        state.Journal(new PeerMessage.Joined());
        state.Tell($"joined cluster {Members.Cluster} with {Members.All.Count + 1} members; serving");

        foreach (var link in state.Replicating)
        {
            greeting.TellMembers(link);
        }
    }

    private void Record(PeerMessage.Member told)
    {
        Members.Record(new Member(told.Id, told.Instance, told.Address));
        state.Others.Count(told.Id, told.Instance);
        state.Journal(told);
        state.Tell($"server {told.Id} at {told.Address} is a member now");
        TellOthers(told);
        RefuseNamesakes(told);
    }

    /// <summary>One that waits under an id that has just been bound to another INSTANCE.</summary>
    private void RefuseNamesakes(PeerMessage.Member bound)
    {
        var namesakes = state.Greeted
            .Where(link => link.Peer!.Id == bound.Id && link.Peer.Instance != bound.Instance).ToList();

        foreach (var link in namesakes)
        {
            greeting.RefuseId(link, bound);
        }
    }

    /// <summary>One that has not joined passes nothing on.</summary>
    private void TellOthers(PeerMessage.Member told)
    {
        if (!Members.HasJoined)
        {
            return;
        }

        foreach (var link in state.Replicating)
        {
            link.Send(told);
        }
    }

    /// <summary>Two servers came under one id, and each was recorded by somebody before either had
    /// joined.</summary>
    private void BelongsToNeither(Member known, PeerMessage.Member told)
    {
        if (known.OtherInstance == told.Instance)
        {
            return;
        }

        Members.Record(known with { OtherInstance = told.Instance });
        state.Journal(told);
        state.Tell(
            $"id {told.Id} was given to two servers, instances {known.Instance} and {told.Instance}: "
            + $"it belongs to neither; 'forget {told.Id}' clears it", isWarning: true);
        TellOthers(told);

        foreach (var link in state.Replicating.Where(link => link.Peer!.Id == told.Id).ToList())
        {
            string other = link.Peer!.Instance == told.Instance ? known.Instance : told.Instance;
            greeting.Refuse(link, $"id {told.Id} is also another server's", told with { Instance = other });
        }
    }
}
