using CausalStore.Protocol;

namespace CausalStore.Simulation;

/// <summary>When everything is at rest: is everything there, everywhere the same, and does everybody find
/// it?</summary>
internal sealed class LastLook(World world)
{
    public void Judge()
    {
        foreach (var server in world.Serving.ToArray())
        {
            server.Turn(_ => Judge(server));
        }

        JudgeClients();
        JudgeFromOutside();
        int lost = world.Records.Sum(record => record.Writes.Count(write => record.IsLost(write.Version)));
        world.Coverage.Count(Happening.WritesLost, lost);
    }

    private void Judge(SimulatedServer server)
    {
        var observer = server.Observer!;

        for (int key = 0; key < world.Keys.Count; key++)
        {
            var response = server.Probe($"read {world.Keys[key]}")[0];
            observer.JudgeShown(key, response);

            if (response is Response.Value value && observer.Record.IsLost(value.Version))
            {
                throw new BrokenPromiseException(
                    Promises.LostIsLost, $"server {server.Id} shows {World.Words(response)}");
            }
        }

        JudgeWhatItHeld(server, observer.Record);

        foreach (var write in observer.Record.Writes)
        {
            if (!observer.Record.Forgotten.Contains(write.Version.Origin))
            {
                Demand(observer, write);
            }
        }

        if (server.Status("delayed") is not "0" and var delayed)
        {
            throw new BrokenPromiseException(
                Promises.Convergence, $"at rest, server {server.Id} has {delayed} delayed writes");
        }
    }

    /// <summary>What it held of a forgotten server before anybody forgot that one must have reached
    /// everybody, unless something that it needs was in nobody's hands.</summary>
    private void JudgeWhatItHeld(SimulatedServer server, Record record)
    {
        foreach (var version in server.MustSurvive.Held.Where(record.IsLost))
        {
            bool needsLost = record.NeedsOf(version) is not { } needs || NeedsLost(record, needs);
            world.Coverage.Count(Happening.WritesLostWithTheirCause);

            if (!needsLost)
            {
                throw new BrokenPromiseException(
                    Promises.NothingInHandIsLost,
                    $"server {server.Id} held {version}, which is lost; it needs {record.NeedsOf(version)}");
            }
        }
    }

    private static bool NeedsLost(Record record, Context needs)
    {
        foreach (var need in needs.Exact)
        {
            if (record.IsLost(need))
            {
                return true;
            }
        }

        foreach (var last in needs.UpTo)
        {
            if (record.Writes.Any(write => write.Version.Origin == last.Origin
                && write.Version.Timestamp <= last.Timestamp && record.IsLost(write.Version)))
            {
                return true;
            }
        }

        return false;
    }

    private void JudgeFromOutside()
    {
        foreach (var record in world.Records)
        {
            OutsideJudge judge = new(record);
            world.Coverage.Count(Happening.OperationsJudgedFromOutside, judge.Operations);

            if (judge.Judge() is { } violations)
            {
                throw new BrokenPromiseException(Promises.OutsideView, violations);
            }
        }
    }

    private static void Demand(Observer observer, WriteRecord write)
    {
        foreach (var (key, _) in write.Operations)
        {
            observer.Demand(
                key, write.Version, Promises.NothingAcknowledgedIsLost, $"{write.Version} was acknowledged");
        }
    }

    /// <summary>Every session goes on at another server: it must be taken in at once, and find all it has
    /// seen.</summary>
    private void JudgeClients()
    {
        var serving = world.Serving.ToArray();

        foreach (var client in world.Workload.Clients.Where(client => client.Judge is not null))
        {
            client.Judge!.Log.IsAtRest = true;
        }

        world.Workload.ReadAll();

        foreach (var client in world.Workload.Clients)
        {
            if (client.IsConnected && !client.IsIdle)
            {
                throw new BrokenPromiseException(
                    Promises.CleanAnswers, $"{client.Name} still waits for server {client.Server!.Id}");
            }

            client.Disconnect();
            client.Connect(world.JudgeDice.Pick(serving));
        }

        world.Workload.ReadAll();

        bool somethingIsLost = world.Coverage[Happening.Forgets] > 0
            || world.Coverage[Happening.ClustersFounded] > 0;

        if (!somethingIsLost && world.Workload.Clients.Any(client => !client.IsIdle))
        {
            throw new BrokenPromiseException(
                Promises.SessionGuarantees, "at rest, a session is not taken in with its context");
        }
    }
}
