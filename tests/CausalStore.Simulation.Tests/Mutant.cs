namespace CausalStore.Simulation.Tests;

/// <summary>A plausible mistake, planted in a copy of the sources.</summary>
/// <param name="Name">What it does wrong.</param>
/// <param name="Profile">The kind of trouble that should show it.</param>
/// <param name="Changes">What is replaced, each exactly once: a file of Replication, what stands there, and
/// what shall.</param>
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
    ];

    public override string ToString() => Name;
}
