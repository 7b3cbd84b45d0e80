using CausalStore.Protocol;
using CausalStore.Replication;

namespace CausalStore.Simulation;

/// <summary>What a server is started with.</summary>
internal sealed class StartOptions(World world, Dice dice)
{
    /// <summary>The machines that everybody names from the beginning, where newcomers are far.</summary>
    public const int ExpectedMax = 6;

    private int _instances;

    /// <summary>Nobody can dial it: it dials all others itself.</summary>
    public bool IsSilent(int host) => world.Settings.NewcomersAreFar && host == 2;

    public ReplicaOptions Options(ServerId id, int host, IReadOnlyList<ServerAddress> peers)
    {
        var settings = world.Settings;
        var address = SimulatedServer.AddressOf(host);

        if (settings.NewcomersAreFar && host <= settings.Servers)
        {
            var expected = Enumerable.Range(1, ExpectedMax).Select(SimulatedServer.AddressOf);
            peers = [.. peers, .. expected.Where(other => other != address && !peers.Contains(other))];
        }

        ReplicaOptions options = new()
        {
            Id = id,
            Instance = $"life{++_instances}-{dice.Next():x}",
            Port = IsSilent(host) ? 0 : address.Port,
            Advertise = dice.Chance(0.3) ? address : null,
            Peers = peers,
            AllowFaults = true,
            RelayAfter = settings.RelayAfter,
        };

        return options with
        {
            DelayQueueBytesMax = settings.TinyDelayQueue ? 3_000 : options.DelayQueueBytesMax,
            RetainBytesMax = settings.TinyLogs ? 3_000 : options.RetainBytesMax,
            RecentBytesMax = settings.TinyLogs ? 500 : options.RecentBytesMax,
        };
    }
}
