using CausalStore.Protocol;

namespace CausalStore.Replication;

/// <summary>What the links do with a write, as far as this server can know: at the end where it is missing,
/// and at the end from which it goes.</summary>
internal sealed class LinkReport(
    ReplicaState state, Dialling dialling, Sending sending, Settlement settlement)
{
    /// <summary>Who has something to say says <c>have</c> at least every second.</summary>
    private static readonly TimeSpan SilentAfter = TimeSpan.FromSeconds(2);

    private TimeSpan RelayAfter => state.Options.RelayAfter;

    /// <summary>What the link from another server does.</summary>
    public string Incoming(ServerId origin)
    {
        if (origin == state.Id)
        {
            return "it would be this server's own";
        }

        if (state.Members.IsForgotten(origin))
        {
            return $"server {origin} is forgotten; what is left of it is being settled";
        }

        if (LinkFrom(origin) is { } link)
        {
            var silent = state.Now - link.HeardAt;
            return $"server {origin} is connected since {Seconds(state.Now - link.Since)}"
                + (silent > SilentAfter
                    ? $", but nothing has come from it since {Seconds(silent)}"
                    : $" and has not sent it; it was last heard {Seconds(silent)} ago");
        }

        return state.Members.Find(origin) is { } member
            ? $"server {origin} at {member.Address} {Away(member)}"
            : $"server {origin} is not known here";
    }

    /// <summary>What will bring a write that is missing here, the sooner first.</summary>
    public string Next(WriteVersion missing)
    {
        List<(TimeSpan At, string Text)> ways = [.. Holders(missing).Select(link => Relay(link, missing))];

        if (RelayAfter == TimeSpan.Zero)
        {
            ways.Clear();
        }

        if (state.Members.Find(missing.Origin) is { } member)
        {
            ways.Add(LinkFrom(missing.Origin) is null
                ? (RetryAt(member), $"this server tries to reach server {missing.Origin}{RetryIn(member)}")
                : (TimeSpan.MaxValue, $"server {missing.Origin} sends it when its link to here lets it go"));
        }

        return ways.Count == 0
            ? $"nobody who is known here can send {missing}"
            : $"{missing} comes by {(ways.Count == 1 ? "one way only" : "whoever is sooner")}: "
                + string.Join("; ", ways.OrderBy(way => way.At).Select(way => way.Text));
    }

    /// <summary>What a person can do about it.</summary>
    public string ToDo(WriteVersion missing)
    {
        var origin = missing.Origin;

        if (state.Members.IsForgotten(origin))
        {
            return settlement.Awaited.Any()
                ? $"start server {string.Join(" and ", settlement.Awaited)}, whose word is missing, or "
                    + "'forget' it as well"
                : "nothing: it is on its way, or lost";
        }

        if (LinkFrom(origin) is not null)
        {
            return $"at server {origin}, 'why {missing}' tells what holds it, and "
                + $"'link {state.Id} heal' ends a fault";
        }

        return state.Members.Find(origin) is null
            ? $"look for server {origin}: 'members' lists those that are known here"
            : $"start server {origin}, or mend the way to it; if it is gone for good, 'forget {origin}' here"
                + (Holders(missing).Any() ? "" : $" ({missing} is then lost)");
    }

    /// <summary>The connected servers, but for the origin, that are known to have a write.</summary>
    public IEnumerable<Link> Holders(WriteVersion version) => state.Members.All
        .Where(member => member.Id != version.Origin && Has(member, version))
        .Select(member => LinkFrom(member.Id)).OfType<Link>();

    /// <summary>Who is known to have it, connected or not.</summary>
    public string WhoHas(WriteVersion version)
    {
        var holders = state.Members.All.Where(member => Has(member, version)).ToList();
        return holders.Count == 0
            ? "nobody is known to have it"
            : $"server {string.Join(" and ", holders.Select(member => member.Id))} "
                + $"{(holders.Count == 1 ? "has" : "have")} it";
    }

    /// <summary>What keeps a write that is applied here from the members that are not known to have
    /// it.</summary>
    public IEnumerable<string> Outgoing(WriteVersion version) => state.Members.All
        .Where(member => member.Id != version.Origin && !Has(member, version))
        .Select(member => $"{version} is not at server {member.Id}, as far as is known: "
            + Outgoing(version, member));

    private string Outgoing(WriteVersion version, Member member)
    {
        if (LinkFrom(member.Id) is not { } newest)
        {
            return $"it {Away(member)}; what it lacks is kept for it";
        }

        foreach (var link in state.Greeted.Where(link => link.Peer!.Id == member.Id))
        {
            if (link.Sending.HeldSince(version) is { } since)
            {
                return Held(member.Id, since) + RelayByOthers(version, member);
            }
        }

        if (version.Origin != state.Id && !state.Members.IsForgotten(version.Origin))
        {
            var origin = LinkFrom(version.Origin) is null ? state.Members.Find(version.Origin) : null;
            return $"server {version.Origin}, which took it, {(origin is null ? "sends it" : Away(origin))}"
                + (sending.RelayDue(newest, version) is { } due
                    ? $", and this server {In("relays it", due)}"
                    : "");
        }

        bool isSent = state.Log.Find(version) is { } position && position < newest.Sending.OwnNext;
        return (isSent
                ? $"it was sent, and server {member.Id} has not said yet that it is applied; "
                    + $"'why {version}' there tells whether it waits"
                : "it stands in the log, to be sent")
            + (state.Faults.Describe(member.Id) is { } fault ? $" (the link is {fault} by a fault)" : "");
    }

    /// <summary>A fault holds it at this end.</summary>
    private string Held(ServerId peer, TimeSpan since)
    {
        string heal = $"'link {peer} heal' is typed here";
        string held = $", held for {Seconds(state.Now - since)}";
        return state.Faults.DelayOf(peer) is { } delay
            ? $"the link to it is delayed by {delay.TotalMilliseconds:0} ms by a fault{held}; "
                + $"it goes in {Seconds(since + delay - state.Now)}, or when {heal}"
            : $"the link to it is cut by a fault{held}; it goes when {heal}";
    }

    private string RelayByOthers(WriteVersion version, Member lacking)
    {
        var holders = state.Members.All
            .Where(member => member != lacking && member.Id != version.Origin && Has(member, version))
            .ToList();

        if (holders.Count == 0 || RelayAfter == TimeSpan.Zero)
        {
            return "";
        }

        var progress = Known(lacking)?.ProgressAt(version.Origin) ?? TimeSpan.Zero;
        var due = holders.Min(holder => Later(progress, Known(holder)!.ProgressAt(version.Origin)));
        string who = string.Join(" or ", holders.Select(member => member.Id));
        return $"; server {who}, which has it, {In("relays it", due + RelayAfter)}, if its link works";
    }

    /// <summary>As the other server will count: since it has the write, the two are connected, and the origin
    /// got through.</summary>
    private (TimeSpan At, string Text) Relay(Link link, WriteVersion missing)
    {
        var member = state.Members.Find(link.Peer!.Id)!;
        var since = Later(Known(member)!.ProgressAt(missing.Origin), link.Since);
        var due = Later(since, LastOf(missing.Origin)) + RelayAfter;
        return (due, $"server {member.Id} {In("relays it", due)}");
    }

    /// <summary>When this server last applied a write of that origin, as far as the log's end
    /// tells.</summary>
    private TimeSpan LastOf(ServerId origin)
    {
        long watermark = state.Applied.Watermark(origin);
        return watermark > 0 && state.Log.Find(new WriteVersion(watermark, origin)) is { } position
            ? state.Log[position].AppliedAt
            : TimeSpan.Zero;
    }

    private string In(string what, TimeSpan due) => due > state.Now
        ? $"{what} in about {Seconds(due - state.Now)}"
        : $"{what} any moment";

    private string Away(Member member)
    {
        string since = state.Members.GoneSince(member.Id) is { } gone
            ? $"is down since {Seconds(state.Now - gone)}"
            : "is not connected";
        string reason = dialling.Find(member.Address)?.Failure is { } failure ? $" ({failure})" : "";
        return $"{since}{reason}, the next try is{RetryIn(member)}";
    }

    private TimeSpan RetryAt(Member member) => dialling.Find(member.Address)?.Next ?? TimeSpan.Zero;

    private string RetryIn(Member member) => !member.Address.Listens ? " its own: it does not listen"
        : RetryAt(member) > state.Now ? $" in {Seconds(RetryAt(member) - state.Now)}"
        : " under way";

    private bool Has(Member member, WriteVersion version) => Known(member)?.Contains(version) ?? false;

    private PeerApplied? Known(Member member) => state.Others.Find(member.Id, member.Instance);

    private Link? LinkFrom(ServerId peer) => state.Greeted.LastOrDefault(link => link.Peer!.Id == peer);

    private static TimeSpan Later(TimeSpan left, TimeSpan right) => left > right ? left : right;

    private static string Seconds(TimeSpan time) => $"{Math.Max(0, time.TotalSeconds):0.#} s";
}
