using CausalStore.Checking;
using CausalStore.Client;
using CausalStore.Protocol;
using Operation = CausalStore.Checking.Operation;

namespace CausalStore.Chaos.Tests;

/// <summary>Judges what one round's sessions did and saw, all servers being at rest.</summary>
/// <param name="greatest">Of every origin, the greatest timestamp of the rounds before.</param>
internal sealed class RoundJudge(
    History history, Cluster cluster, Dictionary<int, long> greatest, Tally tally)
{
    private readonly List<string> _wrong = [];

    /// <summary>What the checker found broken.</summary>
    public Promises Broken { get; private set; }

    private IEnumerable<Operation> Operations => history.Sessions.SelectMany(session => session.Operations);

    /// <returns>What is wrong, in sentences.</returns>
    public async Task<IReadOnlyList<string>> JudgeAsync(
        IReadOnlyList<Status> atRest, CancellationToken stop)
    {
        var acknowledged = Acknowledged();
        var lost = await LostAsync(acknowledged, stop);
        DemandCovered(acknowledged, atRest);
        DemandLastWriters(lost);
        Check(nothingIsLost: lost.Count == 0);
        tally.Add(Happening.WritesLostWithTheirServer, lost.Count);
        return _wrong;
    }

    /// <summary>The versions of all acknowledged writes.</summary>
    private HashSet<HistoryVersion> Acknowledged()
    {
        HashSet<HistoryVersion> acknowledged = [];

        foreach (var operation in Operations)
        {
            var versions = operation.Steps.Select(step => ChangeOf(step)?.Version).OfType<HistoryVersion>();

            if (versions.ToArray() is not [var version, ..])
            {
                continue;
            }

            if (!acknowledged.Add(version) || version.Timestamp <= greatest.GetValueOrDefault(version.Server))
            {
                _wrong.Add($"{version} was used twice, by {operation.Session}#{operation.Number}");
            }
        }

        foreach (var version in acknowledged)
        {
            greatest[version.Server] =
                Math.Max(version.Timestamp, greatest.GetValueOrDefault(version.Server));
        }

        return acknowledged;
    }

    /// <summary>Only what a lost server had acknowledged and nobody else had may be lost, and all must say
    /// the same of it.</summary>
    private async Task<HashSet<HistoryVersion>> LostAsync(
        HashSet<HistoryVersion> acknowledged, CancellationToken stop)
    {
        HashSet<HistoryVersion> lost = [];
        var asked = acknowledged.Where(version => cluster.Forgotten.Contains(version.Server)).ToArray();
        List<StoreClient> clients = [];

        try
        {
            foreach (var site in cluster.Sites)
            {
                clients.Add(await StoreClient.ConnectAsync(site.Address.Port, "judge", stop));
            }

            foreach (var version in asked)
            {
                var replies = await Task.WhenAll(
                    clients.Select(client => client.AskAsync($"context {version}", stop)));
                int losing = replies.Count(reply => reply.Error is { Code: ErrorCode.Lost });

                if (losing == clients.Count)
                {
                    lost.Add(version);
                }
                else if (losing > 0 || replies.Any(reply => reply.Error is not null))
                {
                    _wrong.Add($"{version} is lost at {losing} of {clients.Count} servers: "
                        + string.Join("; ", replies.Select(reply => reply.Error?.Reason ?? "ok")));
                }
            }
        }
        finally
        {
            foreach (var client in clients)
            {
                await client.DisposeAsync();
            }
        }

        return lost;
    }

    private void DemandCovered(HashSet<HistoryVersion> acknowledged, IReadOnlyList<Status> atRest)
    {
        foreach (var applied in atRest.Select(status => status.Applied))
        {
            var exact = applied.Exact.ToArray().ToHashSet();
            var upTo = applied.UpTo.ToArray().ToDictionary(entry => entry.Origin, entry => entry.Timestamp);
            var kept = acknowledged.Where(version => !cluster.Forgotten.Contains(version.Server));

            foreach (var version in kept)
            {
                WriteVersion write = new(version.Timestamp, new ServerId((ushort)version.Server));

                if (write.Timestamp > upTo.GetValueOrDefault(write.Origin) && !exact.Contains(write))
                {
                    _wrong.Add($"{write} was acknowledged and is lost: applied is {applied}");
                }
            }
        }
    }

    /// <summary>What is read of a key at rest is its greatest acknowledged write that is not lost, or one
    /// whose outcome nobody knew.</summary>
    private void DemandLastWriters(HashSet<HistoryVersion> lost)
    {
        Dictionary<Bytes, (HistoryVersion Version, Bytes? Value)> last = [];
        HashSet<(Bytes Key, Bytes? Value)> unknown = [];

        foreach (var (operation, step) in Operations.SelectMany(one => one.Steps.Select(step => (one, step))))
        {
            if (ChangeOf(step) is not { } change)
            {
                continue;
            }

            if (operation.OutcomeUnknown)
            {
                unknown.Add((change.Key, change.Value));
            }
            else if (change.Version is { } version && !lost.Contains(version)
                && (!last.TryGetValue(change.Key, out var other) || other.Version <= version))
            {
                last[change.Key] = (version, change.Value);
            }
        }

        var reads = Operations.Where(operation => operation.AtRest)
            .SelectMany(operation => operation.Steps).OfType<HistoryStep.Read>();

        foreach (var read in reads)
        {
            bool isLast = last.TryGetValue(read.Key, out var expected)
                ? Nullable.Equals(read.Value, expected.Value)
                : read.Value is null;

            if (!isLast && !unknown.Contains((read.Key, read.Value)))
            {
                _wrong.Add($"{read.Key} is {read.Value} ({read.Version}) at rest; "
                    + $"its last writer wrote {expected.Value} ({expected.Version})");
            }
        }
    }

    private void Check(bool nothingIsLost)
    {
        var verdict = CausalChecker.Check(
            history, new CheckOptions { Versions = VersionUse.Judge, NothingIsLost = nothingIsLost });
        tally.Add(Happening.Sessions, verdict.Figures.Sessions);
        tally.Add(Happening.Operations, verdict.Figures.Operations);
        tally.Add(Happening.ReadsOfOthers, verdict.Figures.ReadsOfOthers);
        tally.Add(Happening.FinalReads, verdict.Figures.FinalReads);

        if (verdict is Verdict.Violated violated)
        {
            tally.Add(Happening.Violations, violated.Found);
            Broken = violated.Broken;
            _wrong.AddRange(violated.Violations.Select(violation => violation.ToString()));
        }
        else if (verdict is Verdict.CannotBeJudged(var reason, _))
        {
            _wrong.Add($"it cannot be judged: {reason}");
        }
    }

    private static (Bytes Key, Bytes? Value, HistoryVersion? Version)? ChangeOf(HistoryStep step) =>
        step switch
        {
            HistoryStep.Write(var key, var value, var version) => (key, value, version),
            HistoryStep.Delete(var key, var version) => (key, null, version),
            _ => null,
        };
}
