using CausalStore.Protocol;

namespace CausalStore.Replication;

/// <summary>
/// The beginning of every connection between servers: the dialler's hello, the other's answer, and who is
/// refused. An id belongs to its data and two names are two clusters; whoever breaks that is told so and what
/// to do.
/// </summary>
internal sealed class Greeting(
    ReplicaState state, Dialling dialling, Founding founding, Settlement settlement)
{
    private ReplicaOptions Options => state.Options;

    private Membership Members => state.Members;

    /// <summary>This server's hello.</summary>
    public void SayHello(Link link)
    {
        link.HasGreeted = true;
        link.Send(new PeerMessage.Hello(
            Options.Id, Options.Instance, Members.Cluster,
            Options.Advertise ?? new ServerAddress("", Options.Port),
            Waiting: !Members.HasJoined, Eventual: Options.Consistency == Consistency.Eventual));
    }

    /// <summary>The other server's hello: the first line of a link.</summary>
    public void Receive(Link link, PeerMessage.Hello hello)
    {
        link.Peer = hello;
        link.Since = state.Now;
        link.PeerHasJoined = !hello.Waiting && hello.Cluster is not null;
        string host = hello.Listens.Host.Length > 0
            ? hello.Listens.Host
            : link.Dialled?.Host ?? link.RemoteHost;
        link.PeerAddress = hello.Listens with { Host = host };

        if (!link.HasGreeted)
        {
            SayHello(link);
        }

        if (hello.Id == Options.Id && hello.Instance == Options.Instance)
        {
            MeetSelf(link);
        }
        else if (!IsRefused(link, hello))
        {
            Welcome(link, hello);
        }
    }

    private void MeetSelf(Link link)
    {
        if (link.Dialled is { } address)
        {
            dialling.FoundSelf(address);

            // Another server's word of it is no news to anybody.
            if (Options.Peers.Contains(address))
            {
                state.Tell($"{address}, named in --peers, is this server itself; it is skipped");
            }
        }

        link.Close();
    }

    private bool IsRefused(Link link, PeerMessage.Hello hello)
    {
        bool sameCluster =
            hello.Cluster is null || Members.Cluster is null || hello.Cluster == Members.Cluster;

        if (hello.Eventual != (Options.Consistency == Consistency.Eventual))
        {
            Refuse(
                link, "a causal and an eventual server cannot share a cluster; start both with the same "
                + "--consistency");
        }
        else if (!sameCluster)
        {
            Refuse(link, TwoClusters(hello.Cluster));
        }
        else if (Members.IsForgotten(hello.Id))
        {
            Refuse(
                link, $"server {hello.Id} was forgotten here; start it with an empty directory under another "
                + $"id: {Members.UnusedId(Options.Id)} is unused",
                new PeerMessage.Forgotten(hello.Id));
        }
        else if (hello.Id == Options.Id)
        {
            MeetNamesake(link, hello);
        }
        else if (Members.Find(hello.Id) is { } member
            && (member.Instance != hello.Instance || member.OtherInstance is not null))
        {
            string shown = member.Instance != hello.Instance ? member.Instance : member.OtherInstance!;
            RefuseId(link, new PeerMessage.Member(member.Id, shown, member.Address));
        }
        else if (EarlierNamesake(link, hello) is { } earlier)
        {
            RefuseId(link, new PeerMessage.Member(hello.Id, earlier.Peer!.Instance, earlier.PeerAddress));
        }
        else if (Members.HasJoined && link.PeerHasJoined && Members.Find(hello.Id) is null)
        {
            RefuseUnknown(link, hello);
        }
        else
        {
            return false;
        }

        return true;
    }

    /// <summary>It has joined, and this server does not know it. If it is the other that knows this one,
    /// this one runs on old data: its first <c>have</c>, which is on its way where it was dialled, may show
    /// that.</summary>
    private void RefuseUnknown(Link link, PeerMessage.Hello hello)
    {
        string text =
            $"server {hello.Id} says that it has joined cluster {hello.Cluster}, where it is not known";

        if (link.Dialled is null)
        {
            Refuse(link, text);
        }
        else
        {
            SayRefused(link, text);
            link.IsRefused = true;
        }
    }

    private Link? EarlierNamesake(Link link, PeerMessage.Hello hello) =>
        !hello.Waiting ? null : state.Greeted.FirstOrDefault(other =>
            other != link && other.Peer!.Id == hello.Id && other.Peer.Instance != hello.Instance);

    private string TwoClusters(string? other) =>
        $"this is cluster {Members.Cluster}, not {other ?? "-"}; two clusters never mix: "
        + "name servers of one of them in --peers";

    private void MeetNamesake(Link link, PeerMessage.Hello hello)
    {
        if (Members.HasJoined)
        {
            RefuseId(link, Self(link));
        }
        else if (!hello.Waiting)
        {
            // The id is the other's. It says so in its next lines, and those must still be heard.
            state.Tell($"{link} at {link.PeerAddress} runs under the id of this server", isWarning: true);
        }
        else if (string.CompareOrdinal(Options.Instance, hello.Instance) < 0)
        {
            RefuseId(link, Self(link));
        }
        else
        {
            link.Close();
            state.Effects.Exit ??= Advice.IdTaken(
                Options, $"the server at {link.PeerAddress} has it", $"{Members.UnusedId(Options.Id)}");
        }
    }

    /// <summary>Refuses a server whose id belongs to other data.</summary>
    public void RefuseId(Link link, PeerMessage.Member shown) => Refuse(
        link, $"id {shown.Id} belongs to the data of instance {shown.Instance}, at {shown.Address}; "
        + $"if that is gone for good, 'forget {shown.Id}' at a live server and start with an empty directory "
        + "and an unused id: "
        + $"{Members.UnusedId(Options.Id)} is unused",
        shown);

    /// <summary>Refuses a server for good: says why, shows it, closes.</summary>
    public void Refuse(Link link, string text, PeerMessage? shown = null)
    {
        SayRefused(link, text);

        if (shown is not null)
        {
            link.Send(shown);
        }

        link.IsReplicating = false;
        link.Close();
    }

    private void SayRefused(Link link, string text)
    {
        link.SendError(ErrorCode.NotAllowed, text);
        string key = $"{link.Peer?.Id} {link.Peer?.Instance} {text}";

        if (Refusals.Add(key))
        {
            state.Tell($"refused {link} at {link.PeerAddress}: {text}", isWarning: true);
        }
    }

    /// <summary>Who was refused and why, each once, for <c>status</c>; bounded by forgetting all.</summary>
    public HashSet<string> Refusals
    {
        get
        {
            if (field.Count > 100)
            {
                field.Clear();
            }

            return field;
        }
    } = [];

    private void Welcome(Link link, PeerMessage.Hello hello)
    {
        if (link.Dialled is { } address)
        {
            dialling.Greeted(address);
        }

        if (Members.Cluster is null)
        {
            founding.Meet(link, hello);
        }
        else if (hello.Cluster == Members.Cluster)
        {
            Introduce(link, hello);
        }
        else
        {
            TellAll(link);
        }
    }

    /// <summary>Both are of one cluster: says who is in it and what this server has.</summary>
    private void Introduce(Link link, PeerMessage.Hello hello)
    {
        bool isFirst = !state.Replicating.Any(other => other.Peer!.Id == hello.Id);
        link.IsReplicating = true;
        link.Sending.Restart(state.Log.First);
        state.Others.Count(hello.Id, hello.Instance);

        if (isFirst)
        {
            state.Effects.Notices.Add(
                new Notice.PeerConnected(hello.Id, link.PeerAddress, link.Dialled is not null));
        }

        if (!link.PeerHasJoined)
        {
            // It may have thrown away what it took in, and its connections with it: what is still under way
            // on those that stand here is of before.
            state.Others.Reset(hello.Id, hello.Instance);

            foreach (var older in state.Replicating.Where(one => one != link && one.Peer!.Id == hello.Id))
            {
                older.Heard.IsOfBefore = true;
            }
        }

        TellAll(link);
    }

    private void TellAll(Link link)
    {
        if (Members.HasJoined)
        {
            TellMembers(link);
        }

        link.Send(state.TellApplied());
    }

    /// <summary>What one that has joined says of the cluster, itself first.</summary>
    public void TellMembers(Link link)
    {
        link.Send(Self(link));

        foreach (var member in Members.All)
        {
            link.Send(new PeerMessage.Member(member.Id, member.Instance, member.Address));
        }

        foreach (var id in Members.Forgotten)
        {
            link.Send(new PeerMessage.Forgotten(id));
        }

        if (link.IsReplicating)
        {
            settlement.Tell(link);
        }
    }

    private PeerMessage.Member Self(Link link) =>
        new(
            Options.Id, Options.Instance,
            Options.Advertise ?? new ServerAddress(link.LocalHost, Options.Port));
}
