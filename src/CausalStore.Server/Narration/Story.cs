using CausalStore.Protocol;
using CausalStore.Replication;
using Serilog;
using Serilog.Events;

namespace CausalStore.Server.Narration;

/// <summary>What a person reads of each <see cref="Notice"/>: all texts of the narration.</summary>
internal sealed class Story(ILogger log, Consistency consistency)
{
    private const int OperationsShown = 10;

    // Either its writer had seen nothing, or every member has what it had seen.
    private const string NothingNeeded = "nothing to wait for";

    /// <summary>One who waits for a value reads it many times a second: that is told once.</summary>
    private (Session Session, string Asked, string Shown)? _lastRead;

    public void Tell(Notice notice)
    {
        switch (notice)
        {
            case Notice.ClientNamed(var session):
                log.Information("{Client} is connected (session {Session})", Name(session), session.Number);
                break;
            case Notice.WriteAccepted(var session, var write):
                log.Information(
                    "{Client}: {Operations} ({Version}), {Needs}",
                    Name(session), Did(write), $"{write.Version}",
                    write.Needs.IsEmpty ? NothingNeeded : $"to be shown after {Needs(write)}");
                break;
            case Notice.WriteDelayed(var write, var from, var missing):
                log.Information(
                    "delaying {Operations} ({Version}){Way}: needs {Missing}, not here yet",
                    Did(write), $"{write.Version}", Detour(write, from), Clip.Text($"{missing}"));
                break;
            case Notice.WriteApplied applied:
                TellApplied(applied);
                break;
            case Notice.ConflictDecided(byte[] key, var winner, var loser):
                log.Information(
                    "conflict on {Key}: {Winner} wins over {Loser}, the last writer",
                    Clip.Word(key), $"{winner}", $"{loser}");
                break;
            case Notice.KeysRead read:
                TellRead(read);
                break;
            default:
                TellOfServers(notice);
                break;
        }
    }

    private void TellOfServers(Notice notice)
    {
        switch (notice)
        {
            case Notice.PeerConnected(var peer, var address, bool dialled):
                log.Information(
                    dialled
                        ? "connected to server {Peer} at {Address}"
                        : "server {Peer} at {Address} has connected",
                    $"{peer}", Clip.Text($"{address}"));
                break;
            case Notice.PeerDisconnected(var peer):
                log.Information("server {Peer} is disconnected; what it lacks is kept for it", $"{peer}");
                break;
            case Notice.PeerUnreachable(var address, string reason):
                log.Warning(
                    "nobody answers at {Address}: {Reason}; is that server started?"
                    + " Trying again until it answers",
                    Clip.Text($"{address}"), Clip.Text(reason));
                break;
            case Notice.Cluster(string text, bool isWarning):
                log.Write(
                    isWarning ? LogEventLevel.Warning : LogEventLevel.Information, "{Text}", Clip.Text(text));
                break;
            case Notice.BadLine(string from, string error):
                log.Warning("skipped a bad line of {From}: {Error}", Clip.Text(from), Clip.Text(error));
                break;
        }
    }

    private void TellApplied(Notice.WriteApplied applied)
    {
        var write = applied.Write;
        string detour = Detour(write, applied.From);

        if (applied.Waited is { } waited)
        {
            log.Information(
                "applied {Operations} ({Version}){Way} after {Seconds} s: {Released}",
                Did(write), $"{write.Version}", detour, $"{waited.TotalSeconds:0.0##}",
                Release(applied));
            return;
        }

        string way = detour.Length > 0 ? detour : $" from server {applied.From}";
        log.Information(
            "applied {Operations} ({Version}){Way}: {Check}",
            Did(write), $"{write.Version}", way, Check(write));
    }

    /// <summary>What came at last, and who brought it.</summary>
    private static string Release(Notice.WriteApplied applied)
    {
        if (applied.ReleasedBy is not { } by)
        {
            return "what it needed arrived";
        }

        if (applied.Arrival is not var (arrived, from))
        {
            return $"{by} arrived";
        }

        string way = from == arrived.Origin ? $" from server {from}" : $" by way of server {from}";
        return by == arrived ? $"{by} arrived{way}" : $"{by} was released, by {arrived} that arrived{way}";
    }

    private void TellRead(Notice.KeysRead read)
    {
        string asked = Some(read.Asked.Select(key => Clip.Word(key)), read.Asked.Count);
        string first = string.Join(
            ", ", read.First.Select(pair => $"{Clip.Word(pair.Key)} = {Clip.Word(pair.Value)}"));
        long more = read.Keys - read.First.Count;
        string shown = $"{(first.Length > 0 ? first : "empty")}{(more > 0 ? $", and {more} more" : "")}";
        var told = (read.Session, asked, shown);

        if (told != _lastRead)
        {
            _lastRead = told;
            log.Information("{Client} reads {Asked}; the store: {Shown}", Name(read.Session), asked, shown);
        }
    }

    private string Check(Write write) => (write.Needs.IsEmpty, consistency) switch
    {
        // An eventual server does not keep count of what its sessions have read.
        (true, Consistency.Eventual) => "nobody asks what it needs (--consistency eventual)",
        (true, _) => NothingNeeded,
        (_, Consistency.Eventual) => $"it needs {Needs(write)}, but nobody looks (--consistency eventual)",
        _ => $"it needs {Needs(write)}, which is here",
    };

    private static string Needs(Write write) => Clip.Text($"{write.Needs}");

    /// <summary>Nothing where a write comes straight from its origin.</summary>
    private static string Detour(Write write, ServerId from) =>
        from == write.Version.Origin ? "" : $" by way of server {from}";

    private static string Name(Session session) =>
        session.Name.Length > 0 ? Clip.Text(session.Name) : $"client {session.Number}";

    private static string Did(Write write)
    {
        List<string> shown = [];
        int count = 0;

        foreach (var operation in new Operations(new WordSplitter().Split(write.OperationsText), first: 0))
        {
            if (count++ < OperationsShown)
            {
                shown.Add(operation.IsDelete
                    ? $"{Clip.Word(operation.Key)} deleted"
                    : $"{Clip.Word(operation.Key)} = {Clip.Word(operation.Value)}");
            }
        }

        return Some(shown, count);
    }

    private static string Some(IEnumerable<string> texts, int count)
    {
        string shown = string.Join(", ", texts.Take(OperationsShown));
        return count > OperationsShown ? $"{shown}, and {count - OperationsShown} more" : shown;
    }
}
