using CausalStore.Protocol;

namespace CausalStore.Replication;

/// <summary>What a server says of itself: <c>status</c>, <c>members</c>, <c>pending</c>.</summary>
internal sealed class Reports(
    ReplicaState state, Founding founding, Joining joining, Greeting greeting, Settlement settlement,
    CatchingUp catchingUp)
{
    /// <summary>Gaps that are listed of what a member lacks.</summary>
    private const int MissingShown = 10;

    public static string LostText(WriteVersion lost) =>
        $"{lost} was lost with server {lost.Origin}, which is forgotten; start a new session";

    /// <summary>For whom a waiting server waits, and what ends it.</summary>
    public string WhyUnavailable()
    {
        string what = state.Members.Cluster is null ? founding.WaitsFor() : joining.WaitsFor();
        string directory = state.Options.DataDirectory is { } data ? $", or empty {data}" : "";
        return $"server {state.Id} does not serve yet: {what}; start it, or 'forget' it at a live server, or "
            + $"name other --peers{directory} (--new founds a cluster without them)";
    }

    public void Status(OutputBuffer output)
    {
        List<(string Name, object Value)> lines =
        [
            ("server", state.Id),
            ("instance", state.Options.Instance),
            ("cluster", state.Members.Cluster ?? "-"),
            ("state", state.Members.HasJoined ? "serving" : "waiting"),
            ("consistency", state.Options.Consistency == Consistency.Causal ? "causal" : "eventual"),
            ("durability", state.Options.Durability),
            ("clock", state.Clock.Time),
            ("keys", state.Store.KeysWithValue),
            ("keys.bytes", state.Store.Bytes),
            ("tombstones", state.Store.Count - state.Store.KeysWithValue),
            ("applied", state.Applied.ToContext()),
            ("delayed", state.Delays.Count),
            ("delayed.bytes", state.Delays.Bytes),
            ("needs.average", state.Needs.Average.ToString("0.##")),
            ("needs.max", state.Needs.Max),
            ("needs.checked", state.Index.Steps),
            ("log.writes", state.Log.End - state.Log.First),
            ("log.bytes", state.Log.Bytes),
            ("conflicts", state.Overwrites.Unseen),
            ("conflicts.unknown", state.Overwrites.Unknown),
            ("sessions", state.Sessions.Count),
            ("uptime", state.Now.TotalSeconds.ToString("0.#")),
            ("requests", state.Work.Requests),
            ("writes", state.Work.Writes),
            ("received", state.Work.Received),
            ("sent", state.Work.Sent),
            ("members", state.Members.All.Count + 1),
            ("forgotten", state.Members.ForgottenSet),
            ("lost", state.Lost.Count),
        ];

        AddWhatIsSpecial(lines);

        foreach (var (name, value) in lines)
        {
            output.Append($"{name} {value}").EndLine();
        }

        ResponseWriter.End(output, lines.Count);
    }

    public void Members(OutputBuffer output)
    {
        List<string> lines =
        [
            $"member {state.Id} {state.Options.Instance} "
                + (state.Members.HasJoined ? "joined this server" : "waiting this server"),
            .. state.Members.All.Select(MemberText),
            .. state.Members.Forgotten.Select(id => $"forgotten {id}"),
        ];

        foreach (string line in lines)
        {
            output.Append(line).EndLine();
        }

        ResponseWriter.End(output, lines.Count);
    }

    public void Pending(OutputBuffer output)
    {
        foreach (var delayed in state.Delays.All.OrderBy(delayed => delayed.Write.Version))
        {
            output.Append("delayed "u8).Append(delayed.Write.Version).Space()
                .Append((state.Now - delayed.Since).TotalSeconds.ToString("0.###")).Space();
            state.Applied.Missing(delayed.Write.Needs).AppendTo(output);
            output.Space().Append(delayed.Write.OperationsText).EndLine();
        }

        ResponseWriter.End(output, state.Delays.Count);
    }

    private void AddWhatIsSpecial(List<(string Name, object Value)> lines)
    {
        if (!state.Members.HasJoined)
        {
            lines.Add(("waiting", WhyUnavailable()));
        }

        if (catchingUp.Percent is { } percent)
        {
            lines.Add(("catching-up", $"{percent}%"));
        }

        if (state.Lost.Count > 0)
        {
            lines.Add(("lost.last", string.Join(',', state.Lost.Listed.TakeLast(20))));
        }

        if (settlement.Awaited.Any())
        {
            lines.Add(("settlement", $"waits for the word of {string.Join(',', settlement.Awaited)}"));
        }

        lines.AddRange(greeting.Refusals.Select(refusal => ("refused", (object)refusal)));
        lines.AddRange(state.Greeted.Select(link => ($"link.{link.Peer!.Id}", (object)LinkText(link))));
    }

    private string MemberText(Member member)
    {
        var link = state.Replicating.FirstOrDefault(link => link.Peer!.Id == member.Id);
        string connected = link is null
            ? "not connected"
            : link.PeerHasJoined ? "connected" : "connected, waiting";
        return $"member {member.Id} {member.Instance} {member.Address} {connected}{Standing(member)}";
    }

    /// <summary>When it was heard last, what of the writes here it is not known to have, and whether it is
    /// waited for.</summary>
    private string Standing(Member member)
    {
        string awaited = settlement.Awaited.Contains(member.Id) ? "; the settlement waits for its word" : "";

        if (state.Others.Find(member.Id, member.Instance) is not { HeardAt: { } heard } applied)
        {
            return "; not heard yet" + awaited;
        }

        var missing = applied.Missing(state.Applied.Ranges()).Take(MissingShown + 1).ToList();
        string more = missing.Count > MissingShown ? " and more" : "";
        string lacks = missing.Count == 0 ? ""
            : $"; lacks {WriteRange.Format(missing.Take(MissingShown))}{more}";
        return $"; heard {(state.Now - heard).TotalSeconds:0.#} s ago{lacks}{awaited}";
    }

    private string LinkText(Link link)
    {
        string fault = state.Faults.Describe(link.Peer!.Id) is { } text ? $", {text}" : "";
        return $"{link.PeerAddress} for {(state.Now - link.Since).TotalSeconds:0.#} s"
            + $"{(link.Dialled is null ? "" : ", dialled")}{fault}";
    }
}
