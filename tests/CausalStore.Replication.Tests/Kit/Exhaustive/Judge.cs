using CausalStore.Protocol;

namespace CausalStore.Replication.Tests.Kit.Exhaustive;

/// <summary>
/// Holds what clients see against what they may see. It believes no server what a write depends on: the past
/// of a write is what its client had seen, and what those had seen who wrote that.
/// </summary>
internal static class Judge
{
    /// <summary>What a server has come to by its last step.</summary>
    /// <param name="pasts">All servers; they hold every write that it can know.</param>
    public static void OfServer(Past now, IReadOnlyList<Past> pasts)
    {
        Writes writes = new(pasts);
        OfVersions(now, writes);
        OfState(now.Sight, writes);
        OfPushes(now, writes);

        if (now.Before is { } before)
        {
            OfOrder(before.Sight.Keys, now.Sight.Keys);
        }

        foreach (var own in now.Writes)
        {
            Demand(
                writes.AreCovered(now.Sight.Keys, [own.Version]),
                $"its own write {own} is there, and stays");
        }

        if (now.Arrival == Arrival.Done)
        {
            Demand(
                writes.AreCovered(now.Sight.Keys, now.MoverSaw),
                $"a client that came still sees what it had seen: {now.Sight}");
        }
    }

    /// <summary>Nothing is on its way any more.</summary>
    public static void OfRest(IReadOnlyList<Past> pasts)
    {
        var first = pasts[0].Sight;

        foreach (var past in pasts)
        {
            Demand(past.Sight.Delayed.Count == 0, $"at rest nothing is delayed at server {past.Server + 1}");
            Demand(
                past.Sight.AppliedText == first.AppliedText,
                $"at rest all have applied the same: {first.Applied} and {past.Sight.Applied}");
            Demand(
                ShowTheSame(past.Sight.Keys, first.Keys),
                $"at rest all show the same: {first} and {past.Sight}");
        }

        foreach (var write in pasts.SelectMany(past => past.Writes))
        {
            Demand(first.HasApplied(write.Version), $"{write}, which was acknowledged, is everywhere");
        }
    }

    private static void OfVersions(Past now, Writes writes)
    {
        for (int index = 1; index < now.Writes.Count; index++)
        {
            Demand(
                now.Writes[index].Version > now.Writes[index - 1].Version,
                $"no version is used twice: {now.Writes[index - 1]}, {now.Writes[index]}");
        }

        foreach (var write in now.Writes)
        {
            Demand(
                writes.PastOf(write.Seen).All(seen => seen < write.Version),
                $"{write} has a greater version than all that its client had seen");
        }
    }

    private static void OfState(Sight sight, Writes writes)
    {
        foreach (var (index, shown) in sight.Keys.Index().Where(each => !each.Item.IsNothing))
        {
            string key = Scope.Keys[index];
            Demand(
                writes.Find(shown.Version).Operations.Contains((key, shown.Value)),
                $"{key} = {shown} was written");
            Demand(
                writes.AreCovered(sight.Keys, [shown.Version]),
                $"causes first, and whole: {key} = {shown} is shown with all that it follows from");
        }

        foreach (var write in writes.All.Where(write => sight.HasApplied(write.Version)))
        {
            Demand(
                writes.AreCovered(sight.Keys, [write.Version]) && !sight.Delayed.Contains(write.Version),
                $"{write}, which is applied, is shown with all that it follows from");
        }

        foreach (var delayed in sight.Delayed)
        {
            Demand(
                writes.PastOf(writes.Find(delayed).Seen).Any(seen => !sight.HasApplied(seen)),
                $"{delayed} waits for something that its writer had seen");
        }
    }

    /// <summary>The watcher's keys are right behind every write that was pushed whole, and without
    /// holes.</summary>
    private static void OfPushes(Past now, Writes writes)
    {
        var sight = now.Sight;

        if (now.Last is Step.Restart)
        {
            return;
        }

        Shown[] watched = [.. now.Before?.Sight.Watched ?? new Shown[Scope.Keys.Count]];

        for (int index = 0; index < sight.Pushes.Count; index++)
        {
            var (key, shown) = sight.Pushes[index];
            Demand(shown.Version >= watched[key].Version, $"what is pushed is newer: {shown}");
            watched[key] = shown;

            if (index == sight.Pushes.Count - 1 || sight.Pushes[index + 1].Shown.Version != shown.Version)
            {
                Demand(
                    writes.AreCovered(watched, [shown.Version]),
                    $"{shown} is pushed behind all that it follows from");
            }
        }

        Demand(
            ShowTheSame(watched, sight.Keys), $"pushes have no holes: {sight}");
    }

    private static bool ShowTheSame(Shown[] left, Shown[] right)
    {
        for (int key = 0; key < left.Length; key++)
        {
            // One may have a tombstone where the other needs it no more.
            if (left[key].Value != right[key].Value
                || (left[key].Value is not null && left[key].Version != right[key].Version))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Nobody goes back in time: also not without a context, for at one server time has one
    /// direction.</summary>
    private static void OfOrder(Shown[] before, Shown[] after)
    {
        foreach (var (earlier, later) in before.Zip(after))
        {
            Demand(
                later.IsNothing ? earlier.Value is null : later.Version >= earlier.Version,
                $"no key goes back: {earlier}, then {later}");
        }
    }

    /// <param name="promise">Becomes a text only where it is broken.</param>
    private static void Demand(bool holds, FormattableString promise)
    {
        if (!holds)
        {
            throw new BrokenPromiseException($"{promise}");
        }
    }

    /// <summary>All writes of a state, and what each follows from.</summary>
    private sealed class Writes(IReadOnlyList<Past> pasts)
    {
        public List<Made> All { get; } = [.. pasts.SelectMany(past => past.Writes)];

        public Made Find(WriteVersion version) => All.Find(write => write.Version == version)
            ?? throw new BrokenPromiseException($"{version} was written by somebody");

        /// <summary>Those writes and all that they follow from.</summary>
        public HashSet<WriteVersion> PastOf(IReadOnlyList<WriteVersion> versions)
        {
            HashSet<WriteVersion> past = [];
            Add(versions);
            return past;

            void Add(IReadOnlyList<WriteVersion> more)
            {
                foreach (var version in more.Where(past.Add))
                {
                    Add(Find(version).Seen);
                }
            }
        }

        /// <summary>Whether keys show those writes and all that they follow from, or what hides
        /// them.</summary>
        public bool AreCovered(Shown[] keys, IReadOnlyList<WriteVersion> versions) =>
            PastOf(versions).All(version => IsCovered(keys, Find(version)));

        private bool IsCovered(Shown[] keys, Made write) => write.Operations.All(operation =>
        {
            var (key, value) = operation;
            var shown = keys[Scope.Keys.Index().First(each => each.Item == key).Index];

            // A tombstone need not stay, and the watcher hears of none for a key without a value.
            return shown.Version >= write.Version
                || (shown.Value is null && (value is null || IsDeletedLater(key, write.Version)));
        });

        private bool IsDeletedLater(string key, WriteVersion version) => All.Exists(
            write => write.Version > version && write.Operations.Contains((key, null)));
    }
}

/// <summary>What must always hold does not.</summary>
internal sealed class BrokenPromiseException(string promise) : Exception($"it does not hold: {promise}");
