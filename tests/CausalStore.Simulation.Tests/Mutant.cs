namespace CausalStore.Simulation.Tests;

/// <summary>A plausible mistake, planted in a copy of the sources.</summary>
/// <param name="Name">What it does wrong.</param>
/// <param name="Profile">The kind of trouble that should show it.</param>
/// <param name="Changes">What is replaced, each exactly once: a file of Replication, or with the name of
/// another project before it, what stands there, and what shall.</param>
internal sealed record Mutant(
    string Name, Profile Profile, params (string File, string Old, string New)[] Changes)
{
    /// <summary>The mistakes that a simulator of servers in memory must catch.</summary>
    public static IReadOnlyList<Mutant> All { get; } =
    [
        new("apply without waiting", Profile.Plain,
            ("CausalDelivery.cs",
                "if (IsEventual || state.Applied.ContainsAll(write.Needs))\n",
                "if (version.Timestamp > 0)\n")),
        new("apply what is newer than the last, hold back the older", Profile.Plain,
            ("CausalDelivery.cs",
                "        state.Clock.Raise(version.Timestamp);\n",
                "        bool isNewer = version.Timestamp > state.Clock.Time;\n"
                + "        state.Clock.Raise(version.Timestamp);\n"),
            ("CausalDelivery.cs",
                "if (IsEventual || state.Applied.ContainsAll(write.Needs))\n",
                "if (isNewer)\n")),
        new("wait only for the origin's write before it", Profile.Plain,
            ("CausalDelivery.cs",
                "if (IsEventual || state.Applied.ContainsAll(write.Needs))\n",
                "if (state.Applied.Of(version.Origin).Watermark >= write.Previous)\n")),
        new("take a greater version of a key for the one that is needed", Profile.Plain,
            ("CausalDelivery.cs",
                "if (IsEventual || state.Applied.ContainsAll(write.Needs))\n",
                "if (write.ToWrite(state.Scratch).Needs.Exact.ToArray().All(need =>\n"
                + "    state.Applied.Contains(need)\n"
                + "    || state.Store.All().Any(number => state.Store[number].Version > need)))\n")),
        new("forget what was only pushed", Profile.Plain,
            ("Watchers.cs",
                "            if (countsAsRead)\n",
                "            if (countsAsRead && change.Value.Length == 1 << 20)\n")),
        new("apply a duplicate over a newer version", Profile.Plain,
            ("CausalDelivery.cs",
                "        if (state.Applied.Contains(version) || state.Applied.IsLost(version))\n        {\n",
                "        if (state.Applied.Contains(version) || state.Applied.IsLost(version))\n        {\n"
                + "            foreach (var again in write.Operations)\n"
                + "            {\n"
                + "                state.Store.Put(again.Key, again.Value, again.IsDelete, version);\n"
                + "            }\n\n")),
        new("let the last arrival win", Profile.Plain,
            ("CausalDelivery.cs",
                "if (before.Exists && before.Version > write.Version)\n",
                "if (before.Exists && before.Version == default)\n")),
        new("tear an atomic write", Profile.Plain,
            ("CausalDelivery.cs",
                "            var before = state.Store.At(place);\n",
                "            var before = state.Store.At(place);\n\n"
                + "            if (_changed.Count > 0 && write.Version.Origin != state.Id)\n            {\n"
                + "                break;\n            }\n\n")),
        new("leave the clock where it was on receipt", Profile.Plain,
            ("CausalDelivery.cs", "        state.Clock.Raise(version.Timestamp);\n", "")),
        new("let a blocked write hold up an independent one of the same origin", Profile.Plain,
            ("CausalDelivery.cs",
                "if (IsEventual || state.Applied.ContainsAll(write.Needs))\n",
                "if (state.Applied.ContainsAll(write.Needs)\n"
                + "    && !state.Delays.All.Any(other => other.Write.Version.Origin == version.Origin))\n")),
        new("take a session in without waiting for its context", Profile.Partition,
            ("SessionRequests.cs",
                "        if (state.Applied.ContainsAll(context))\n",
                "        if (context.Count >= 0)\n")),
        new("let go of tombstones at once", Profile.Plain,
            ("Tombstones.cs", "state.Others.EveryoneHas(oldest.Version)", "oldest.Version.Timestamp > 0")),
        new("join before what the others have is here", Profile.Join,
            ("Joining.cs", "if (!IsAgreed() || !HasWhatWasNamed())\n", "if (!IsAgreed())\n")),
        new("wait only for the session's own writes", Profile.Plain,
            ("SessionRequests.cs",
                "if (state.Options.Consistency == Consistency.Causal)\n",
                "if (state.Options.Consistency == Consistency.Eventual)\n")),
        new("lose a write that counts as applied", Profile.Plain,
            ("CausalDelivery.cs",
                "        Store(write);\n",
                "        if (version.Origin == state.Id || version.Timestamp % 16 > 0)\n        {\n"
                + "            Store(write);\n        }\n\n")),
        new("read many keys at different moments", Profile.Plain,
            ("SessionRequests.cs",
                "            Show(session, words[index], state.Store.Find(words[index]), before);\n",
                "            string key = System.Text.Encoding.UTF8.GetString(words[index]);\n"
                + "            var now = state.Store.Find(words[index]);\n\n"
                + "            if (index > 1 && now.HasValue && _before.TryGetValue(key, out var earlier))\n"
                + "            {\n"
                + "                ResponseWriter.Value(\n"
                + "                    session.Output, words[index], earlier.Value, earlier.Version);\n"
                + "            }\n            else\n            {\n"
                + "                Show(session, words[index], now, before);\n            }\n\n"
                + "            if (now.HasValue)\n            {\n"
                + "                _before[key] = (now.Value.ToArray(), now.Version);\n            }\n"),
            ("SessionRequests.cs",
                "    private readonly WordSplitter _splitter = new();\n",
                "    private readonly WordSplitter _splitter = new();\n"
                + "    private readonly Dictionary<string, (byte[] Value, WriteVersion Version)>\n"
                + "        _before = [];\n")),
        new("leave a tie as it came", Profile.Plain,
            ("CausalDelivery.cs",
                "if (before.Exists && before.Version > write.Version)\n",
                "if (before.Exists && before.Version != write.Version\n"
                + "    && before.Version.Timestamp >= write.Version.Timestamp)\n")),
        new("restart from the state that was saved last", Profile.Crash,
            ("Recovery.cs",
                "        CompleteState();\n        TakeIn(line);\n",
                "        CompleteState();\n")),
        new("give versions again after a restart", Profile.Crash,
            ("Recovery.cs",
                "            _state.Clock.Raise(Number(words));\n",
                "            Number(words);\n"),
            ("CausalDelivery.cs",
                "        state.Clock.Raise(version.Timestamp);\n",
                "        state.Clock.Raise(from is null ? 0 : version.Timestamp);\n")),
        new("lose the delay queue at a restart", Profile.Crash,
            ("Recovery.cs",
                "    public void Delayed(ReadOnlySpan<byte> line) =>\n"
                + "        _delivery.Take(WriteLine.Parse(_splitter.Split(line)), from: null);\n",
                "    public void Delayed(ReadOnlySpan<byte> line) => _splitter.Split(line);\n")),
        new("say joined to a member that is not journaled", Profile.Crash,
            ("Joining.cs",
                "        state.Others.Count(told.Id, told.Instance);\n        state.Journal(told);\n",
                "        state.Others.Count(told.Id, told.Instance);\n")),
        new("leave the mark of having joined out of the journal", Profile.Crash,
            ("Joining.cs", "        state.Journal(new PeerMessage.Joined());\n", "")),
        new("take what is not empty for what has joined", Profile.Crash,
            ("Recovery.cs",
                "        _state.IsRecovering = false;\n",
                "        _state.IsRecovering = false;\n"
                + "        _state.Members.HasJoined |= _state.Members.Cluster is not null;\n")),
        new("give a large record the place that means nowhere", Profile.Crash,
            ("RecordHeap.cs", "        if (block.Index > 0)\n", "        if (block.Index >= 0)\n")),
        new("keep no name of the cluster", Profile.Crash,
            ("Recovery.cs",
                "            _state.Members.Cluster = System.Text.Encoding.UTF8.GetString("
                + "words.Required(1, \"the name\"));\n",
                "            words.Required(1, \"the name\");\n")),
        new("forget who is forgotten", Profile.Settle,
            ("Replica.cs", "        _state.Journal(new PeerMessage.Forgotten(id));\n", "")),
        new("say have before it is durable", Profile.Crash,
            ("Simulation/SimulatedNetwork.cs",
                "            if (!end.Gate.Lets(length + 1, end.Server.Durable))\n",
                "            if (!written.StartsWith(\"have \"u8)\n"
                + "                && !end.Gate.Lets(length + 1, end.Server.Durable))\n")),
        new("send a write before it is durable", Profile.Crash,
            ("Simulation/SimulatedServer.cs",
                "                end.Gate.Seal(link.Output.Length, batch);\n",
                "                end.Gate.Seal(link.Output.Length, Durable);\n")),
        new("answer before it is durable", Profile.Crash,
            ("Simulation/SimulatedServer.cs",
                "?.TurnEnded(session, batch);\n",
                "?.TurnEnded(session, Durable);\n")),
        new("state what is held, and do not journal that", Profile.Settle,
            ("Settlement.cs",
                "        state.Journal(statement);\n        TellEverybody(statement);\n",
                "        TellEverybody(statement);\n")),
        new("settle without the member that is silent", Profile.Settle,
            ("Settlement.cs",
                "        .Append(state.Id).Where(id => !_statements.ContainsKey(id));\n",
                "        .Append(state.Id).Where(id => !_statements.ContainsKey(id)\n"
                + "            && (id == state.Id\n"
                + "                || state.Replicating.Any(link => link.Peer!.Id == id)));\n")),
        new("settle without what is delayed", Profile.Settle,
            ("Settlement.cs",
                "        .. DelayedOfForgotten().Select(delayed => RangeOf(delayed.Write)),\n",
                "")),
        new("settle by statements about different sets", Profile.Settle,
            ("Settlement.cs",
                "bool isAboutThese = statement.About.Equals(Members.ForgottenSet) && !IsSettled;\n",
                "bool isAboutThese = !IsSettled;\n")),
        new("take a lost gap for what is needed", Profile.Settle,
            ("OriginHistory.cs",
                "timestamp <= Watermark ? !IsInGap(timestamp) : _previousOf.ContainsKey(timestamp);\n",
                "timestamp <= Watermark || _previousOf.ContainsKey(timestamp);\n"),
            ("Settlement.cs",
                "            if (NeedsLost(write, survivors, dying))\n",
                "            if (NeedsLost(write, survivors, dying) && write.Line.Length == 0)\n")),
        new("merge copies by the greater version alone", Profile.Copy,
            ("StateCopy.cs",
                "ours.Exists ? ours.Version >= theirs.Version : state.Applied.Contains(theirs.Version)",
                "ours.Exists && ours.Version >= theirs.Version"),
            ("StateCopy.cs",
                "if (!copy.Values.Locate(ours.Key).Exists && theirs.Contains(ours.Version))\n",
                "if (ours.Version == default && theirs.Contains(ours.Version))\n")),
        new("put parts of two copies together", Profile.Copy,
            ("PeerLines.cs",
                "        if (copies.Find(link) is not { } copy || !copy.IsOf(head))\n",
                "        if (copies.Find(link) is not { } copy)\n")),
        new("join on the word of waiting servers", Profile.Wipe,
            ("Joining.cs",
                "        Joined.Any() && Members.All.All(IsMet)\n",
                "        Members.All.All(IsMet)\n")),
        new("take a dialler's early have for an answer", Profile.Expected,
            ("Replica.cs",
                "        foreach (var link in _state.Greeted)\n",
                "        foreach (var link in _state.Links.Where(link => link is\n"
                + "            { HasGreeted: true, IsClosing: false }))\n")),
        new("leave out of contexts what one member has", Profile.Partition,
            ("KnownApplied.cs",
                "        foreach (var peer in _peers.Values)\n        {\n"
                + "            if (!peer.Contains(version))\n            {\n                return false;\n"
                + "            }\n        }\n\n        return true;\n",
                "        return _peers.Values.Any(peer => peer.Contains(version));\n")),
        new("begin a new connection at the log's end", Profile.Plain,
            ("Greeting.cs",
                "        link.Sending.Restart(state.Log.First);\n",
                "        link.Sending.Restart(state.Log.End);\n")),
        new("write on from old data", Profile.OldCopy,
            ("OldData.cs",
                "version.Origin == state.Id && state.Applied.Watermark(state.Id) < version.Timestamp\n",
                "version.Origin == state.Id && version.Timestamp < 0\n")),
        new("fold what the session cannot have seen", Profile.Partition,
            ("SessionContext.cs",
                "foreach (var version in _exact.Where(applied.ContainsUpTo))\n",
                "foreach (var version in _exact.Where(applied.Contains))\n"),
            ("SessionContext.cs",
                "            _exact.RemoveAll(applied.ContainsUpTo);\n",
                "            _exact.RemoveAll(applied.Contains);\n")),
        new("count no visitors", Profile.Join,
            ("Greeting.cs",
                "        state.Others.Count(hello.Id, hello.Instance);\n",
                "        if (link.PeerHasJoined || Members.Find(hello.Id) is not null)\n        {\n"
                + "            state.Others.Count(hello.Id, hello.Instance);\n        }\n\n"),
            ("Greeting.cs",
                "            state.Others.Reset(hello.Id, hello.Instance);\n",
                "")),
        new("bridge two clusters", Profile.TwoClusters,
            ("Greeting.cs",
                "hello.Cluster is null || Members.Cluster is null || hello.Cluster == Members.Cluster;\n",
                "hello.Id.Value > 0;\n"),
            ("Greeting.cs",
                "        else if (hello.Cluster == Members.Cluster)\n",
                "        else if (hello.Cluster is not null)\n")),
    ];

    public override string ToString() => Name;
}
