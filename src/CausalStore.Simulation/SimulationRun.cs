using CausalStore.Protocol;

namespace CausalStore.Simulation;

/// <summary>What came of one run.</summary>
/// <param name="Promise">The promise that was broken; null: none.</param>
/// <param name="Failure">The same, and how.</param>
/// <param name="Inconclusive">Why the run proves nothing; null: it does.</param>
/// <param name="Acts">What clients and chance did.</param>
/// <param name="Story">Every line that was sent, where the run kept them.</param>
/// <param name="Events">What servers and clients did and saw, as a trace.</param>
internal sealed record RunReport(
    ulong Seed, Profile Profile, string? Promise, string? Failure, string? Inconclusive, Coverage Coverage,
    ulong Hash, TimeSpan Simulated, int Acts, IReadOnlyCollection<string> Story, string Events)
{
    public override string ToString() =>
        $"seed={Seed} profile={Profile}: {Failure ?? Inconclusive ?? "all promises kept"}";
}

/// <summary>One run: a cluster begins, goes through trouble, and must come to rest with every promise
/// kept.</summary>
internal sealed class SimulationRun
{
    private const long EventsMax = 5_000_000;
    private const int OperationsLeast = 80;
    private const int ServersLeast = 2;

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan FoundingMax = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan PatienceOfTheOperator = TimeSpan.FromSeconds(25);
    private static readonly TimeSpan HealingMax = TimeSpan.FromMinutes(3);

    private readonly World _world;

    private SimulationRun(World world) => _world = world;

    /// <summary>Runs a seed: the same seed and profile always give the same run.</summary>
    public static RunReport Run(ulong seed, Profile profile, bool keepsText = false) =>
        Run(new World(seed, dice => Settings.Draw(profile, dice), keepsText), seed);

    /// <summary>Runs a world that is as it was made.</summary>
    public static RunReport Run(World world, ulong seed)
    {
        BrokenPromiseException? failure = null;

        try
        {
            new SimulationRun(world).Run();
        }
        catch (BrokenPromiseException broken)
        {
            failure = broken;
        }

        return new RunReport(
            seed, world.Settings.Profile, failure?.Promise, failure?.Message,
            failure is null ? Inconclusive(world) : null, world.Coverage, world.Trace.Hash,
            world.Timeline.Now, world.ActsSoFar, world.Trace.Lines, world.Trace.Events);
    }

    private void Run()
    {
        bool isBootstrap = _world.Settings.Profile == Profile.Bootstrap;
        _world.Operator.Found();

        // A full delay queue has writes sent again and again: enough for what is there, too slow for ever
        // more.
        if (!_world.Settings.TinyDelayQueue)
        {
            _world.Workload.Start();
        }

        if (!isBootstrap)
        {
            Await(IsWhole, FoundingMax, "the cluster is not founded");
        }

        if (_world.Settings.TinyDelayQueue)
        {
            _world.Workload.Start();
        }

        BeginTrouble();
        Pass(_world.Settings.Trouble);
        _world.IsCalm = true;
        _world.Note("calm");
        _world.IsHealing = _world.Settings.TinyDelayQueue;
        _world.Network.Heal();
        _world.Machines.Repair();
        HealLinks();
        _world.Forgetting.SayAgainWhoIsGone();
        AwaitEverybody();
        Pass(isBootstrap ? TimeSpan.FromSeconds(4) : TimeSpan.FromSeconds(1));
        _world.IsHealing = true;
        _world.Note("no more requests");
        Await(IsAtRest, HealingMax, "the replicas do not become equal", AwaitEverybody);
        Pass(TimeSpan.FromSeconds(2));
        Await(NoDeleteIsRemembered, HealingMax, "deletes are remembered for ever", AwaitEverybody);
        new LastLook(_world).Judge();
    }

    private void BeginTrouble()
    {
        _world.Note("trouble");
        _world.Weather.Begin();
        _world.Operator.Begin();
    }

    private void HealLinks()
    {
        foreach (var server in _world.Serving.ToArray())
        {
            foreach (var other in _world.Servers.Select(other => other.Id).Distinct())
            {
                if (other != server.Id)
                {
                    _world.Operator.Request(server, $"link {other} heal");
                }
            }
        }
    }

    /// <summary>Whoever still waits when the operator's patience ends is started anew, as its advice
    /// says.</summary>
    private void AwaitEverybody()
    {
        var impatient = _world.Timeline.Now + PatienceOfTheOperator;
        var end = _world.Timeline.Now + HealingMax;

        while (!IsWhole())
        {
            if (_world.Timeline.Now > end)
            {
                throw new BrokenPromiseException(Promises.EveryoneJoins, Describe());
            }

            Pass(Look);
            _world.Operator.FillUpTo(ServersLeast);

            if (_world.Timeline.Now > impatient)
            {
                impatient = _world.Timeline.Now + PatienceOfTheOperator;
                Rescue();
            }
        }
    }

    private void Rescue()
    {
        var main = MainRecord();
        var stuck = _world.Running
            .Where(server => !server.IsServing || _world.IsForgotten(server.Id) || server.WasTakenInByOldCopy
                || (ClustersMax == 1 && server.Observer!.Record != main))
            .Where(_world.Operator.MayHaveToRescue)
            .ToArray();

        if (stuck.Length > 0)
        {
            _world.Operator.Rescue(stuck);
        }
    }

    private Record? MainRecord() => _world.Serving
        .GroupBy(server => server.Observer!.Record)
        .MaxBy(cluster => cluster.Count())?.Key;

    private int ClustersMax => _world.Settings.Profile == Profile.TwoClusters ? 2 : 1;

    /// <summary>Whether everybody who runs serves, all in one cluster, nobody who is forgotten runs, and
    /// nobody of whom the others may not know.</summary>
    private bool IsWhole()
    {
        var running = _world.Running.ToArray();
        return running.Length >= ServersLeast
            && running.All(server =>
                server.IsServing && !_world.IsForgotten(server.Id) && !server.WasTakenInByOldCopy)
            && running.Select(server => server.Observer!.Record).Distinct().Count() <= ClustersMax;
    }

    private bool IsAtRest()
    {
        var serving = _world.Serving.ToArray();
        return IsWhole()
            && serving.All(server => server.Probe("pending") is [Response.End(0)])
            && serving.GroupBy(server => server.Observer!.Record)
                .All(cluster => cluster.Select(State).Distinct().Count() == 1);
    }

    /// <summary>Whether all tombstones are gone: everybody has what they are there for.</summary>
    private bool NoDeleteIsRemembered() => _world.Serving.All(server => server.Status("tombstones") == "0");

    /// <summary>What it shows and what it has applied: a write that changes nothing to see must arrive as
    /// well.</summary>
    private static string State(SimulatedServer server) => string.Join(
        '\n', server.Probe("scan \"\"").OfType<Response.Value>().Select(value => $"{value.Version}")
            .Concat(server.Status("applied").Split(',').Order(StringComparer.Ordinal)));

    /// <param name="otherwise">What is to be said if it takes longer.</param>
    /// <param name="first">What else must end first: somebody found out late may be replaced by one that
    /// names a server which is gone by then.</param>
    private void Await(Func<bool> isSo, TimeSpan longest, string otherwise, Action? first = null)
    {
        var end = _world.Timeline.Now + longest;

        while (!isSo())
        {
            if (_world.Timeline.Now > end)
            {
                throw new BrokenPromiseException(
                    IsWhole() ? Promises.Convergence : Promises.EveryoneJoins, $"{otherwise}\n{Describe()}");
            }

            Pass(Look);
            first?.Invoke();
        }
    }

    private void Pass(TimeSpan time)
    {
        var end = _world.Timeline.Now + time;

        while (_world.Timeline.Now < end)
        {
            var next = _world.Timeline.Now + Look;
            _world.Timeline.RunUntil(next < end ? next : end);

            foreach (var server in _world.Running.ToArray())
            {
                server.TryObserve();
            }

            if (_world.IsCalm)
            {
                _world.Forgetting.Tidy();
            }

            if (_world.Timeline.Count > EventsMax)
            {
                throw new BrokenPromiseException(Promises.Convergence, $"no end of events\n{Describe()}");
            }
        }
    }

    /// <summary>What the servers say of themselves.</summary>
    private string Describe()
    {
        var lines = _world.Running.SelectMany(server => (string[])[
            $"server {server.Id} ({(server.IsServing ? "serves" : "waits")}):",
            .. server.Probe("status").Concat(server.Probe("pending")).Concat(server.Probe("read x"))
                .Select(response => $"    {World.Words(response)}")]);
        return string.Join('\n', lines);
    }

    private static string? Inconclusive(World world)
    {
        var coverage = world.Coverage;

        return world.Settings.Profile switch
        {
            _ when coverage[Happening.Operations] < OperationsLeast =>
                $"only {coverage[Happening.Operations]} operations",
            Profile.Partition when coverage[Happening.Partitions] == 0
                && coverage[Happening.OneWayPartitions] == 0 => "no partition",
            Profile.Join or Profile.Expected
                when coverage[Happening.ServersServing] <= world.Settings.Servers => "nobody joined",
            Profile.Crash or Profile.Copy when coverage[Happening.Restarts] == 0 => "nobody was restarted",
            Profile.FullDisk when coverage[Happening.FullDisks] == 0 => "no disk was full",
            Profile.Forget or Profile.Settle when coverage[Happening.Forgets] == 0 => "nobody was forgotten",
            _ => null,
        };
    }
}
