using CausalStore.Protocol;

namespace CausalStore.Simulation;

/// <summary>
/// One session as it is meant: what it has seen, and what it must therefore never be shown. It outlives the
/// connections on which a client carries it from server to server.
/// </summary>
internal sealed class SessionJudge(string name, Record record, Coverage coverage)
{
    public string Name => name;

    public Record Record => record;

    public Sight Seen { get; private set; } = new(record.Keys.Count);

    /// <summary>The part of it that its client can name: not the deletes behind what a scan left
    /// out.</summary>
    public Sight Named { get; private set; } = new(record.Keys.Count);

    public SessionLog Log { get; } = record.LogOf(name);

    /// <summary>The connection is gone: what the client goes on with is what it can name.</summary>
    /// <param name="named">What it could name when it received its last line.</param>
    /// <param name="seen">What it had seen by then.</param>
    public void Leave(Sight named, Sight seen)
    {
        if (named.FirstBeyond(seen) >= 0)
        {
            Log.Break();
        }

        Named = named.Copy();
        Seen = named.Copy();
    }

    /// <summary>Takes back what the client never received.</summary>
    /// <returns>How many writes of which it does not know whether they happened.</returns>
    public int Rewind(int logged)
    {
        int unknown = Log.Rewind(logged);
        int before = Log.Entries.Count;

        var writes = Log.Entries.OfType<SessionLog.Entry.Write>().Where(write => write.IsUnknown);

        foreach (var write in writes.Where(write => record.Find(write.Version) is null).ToArray())
        {
            Log.NeverHappened(write.Version);
        }

        return unknown - (before - Log.Entries.Count);
    }

    /// <summary>The server has named all that the session has seen: by a version, or by a context.</summary>
    public void NameAll() => Named = Seen.Copy();

    /// <summary><c>ok VERSION</c></summary>
    public void Wrote(SimulatedServer server, Asked.Write asked, WriteVersion version)
    {
        if (version.Origin != server.Id || version <= Seen.Greatest)
        {
            throw new BrokenPromiseException(
                Promises.VersionsAreUnique,
                $"{name} wrote {version} at server {server.Id}, after it had seen {Seen.Greatest}");
        }

        if (server.IsFull)
        {
            throw new BrokenPromiseException(
                Promises.CleanAnswers, $"server {server.Id} has no room, and gives out {version}");
        }

        foreach (var (key, _) in asked.Operations)
        {
            Seen.Add(key, version);
        }

        NameAll();
        record.Add(new WriteRecord(version, asked.Operations, Seen.Copy(), name));
        server.Deliveries.Accepted(version);
        server.MustSurvive.Accepted(version, record);
        Log.Wrote(asked.Operations, version);
        coverage.Count(Happening.Writes);
        coverage.Count(Happening.AtomicWrites, asked.Operations.Count > 1 ? 1 : 0);
        coverage.Count(Happening.Deletes, asked.Operations.Any(operation => operation.Value is null) ? 1 : 0);
    }

    /// <summary>The lines of a <c>read</c>: one state, and none older than what the session has
    /// seen.</summary>
    public void Read(SimulatedServer server, Asked.Read asked)
    {
        var lines = asked.Keys.Zip(asked.Reply).ToArray();
        coverage.Count(Happening.Reads);
        coverage.Count(Happening.ManyKeyReads, lines.Length > 1 ? 1 : 0);

        foreach (var (key, response) in lines)
        {
            server.Observer!.JudgeShown(key, response);
            AddNamed(See(key, response));
        }

        // By now Seen holds the past of every line: none of them may be older than what the others follow
        // from.
        foreach (var (key, response) in lines)
        {
            Judge(server, key, response, lines.Length > 1 ? Promises.OneState : Promises.SessionGuarantees);
        }

        Log.Read(lines);
    }

    /// <summary>The lines of a <c>scan</c>: every key in its range, and what it leaves out is not
    /// there.</summary>
    public void Scanned(SimulatedServer server, Asked.Scan asked)
    {
        coverage.Count(Happening.Scans);
        var inRange = record.Keys.InRange(asked.Prefix, asked.After);
        var expected = inRange.Where(server.Observer!.IsPresent).Take(asked.Limit).ToArray();
        var found = asked.Reply.OfType<Response.Value>().ToArray();

        if (!expected.SequenceEqual(found.Select(value => record.Keys.IndexOf(value.Key)))
            || asked.Reply[^1] is not Response.End(var count) || count != found.Length)
        {
            throw new BrokenPromiseException(
                Promises.OneState,
                $"server {server.Id} answers '{asked.Line}' with "
                    + $"{string.Join(", ", asked.Reply.Select(World.Words))}; it has pushed "
                    + string.Join(", ", expected.Select(key => record.Keys[key])));
        }

        // That a deleted key is left out is seen as well, up to where a limit ended the scan.
        var seen = found.Length < asked.Limit
            ? inRange
            : inRange.TakeWhile(key => key != expected[^1]).Append(expected[^1]);
        var lines = seen.Select(key => (Key: key, Shown: Shown(server, found, key))).ToArray();

        foreach (var (key, shown) in lines)
        {
            server.Observer.JudgeShown(key, shown);
            var write = See(key, shown);
            AddNamed(shown is Response.Value ? write : null);
        }

        foreach (var (key, shown) in lines)
        {
            Judge(server, key, shown, Promises.OneState);
        }

        Log.Scanned(asked, found);
    }

    /// <summary><c>update K V VERSION</c> or <c>removed K VERSION</c></summary>
    public void Pushed(SimulatedServer server, int key, byte[]? value, WriteVersion version)
    {
        coverage.Count(Happening.Pushes);

        if (version < Seen[key])
        {
            throw new BrokenPromiseException(
                Promises.SessionGuarantees,
                $"{name} is pushed {version} of {record.Keys[key]} by server {server.Id}, "
                    + $"after it had seen {Seen[key]}");
        }

        var write = record.Shown(key, value, version);
        Seen.Add(write.Past);
        AddNamed(write);
        Log.Pushed(key, value, version);
    }

    /// <summary>The session goes on at a server that has taken over its context: all it has seen is
    /// there.</summary>
    public void Carried(SimulatedServer server)
    {
        for (int key = 0; key < Seen.Keys; key++)
        {
            server.Observer!.Demand(
                key, Seen[key], Promises.SessionGuarantees, $"it has answered ok to the context of {name}");
        }
    }

    private Response Shown(SimulatedServer server, IEnumerable<Response.Value> found, int key) =>
        (Response?)found.FirstOrDefault(value => record.Keys.IndexOf(value.Key) == key)
        ?? server.Probe($"read {record.Keys[key]}")[0];

    private WriteRecord? See(int key, Response response)
    {
        var write = response switch
        {
            Response.Value value => record.Shown(key, value.Data, value.Version),
            Response.Missing { Version: { } deleted } => record.Shown(key, null, deleted),
            _ => null,
        };

        if (write is not null)
        {
            coverage.Count(Happening.ReadsOfAnothersWrite, write.Writer == name ? 0 : 1);
            Seen.Add(write.Past);
        }

        return write;
    }

    private void AddNamed(WriteRecord? write)
    {
        if (write is not null)
        {
            Named.Add(write.Past);
        }
    }

    private void Judge(SimulatedServer server, int key, Response response, string promise)
    {
        bool isFresh = response switch
        {
            Response.Value value => value.Version >= Seen[key],
            Response.Missing { Version: { } deleted } => deleted >= Seen[key],
            _ => record.MayBeGone(key, Seen[key]),
        };

        if (!isFresh)
        {
            throw new BrokenPromiseException(
                promise, $"{name} at server {server.Id} has seen what follows from {Seen[key]} of "
                    + $"{record.Keys[key]}, and is shown {World.Words(response)}");
        }
    }
}
