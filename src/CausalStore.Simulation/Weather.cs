namespace CausalStore.Simulation;

/// <summary>What happens to the network, of itself, while there is trouble.</summary>
internal sealed class Weather(World world, Dice dice)
{
    public void Begin()
    {
        var settings = world.Settings;
        Every(settings.BreakEvery, Break);
        Every(settings.PartitionEvery, Partition);
        Every(settings.FlapEvery, Flap);
        Every(settings.SlowEvery, Slow);
        Every(settings.LinkFaultEvery, PlayWithLinks);
    }

    /// <summary>Lets something happen now and then, until it is calm.</summary>
    public void Every(TimeSpan mean, Action happens) => Every(mean, happens, dice.Fork());

    private void Every(TimeSpan mean, Action happens, Dice clock)
    {
        if (mean == TimeSpan.Zero)
        {
            return;
        }

        world.Timeline.After(clock.Around(mean), () =>
        {
            if (world.IsCalm)
            {
                return;
            }

            if (world.Acts())
            {
                happens();
            }

            Every(mean, happens, clock);
        });
    }

    private void Break()
    {
        if (dice.PickOrNone(world.Network.Connections) is { } connection)
        {
            world.Note($"{connection} breaks");
            world.Network.Break(connection);
        }
    }

    /// <summary>Cuts the machines in two, or one way only, or one pair.</summary>
    private void Partition()
    {
        List<int> hosts = [.. world.Running.Select(server => server.Host).Distinct()];

        if (hosts.Count < 2)
        {
            return;
        }

        dice.Shuffle(hosts);
        int cut = dice.Between(1, hosts.Count - 1);
        var left = hosts[..cut];
        var right = dice.Chance(0.3) ? hosts[cut..(cut + 1)] : hosts[cut..];
        bool isOneWay = dice.Chance(0.3);
        var pairs = left.SelectMany(from => right.Select(to => (from, to))).ToArray();
        world.Coverage.Count(isOneWay ? Happening.OneWayPartitions : Happening.Partitions);
        world.Note($"machines {string.Join(',', left)} {(isOneWay ? "do not reach" : "are cut off from")} "
            + $"{string.Join(',', right)}");

        foreach (var (from, to) in pairs)
        {
            world.Network.Block(from, to);

            if (!isOneWay)
            {
                world.Network.Block(to, from);
            }
        }

        world.Timeline.After(dice.Around(TimeSpan.FromSeconds(2)), () => Join(pairs, isOneWay));
    }

    private void Join((int From, int To)[] pairs, bool isOneWay)
    {
        // When calm has come, everything is healed already.
        if (world.IsCalm)
        {
            return;
        }

        foreach (var (from, to) in pairs)
        {
            world.Network.Unblock(from, to);

            if (!isOneWay)
            {
                world.Network.Unblock(to, from);
            }
        }
    }

    /// <summary>The connections of one server break again and again.</summary>
    private void Flap()
    {
        if (dice.PickOrNone(world.Running.ToArray()) is not { } server)
        {
            return;
        }

        world.Coverage.Count(Happening.Flaps);
        world.Note($"the network of server {server.Id} flaps");
        int times = dice.Between(3, 10);

        for (int time = 1; time <= times; time++)
        {
            var later = time * TimeSpan.FromMilliseconds(dice.Between(20, 200));
            world.Timeline.After(later, () => BreakAll(server));
        }
    }

    private void BreakAll(SimulatedServer server)
    {
        foreach (var connection in world.Network.Connections.Where(each => each.Touches(server)).ToArray())
        {
            world.Network.Break(connection);
        }
    }

    private void Slow()
    {
        if (dice.PickOrNone(world.Network.Connections) is { } connection)
        {
            world.Coverage.Count(Happening.SlowLinks);
            world.Note($"{connection} becomes slow");
            connection.Latency = dice.Around(TimeSpan.FromSeconds(1));
            connection.PerLine = TimeSpan.FromMilliseconds(dice.Between(0, 100));
        }
    }

    /// <summary>Somebody tries out what <c>link</c> does.</summary>
    private void PlayWithLinks()
    {
        if (dice.PickOrNone(world.Serving.ToArray()) is not { } server)
        {
            return;
        }

        var others = world.Running.Where(other => other.Id != server.Id).ToArray();

        if (dice.PickOrNone(others) is not { } other)
        {
            return;
        }

        var (fault, what) = dice.Below(4) switch
        {
            0 => (Happening.LinksCut, "cut"),
            1 => (Happening.LinksDelayed, $"delay {dice.Between(0, 2000)}"),
            2 => (Happening.LinksStepped, $"step {dice.Between(1, 3)}"),
            _ => (Happening.Operations, "heal"),
        };

        world.Coverage.Count(fault);
        world.Operator.Request(server, $"link {other.Id} {what}");
    }
}
