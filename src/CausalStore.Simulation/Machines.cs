using System.Text;
using CausalStore.Protocol;

namespace CausalStore.Simulation;

/// <summary>What becomes of machines and their disks: processes end and come back with what was durable,
/// disks are full, lost, or replaced by old copies, and somebody starts a server with what there
/// is.</summary>
internal sealed class Machines(World world, Dice dice)
{
    private static readonly CrashPoint[] CrashPoints = Enum.GetValues<CrashPoint>();

    public void Begin()
    {
        var settings = world.Settings;

        if (!settings.HasDisks)
        {
            return;
        }

        world.Weather.Every(settings.CrashEvery, CrashSome);
        world.Weather.Every(settings.WipeEvery, WipeSome);
        world.Weather.Every(settings.OldCopyEvery, TakeOldCopy);
        world.Weather.Every(settings.SameIdEvery, StartSameId);
        world.Weather.Every(settings.FullDiskEvery, FillDisk);

        // Chance may spare a run the trouble that it is about.
        Action certain = settings.Profile switch
        {
            Profile.Wipe => WipeSome,
            Profile.OldCopy => TakeOldCopy,
            Profile.FullDisk => FillDisk,
            _ => CrashOne,
        };
        world.Timeline.After(settings.Trouble / 4, certain);
    }

    /// <summary>Nothing breaks any more, and whoever is down is started.</summary>
    public void Repair()
    {
        foreach (var server in world.Running)
        {
            server.CrashPoint = CrashPoint.None;
        }

        foreach (var disk in Disks().ToArray())
        {
            Restart(disk);
        }
    }

    /// <summary>A process has ended: it is started again, unless its data are gone.</summary>
    public void Ended(SimulatedServer server)
    {
        if (server.Disk is not { IsGone: false } disk)
        {
            return;
        }

        bool isLong = dice.Chance(0.2);
        var pause = dice.Around(isLong ? TimeSpan.FromSeconds(6) : world.Settings.RestartAfter);
        world.Coverage.Count(Happening.RestartsAfterALongTime, isLong ? 1 : 0);
        world.Timeline.After(pause, () => Restart(disk));
    }

    /// <summary>Whether an old copy runs, and nobody is left who has what it lacks: nobody can
    /// tell.</summary>
    public bool IsPastFindingOut(SimulatedServer server) => server.Mistake == Mistake.OldCopy
        && !KnowsLaterWrites(server.Id, server.Disk!.CopiedAt, world.Serving);

    private IEnumerable<SimulatedDisk> Disks() => world.Servers
        .Select(server => server.Disk)
        .OfType<SimulatedDisk>()
        .Distinct()
        .Where(disk => !disk.IsGone);

    /// <summary>Disks of members: some cluster's data are on them.</summary>
    private List<SimulatedDisk> MemberDisks() =>
    [
        .. Disks().Where(disk => disk.MustSurvive.HasJoined && disk.Server!.Mistake == Mistake.None
            && !world.IsForgotten(disk.Server.Id)),
    ];

    private void CrashOne()
    {
        if (dice.PickOrNone(world.Serving.ToArray()) is { } victim)
        {
            world.Coverage.Count(Happening.Crashes);
            victim.Crash();
        }
    }

    private void CrashSome()
    {
        var running = world.Running.ToList();
        dice.Shuffle(running);

        if (world.Settings.Profile == Profile.Copy
            && running.Find(server => !server.IsServing) is { } joining)
        {
            running = [joining, .. running.Where(server => server != joining)];
        }

        int count = dice.Chance(0.2) ? dice.Between(1, Math.Max(1, running.Count)) : 1;

        foreach (var victim in running.Take(count))
        {
            Crash(victim);
        }
    }

    private void Crash(SimulatedServer victim)
    {
        world.Operator.CrashesEarly(victim);
        var point = world.Settings.Profile switch
        {
            Profile.Copy when dice.Chance(0.5) => CrashPoint.WhileCopying,
            Profile.Wipe when dice.Chance(0.3) => CrashPoint.WhileJoining,
            Profile.Settle when dice.Chance(0.4) => CrashPoint.WhileSettling,
            _ => dice.Pick(CrashPoints),
        };

        if (point == CrashPoint.None)
        {
            world.Coverage.Count(Happening.Crashes);
            victim.Crash();
        }
        else
        {
            victim.CrashPoint = point;
        }
    }

    private void Restart(SimulatedDisk disk)
    {
        var server = disk.Server!;

        if (disk.IsGone || server.IsRunning)
        {
            return;
        }

        if (world.ListeningAt(server.Address) is not null)
        {
            world.Timeline.After(TimeSpan.FromSeconds(1), () => Restart(disk));
            return;
        }

        world.Coverage.Count(Happening.Restarts);
        world.Start(server.Options, server.Host, disk, server.Mistake);
    }

    /// <summary>One or several lose their disks, and are started under their old ids; now and then while
    /// those that still have data are silent.</summary>
    private void WipeSome()
    {
        var members = MemberDisks();
        dice.Shuffle(members);
        int wanted = dice.Chance(0.3) ? 1 : dice.Chance(0.3) ? Math.Max(2, members.Count - 1) : 2;
        int count = Math.Min(wanted, members.Count - 1);

        if (count < 1)
        {
            return;
        }

        var (lost, left) = (members[..count], members[count..]);
        var joining = world.Running.FirstOrDefault(server =>
            !server.IsServing && server.Mistake == Mistake.None
            && !server.MustSurvive.HasJoined && server.Options.Peers.Count > 0);

        if (joining is not null && dice.Chance(0.8))
        {
            world.Coverage.Count(Happening.WipesWhileJoining);
            lost.Add(joining.Disk!);
        }

        world.Coverage.Count(count == 1 ? Happening.WipesOfOne : Happening.WipesOfSeveral);
        var addresses = members.Select(disk => disk.Server!.Address).ToArray();

        if (dice.Chance(0.3))
        {
            left.ForEach(disk => disk.Server!.Crash());
        }

        foreach (var disk in lost)
        {
            var old = disk.Server!;
            Lose(disk);
            world.Timeline.After(dice.Around(world.Settings.RestartAfter), () =>
                world.Operator.ReturnByMistake(
                    old, [.. addresses.Where(address => address != old.Address)],
                    disk.MustSurvive.HasJoined ? Mistake.Wiped : Mistake.WipedWhileJoining));
        }
    }

    private void Lose(SimulatedDisk disk)
    {
        world.Note($"server {disk.Server!.Id} loses its data");
        disk.IsGone = true;
        disk.Server.Crash();
    }

    private void TakeOldCopy()
    {
        if (dice.PickOrNone(MemberDisks()) is not { } disk)
        {
            return;
        }

        var copy = disk.Copy();
        copy.CopiedAt = disk.MustSurvive.LastOf(disk.Server!.Id);
        world.Timeline.After(dice.Around(TimeSpan.FromSeconds(3)), () => PutBack(disk, copy));
    }

    /// <summary>Only a copy that can be found out: somebody has a write of its server's that it lacks. And
    /// only when all have all of them: until it is found out, what it says of itself is taken for the word of
    /// the one that had all its data, and what that one had written would be thought to be
    /// everywhere.</summary>
    private void PutBack(SimulatedDisk disk, SimulatedDisk copy)
    {
        var server = disk.Server!;
        var others = MemberDisks().Where(other => other != disk).Select(other => other.Server!).ToArray();

        if (world.IsCalm || !MemberDisks().Contains(disk))
        {
            return;
        }

        if (!KnowsLaterWrites(server.Id, copy.CopiedAt, others)
            || !others.All(other => HasAllUpTo(other, disk.MustSurvive.LastOf(server.Id))))
        {
            world.Timeline.After(TimeSpan.FromMilliseconds(200), () => PutBack(disk, copy));
            return;
        }

        Lose(disk);
        world.Timeline.After(dice.Around(TimeSpan.FromSeconds(0.5)), () =>
        {
            if (!world.IsCalm && world.ListeningAt(server.Address) is null)
            {
                world.Coverage.Count(Happening.OldCopiesPutBack);
                world.Note($"an old copy of the data of server {server.Id} is put back");
                world.Start(server.Options, server.Host, copy, Mistake.OldCopy);
            }
        });
    }

    private static bool KnowsLaterWrites(
        ServerId id, WriteVersion copiedAt, IEnumerable<SimulatedServer> others) =>
        others.Any(other => other.Id != id && other.MustSurvive.LastOf(id) > copiedAt);

    private static bool HasAllUpTo(SimulatedServer server, WriteVersion last)
    {
        var applied = Context.Parse(Encoding.UTF8.GetBytes(server.Status("applied")));
        return server.IsServing && applied.UpTo.ToArray()
            .Any(upTo => upTo.Origin == last.Origin && upTo.Timestamp >= last.Timestamp);
    }

    private void StartSameId()
    {
        var serving = world.Serving.Where(server => !world.IsForgotten(server.Id)).ToArray();

        if (dice.PickOrNone(serving) is { } original)
        {
            world.Coverage.Count(Happening.SameIdsStarted);
            world.Operator.StartSameId(original);
        }
    }

    private void FillDisk()
    {
        if (dice.PickOrNone(world.Running.Where(server => !server.IsFull).ToArray()) is { } server)
        {
            world.Coverage.Count(Happening.FullDisks);
            world.Note($"the disk of server {server.Id} is full");
            server.FillDisk(dice.Around(TimeSpan.FromSeconds(1.5)), standsStill: dice.Chance(0.5));
        }
    }
}
