using CausalStore.Protocol;
using CausalStore.Replication;

namespace CausalStore.Simulation;

/// <summary>Who starts servers, loses them, declares them gone and puts others in their place.</summary>
internal sealed class Operator(World world, Dice dice)
{
    private const int RunningMax = 7;

    private readonly HashSet<SimulatedServer> _mistakes = [];
    private readonly StartOptions _start = new(world, dice);
    private int _lastId;
    private int _lastHost;
    private bool _hasRestartedEarly;

    /// <summary>Starts the first servers in any order, each naming one or more others, so that all are
    /// connected.</summary>
    public void Found()
    {
        int count = world.Settings.Servers;
        List<int> order = [.. Enumerable.Range(1, count)];
        var peers = order.ToDictionary(host => host, _ => new HashSet<int>());
        dice.Shuffle(order);
        order = world.Settings.NewcomersAreFar ? [.. order.Order()] : order;
        bool hasFounder = dice.Chance(0.25) || world.Settings.Profile == Profile.Expected;

        for (int index = 1; index < count; index++)
        {
            // A tree; each edge named by its one end or the other, and by one who would else name nobody.
            var (child, parent) = (order[index], order[dice.Below(index)]);
            bool isNamedByChild = peers[child].Count == 0 || dice.Chance(0.5)
                || (hasFounder && parent == order[0]);
            peers[isNamedByChild ? child : parent].Add(isNamedByChild ? parent : child);
        }

        foreach (var (host, named) in peers)
        {
            bool founds = hasFounder && host == order[0];

            if ((named.Count == 0 && !founds) || dice.Chance(0.3))
            {
                named.Add(dice.Pick(order.Where(other => other != host || dice.Chance(0.1)).ToArray()));
            }

            var chosen = founds && dice.Chance(0.5) ? [] : named;
            ServerAddress[] addresses = [.. chosen.Select(SimulatedServer.AddressOf)];
            var options = Options(new ServerId((ushort)host), host, addresses) with { Found = founds };
            bool isSlow = world.Settings.Profile == Profile.Bootstrap;
            var later = dice.Around(TimeSpan.FromSeconds(isSlow ? 2 : 0.2));
            world.Timeline.After(later, () => world.Start(options, host));
        }

        _lastId = _lastHost = count;
    }

    public void Begin()
    {
        var settings = world.Settings;

        if (settings.HasDisks)
        {
            world.Machines.Begin();
        }
        else
        {
            world.Weather.Every(settings.CrashEvery, Crash);
        }

        world.Weather.Every(settings.EarlyRestartEvery, RestartEarly);
        world.Weather.Every(settings.JoinEvery, () => Join(""));
        world.Weather.Every(settings.ForgetLiveEvery, world.Forgetting.ForgetLive);
        world.Weather.Every(settings.ForgetEachOtherEvery, world.Forgetting.ForgetEachOther);

        // Chance may spare a run the trouble that it is about.
        Action? certain = settings.Profile switch
        {
            Profile.Forget => Crash,
            Profile.Join or Profile.Expected => () => Join(""),
            Profile.TwoClusters => FoundAnother,
            _ => null,
        };

        if (certain is not null)
        {
            world.Timeline.After(settings.Trouble / 4, certain);
        }

        for (int time = 2; time < 8 && settings.Profile == Profile.Settle; time++)
        {
            world.Timeline.After(time * settings.Trouble / 8, () =>
            {
                if (world.Coverage[Happening.Forgets] == 0)
                {
                    world.Forgetting.ForgetLive();
                }
            });
        }
    }

    /// <summary>A second cluster: two servers, the first of which names one of the other cluster.</summary>
    private void FoundAnother()
    {
        int host = ++_lastHost;
        var peers = Named(1);
        world.Coverage.Count(Happening.ClustersFounded);
        world.Start(Options(NewId(), host, peers) with { Found = true }, host);
        ServerAddress[] founder = [SimulatedServer.AddressOf(host)];
        int second = ++_lastHost;
        world.Timeline.After(
            TimeSpan.FromSeconds(0.5), () => world.Start(Options(NewId(), second, founder), second));
    }

    /// <summary>A request of somebody at a server's terminal; it must be obeyed.</summary>
    public void Request(SimulatedServer server, string request)
    {
        world.Note($"at server {server.Id}: {request}");
        server.Turn(_ =>
        {
            if (server.Probe(request)[0] is not Response.Ok)
            {
                throw new BrokenPromiseException(
                    Promises.CleanAnswers, $"server {server.Id} refuses '{request}'");
            }
        });
    }

    /// <summary>A server has ended with advice: it is replaced, as the advice says.</summary>
    public void Exited(SimulatedServer server, string advice)
    {
        if (_mistakes.Remove(server))
        {
            world.Coverage.Count(Happening.OldIdsRefused);
        }
        else if (server.Disk is { } disk)
        {
            disk.IsGone = true;
            Follow(server, advice);
        }
        else
        {
            Replace(server);
        }
    }

    /// <summary>Its data are gone, and somebody starts it as if nothing had happened.</summary>
    public void ReturnByMistake(SimulatedServer old, ServerAddress[] peers, Mistake mistake)
    {
        if (world.ListeningAt(old.Address) is null && !world.IsCalm)
        {
            world.Start(Options(old.Id, old.Host, peers), old.Host, mistake: mistake);
        }
    }

    /// <summary>Starts another server under the id of one.</summary>
    public void StartSameId(SimulatedServer original)
    {
        int host = ++_lastHost;
        world.Start(Options(original.Id, host, Named(2)), host, mistake: Mistake.SameId);
    }

    /// <summary>A server ends that may have no name yet: what it told may leave others waiting for
    /// it.</summary>
    public void CrashesEarly(SimulatedServer victim) =>
        _hasRestartedEarly |= !victim.IsServing && victim.Status("cluster") == "-"
            && victim.Mistake == Mistake.None;

    /// <summary>Whether somebody must read a server's advice and act on it: everybody whom it was told of is
    /// gone; or servers were restarted before they had joined, and what they had told leaves others waiting
    /// for them, or two clusters were founded.</summary>
    public bool MayHaveToRescue(SimulatedServer server) => _hasRestartedEarly || server.WasTakenInByOldCopy
        || world.Machines.IsPastFindingOut(server)
        || (world.IsForgotten(server.Id) && KnowsNobodyWhoRuns(server))
        || server.Options.Peers.All(peer => world.ListeningAt(peer) is null or { Observer: null });

    /// <summary>Forgotten while it ran, and all whom it knows are gone: nobody can tell it, and nobody has
    /// stopped it first.</summary>
    private bool KnowsNobodyWhoRuns(SimulatedServer server)
    {
        var known = server.Members().ToHashSet();
        return !world.Running.Any(other => other != server && known.Contains(other.Id));
    }

    /// <summary>Somebody waits and nothing comes of it: empties its directory and starts it anew, as its
    /// advice says.</summary>
    public void Rescue(IReadOnlyList<SimulatedServer> stuck)
    {
        world.Coverage.Count(Happening.RescuesByTheOperator, stuck.Count);

        foreach (var server in stuck)
        {
            world.Note($"server {server.Id} is started anew under another id");

            if (server.Disk is { } disk)
            {
                disk.IsGone = true;
            }

            server.Crash();
        }

        world.Forgetting.Tidy();
        FillUpTo(stuck.Count + 1);
    }

    /// <summary>Starts servers until that many run; where none does, the first founds a cluster.</summary>
    public void FillUpTo(int count)
    {
        if (!world.Running.Any())
        {
            int host = ++_lastHost;
            world.Start(Options(NewId(), host, []), host);
        }

        while (world.Running.Count() < Math.Min(count, RunningMax))
        {
            Join("so that there are enough");
        }
    }

    private void Crash()
    {
        var running = world.Running
            .Where(server => !world.Settings.NewcomersAreFar
                || (server.IsServing && server.Host > world.Settings.Servers))
            .ToArray();
        int serving = world.Serving.Count(server => !world.IsForgotten(server.Id));

        if (dice.PickOrNone(running) is { CrashPoint: CrashPoint.None } victim
            && (serving >= 2 || !victim.IsServing)
            && !world.IsForgotten(victim.Id))
        {
            Crash(victim);
            Replace(victim);
        }
    }

    private void Crash(SimulatedServer victim)
    {
        world.Coverage.Count(Happening.Crashes);
        world.Coverage.Count(Happening.CrashesWhileWaiting, victim.IsServing ? 0 : 1);
        _hasRestartedEarly |= !victim.IsServing;

        if (dice.Chance(0.5))
        {
            victim.Crash();
        }
        else
        {
            victim.CrashPoint = CrashPoint.InATurn;
        }
    }

    private void Replace(SimulatedServer old)
    {
        if (old.IsServing && dice.Chance(0.3))
        {
            world.Timeline.After(dice.Around(TimeSpan.FromSeconds(1)), () => ReturnByMistake(old));
        }

        world.Timeline.After(dice.Around(TimeSpan.FromSeconds(2)), () => world.Forgetting.Forget(old.Id));
        world.Timeline.After(dice.Around(TimeSpan.FromSeconds(3)), () => Join("in its place", old));
    }

    /// <summary>Its data are gone, and it is started again as if nothing had happened.</summary>
    private void ReturnByMistake(SimulatedServer old)
    {
        if (world.ListeningAt(old.Address) is null && !world.IsCalm && Named(1) is { Length: > 0 } peers)
        {
            _mistakes.Add(world.Start(Options(old.Id, old.Host, peers), old.Host));
        }
    }

    private void RestartEarly()
    {
        var waiting = world.Running
            .Where(server => !server.IsServing && server.Options.Peers.Count > 0 && !server.Options.Found)
            .ToArray();

        if (dice.PickOrNone(waiting) is not { } victim)
        {
            return;
        }

        Crash(victim);
        var old = victim.Options;
        bool isSameId = dice.Chance(0.5);
        var options = Options(isSameId ? old.Id : NewId(), victim.Host, old.Peers);

        world.Timeline.After(dice.Around(TimeSpan.FromSeconds(1)), () =>
        {
            if (world.ListeningAt(victim.Address) is null)
            {
                world.Start(options, victim.Host);
            }
        });
    }

    /// <summary>Does what a server that has ended said is to be done.</summary>
    private void Follow(SimulatedServer server, string advice)
    {
        var refused = server.Mistake switch
        {
            Mistake.Wiped or Mistake.WipedWhileJoining => Happening.WipedServersRefused,
            Mistake.OldCopy => Happening.OldCopiesRefused,
            Mistake.SameId => Happening.SameIdsRefused,
            _ when world.IsForgotten(server.Id) => Happening.Exits,
            _ => throw new BrokenPromiseException(
                Promises.IdsBelongToTheirData, $"server {server.Id} has its data, and ends: {advice}"),
        };
        world.Coverage.Count(refused);

        if (server.Mistake != Mistake.SameId)
        {
            world.Timeline.After(
                dice.Around(TimeSpan.FromSeconds(1)), () => world.Forgetting.Forget(server.Id));
        }

        string named = advice[(advice.LastIndexOf("--id ", StringComparison.Ordinal) + "--id ".Length)..];
        ServerId id = new(ushort.Parse(named.Trim(), System.Globalization.CultureInfo.InvariantCulture));
        world.Timeline.After(dice.Around(TimeSpan.FromSeconds(2)), () =>
        {
            if (!world.IsHealing)
            {
                Join("as the advice says", server, advised: id);
            }
        });
    }

    private void Join(string why, SimulatedServer? old = null, ServerId? advised = null)
    {
        var peers = Named(dice.Between(1, 2));

        // Of those who are far, one at a time: as soon as one is a member, nothing is known to be everywhere
        // before it is far away as well.
        bool isOneTooMany = world.Settings.NewcomersAreFar
            && (world.Running.Count() > world.Settings.Servers || IsAnyoneDeadAMember());

        if (world.Running.Count() >= RunningMax || peers.Length == 0 || isOneTooMany)
        {
            return;
        }

        bool isSamePlace = old is not null && dice.Chance(0.5) && world.ListeningAt(old.Address) is null;
        int host = isSamePlace ? old!.Host : FreeHost();
        world.Coverage.Count(Happening.Joins);
        world.Note($"a new server {why}");
        world.Start(Options(IdOf(advised), host, peers), host);
    }

    /// <summary>The advised id, unless others who came meanwhile have it.</summary>
    private ServerId IdOf(ServerId? advised)
    {
        if (advised is not { } id || world.Servers.Any(server => server.Id == id))
        {
            return NewId();
        }

        world.Coverage.Count(Happening.AdviceFollowed);
        _lastId = Math.Max(_lastId, id.Value);
        return id;
    }

    /// <summary>Addresses to name: of servers that serve, if there are any.</summary>
    private ServerAddress[] Named(int count)
    {
        var serving = world.Serving
            .Where(server => !world.IsForgotten(server.Id) && !_start.IsSilent(server.Host))
            .ToArray();
        var known = (serving.Length > 0 ? serving : [.. world.Running]).ToList();
        dice.Shuffle(known);
        return [.. known.Take(count).Select(server => server.Address)];
    }

    private bool IsAnyoneDeadAMember() => world.Serving.Any(server =>
        server.Members().Any(id => !world.Running.Any(other => other.Id == id)));

    private int FreeHost() => world.Settings.NewcomersAreFar
        ? Enumerable.Range(world.Settings.Servers + 1, StartOptions.ExpectedMax - world.Settings.Servers)
            .First(host => world.ListeningAt(SimulatedServer.AddressOf(host)) is null)
        : ++_lastHost;

    private ServerId NewId() => new((ushort)++_lastId);

    private ReplicaOptions Options(ServerId id, int host, IReadOnlyList<ServerAddress> peers) =>
        _start.Options(id, host, peers);
}
