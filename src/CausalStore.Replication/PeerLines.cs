using CausalStore.Protocol;

namespace CausalStore.Replication;

/// <summary>What other servers say. A bad line is skipped and reported, to the sender and in the
/// log.</summary>
internal sealed class PeerLines(
    ReplicaState state, CausalDelivery delivery, Greeting greeting, Founding founding, Joining joining,
    Settlement settlement, StateMerge merge, KeptCopies<ArrivingCopy> copies, CatchingUp catchingUp,
    Action<ServerId> forget)
{
    private const int ReportedMax = 100;

    private readonly HashSet<Notice> _reported = [];
    private readonly WordSplitter _splitter = new();
    private readonly OldData _oldData = new(state);

    private Membership Members => state.Members;

    /// <summary>A line of another server.</summary>
    public void Receive(Link link, ReadOnlySpan<byte> line)
    {
        link.HeardAt = state.Now;

        if (IsError(line))
        {
            link.Heard.Error = System.Text.Encoding.UTF8.GetString(line);
            Report(new Notice.Cluster($"{link} says: {link.Heard.Error}", IsWarning: true));
            return;
        }

        try
        {
            var words = _splitter.Split(line);

            if (words.Count == 0)
            {
                return;
            }

            if (words[0].SequenceEqual("replicate"u8))
            {
                Replicate(link, words);
            }
            else
            {
                Receive(link, PeerMessageCodec.Parse(words));
            }
        }
        catch (ProtocolException bad)
        {
            Report(new Notice.BadLine($"{link}", bad.Message));
            link.SendError(bad.Code, bad.Message);
        }
    }

    /// <summary>Its text runs to the end of the line and need not be words; it is never answered.</summary>
    private static bool IsError(ReadOnlySpan<byte> line)
    {
        var text = line.TrimStart((byte)' ');
        return text.SequenceEqual("error"u8) || text.StartsWith("error "u8);
    }

    /// <summary>Said once: whoever is refused comes back and is refused again.</summary>
    private void Report(Notice notice)
    {
        if (_reported.Count >= ReportedMax)
        {
            _reported.Clear();
        }

        if (_reported.Add(notice))
        {
            state.Effects.Notices.Add(notice);
        }
    }

    private void Receive(Link link, PeerMessage message)
    {
        if (link.Peer is null)
        {
            greeting.Receive(
                link,
                message as PeerMessage.Hello ?? throw ProtocolException.Syntax("a server says hello first"));
            return;
        }

        switch (message)
        {
            case PeerMessage.Peer(var address) when Members.Cluster is null && link.Peer.Cluster is null:
                Learn(link, address);
                break;
            case PeerMessage.Peer:
                break;
            case PeerMessage.Member member:
                Learn(link, member);
                break;
            case PeerMessage.Forgotten(var id):
                Learn(link, id);
                break;
            case PeerMessage.Have(var context):
                Learn(link, context);
                break;
            case PeerMessage.Join:
                Answer(link);
                break;
            case PeerMessage.Joined:
                link.Heard.Joined = link.Heard.JoinSent
                    ? true
                    : throw ProtocolException.Syntax("'joined' answers a 'join', and none was said here");
                break;
            default:
                ReceiveReplication(link, message);
                break;
        }
    }

    private void ReceiveReplication(Link link, PeerMessage message)
    {
        DemandReplicating(link);

        switch (message)
        {
            case PeerMessage.Statement statement:
                settlement.Learn(statement);
                break;
            case PeerMessage.LostBefore lost:
                settlement.Learn(lost);
                break;
            case PeerMessage.Settled settled:
                settlement.Learn(settled);
                break;
            case PeerMessage.Copy copy:
                Begin(link, copy);
                break;
            case PeerMessage.Copied copied when link.Arriving is { } arriving:
                arriving.Add(copied);
                break;
            case PeerMessage.CopiedAll(long count) when link.Arriving is { } arriving:
                link.Arriving = null;
                copies.End(link);
                Take(link, arriving, count);
                break;
            case PeerMessage.CopyAfter(var key):
                Sending.GoOnAfter(link, key);
                break;
            default:
                throw ProtocolException.Syntax("this line has no place here");
        }
    }

    private static void DemandReplicating(Link link)
    {
        if (!link.IsReplicating)
        {
            throw new ProtocolException(ErrorCode.NotAllowed, "between servers of one cluster only");
        }
    }

    private void Replicate(Link link, Words words)
    {
        DemandReplicating(link);
        var write = WriteLine.Parse(words);
        var version = write.Version;

        if (state.Clock.IsForged(Math.Max(version.Timestamp, write.OlderMax)))
        {
            throw new ProtocolException(
                ErrorCode.TooLarge, $"{version} names a timestamp that no server can have reached");
        }

        if (write.OlderMax >= version.Timestamp)
        {
            throw ProtocolException.Syntax(
                $"{version} cannot follow or need a write that is not older than it");
        }

        if (version.Origin == state.Id)
        {
            _oldData.Demand(link, version);
        }
        else if (Members.KnowsOrigin(version.Origin))
        {
            delivery.Take(write, link);
        }
        else
        {
            throw new ProtocolException(
                ErrorCode.NotAllowed, $"server {version.Origin} is no member of this cluster");
        }
    }

    private void Learn(Link link, PeerMessage.Member member)
    {
        if (member.Id == state.Id)
        {
            if (member.Instance != state.Options.Instance && ConcernsUs(link))
            {
                state.Effects.Exit ??= Advice.IdTaken(
                    state.Options,
                    $"it belongs to the data of instance {member.Instance}, at {member.Address}",
                    _oldData.UnusedId(link));
            }
        }

        if (!link.IsReplicating)
        {
            return;
        }

        link.Heard.Members[member.Id] = member.Instance;

        if (member.Id == link.Peer!.Id && member.Instance == link.Peer.Instance && !link.PeerHasJoined)
        {
            HasJoined(link);
        }

        if (member.Id != state.Id && !link.IsClosing)
        {
            joining.Learn(link, member);
        }
    }

    private static void Learn(Link link, ServerAddress peer)
    {
        if (link.Heard.Peers.Count >= Dialling.AddressesMax && !link.Heard.Peers.Contains(peer))
        {
            throw new ProtocolException(
                ErrorCode.Overloaded, $"at most {Dialling.AddressesMax} addresses are taken from one server");
        }

        link.Heard.Peers.Add(peer);
    }

    /// <summary>The other server has joined, after it said hello.</summary>
    private void HasJoined(Link link)
    {
        if (Members.HasJoined && Members.Find(link.Peer!.Id) is null)
        {
            greeting.Refuse(link, $"server {link.Peer.Id} says that it has joined, and is no member here");
            return;
        }

        link.PeerHasJoined = true;
    }

    private void Learn(Link link, ServerId forgotten)
    {
        if (forgotten == state.Id)
        {
            if (ConcernsUs(link))
            {
                state.Effects.Exit ??= Advice.Forgotten(state.Options, _oldData.UnusedId(link));
            }

            return;
        }

        if (link.IsReplicating)
        {
            link.Heard.Forgotten.Add(forgotten);
            link.Heard.Members.Remove(forgotten);
            forget(forgotten);
        }
    }

    /// <summary>Whether the other server may say who this one is: it is of this cluster, or it was
    /// asked.</summary>
    private bool ConcernsUs(Link link) => Members.Cluster is { } cluster
        ? link.Peer!.Cluster == cluster
        : link.Dialled is not null;

    private void Learn(Link link, Context have)
    {
        bool isFirst = link.Heard.FirstHave is null;
        link.Heard.FirstHave ??= have;

        if (link.IsRefused)
        {
            _oldData.Demand(link, have);
            link.Close();
        }

        if (!link.IsReplicating)
        {
            return;
        }

        _oldData.Demand(link, have);

        if (isFirst)
        {
            _oldData.Show(link, have);
        }

        if (link.Heard.IsOfBefore && !state.Replicating.Any(other => IsOfOneThatJoined(other, link.Peer!.Id)))
        {
            return;
        }

        catchingUp.Learn(link.Peer!.Id, have);
        state.Others.Learn(link.Peer!.Id, link.Peer.Instance, have, state.Now);
        state.Overwrites.Heard(link.Peer.Id);
        state.Log.Trim(state.Others);
    }

    private static bool IsOfOneThatJoined(Link link, ServerId peer) =>
        link.Peer!.Id == peer && link.PeerHasJoined;

    private void Answer(Link link)
    {
        if (Members.Cluster is null && link.Peer!.Cluster is null)
        {
            founding.AnswerJoin(link);
        }
        else
        {
            DemandReplicating(link);
            joining.Answer(link);
        }
    }

    /// <summary>A copy begins; where an earlier connection has brought a part of it, that need not come
    /// again.</summary>
    private void Begin(Link link, PeerMessage.Copy head)
    {
        if (copies.Find(link) is not { } copy || !copy.IsOf(head))
        {
            copy = new ArrivingCopy(head);
            copies.Begin(link, copy);
        }
        else
        {
            state.Tell($"going on with a copy of the state from {link}: {copy.Fraction:P0} of it is here");
        }

        link.Arriving = copy;
        link.Send(new PeerMessage.CopyAfter(copy.LastKey.ToArray()));
    }

    /// <summary>A copy survives as a whole, in one batch.</summary>
    private void Journal(ArrivingCopy copy, long count)
    {
        state.Journal(copy.Head);

        foreach (int number in copy.Values.All())
        {
            state.JournalCopied(copy.Values[number]);
        }

        state.Journal(new PeerMessage.CopiedAll(count));
    }

    private void Take(Link link, ArrivingCopy copy, long count)
    {
        if (copy.Values.Count != count)
        {
            throw ProtocolException.Syntax($"{copy.Values.Count} keys were copied, not {count}");
        }

        if (!copy.Head.Without.Equals(Members.ForgottenSet))
        {
            state.Tell(
                $"refused a copy of the state from {link}, which has forgotten others than this server");
            return;
        }

        Journal(copy, count);
        merge.Merge(copy);
        settlement.TookCopy();
        delivery.CheckAll();
        state.Tell($"took in a copy of the state from {link}: {count} keys");
    }
}
