using CausalStore.Protocol;

namespace CausalStore.Simulation;

/// <summary>
/// Where <see cref="Settings.NewcomersAreFar"/>: the first servers are near each other, and name from the
/// beginning the machines on which others may come, far away. The second of them can only dial and not be
/// dialled, so it is met on connections of its own.
/// </summary>
internal sealed class FarNewcomers(World world)
{
    private const int MachinesMax = 6;

    /// <summary>One at a time: once one is a member, nothing is everywhere before it is far away as
    /// well.</summary>
    public bool MayCome => !world.Settings.NewcomersAreFar
        || (world.Running.Count() <= world.Settings.Servers && !IsAnyoneDeadAMember());

    public bool IsNeighbour(int host) => world.Settings.NewcomersAreFar && host <= world.Settings.Servers;

    public bool IsSilent(int host) => world.Settings.NewcomersAreFar && host == 2;

    /// <summary>A machine on which nobody runs; null: any will do.</summary>
    public int? FreeHost() => world.Settings.NewcomersAreFar
        ? Enumerable.Range(world.Settings.Servers + 1, MachinesMax - world.Settings.Servers)
            .First(host => world.ListeningAt(SimulatedServer.AddressOf(host)) is null)
        : null;

    public IReadOnlyList<ServerAddress> AlsoNamedBy(int host, IReadOnlyList<ServerAddress> peers) =>
        IsNeighbour(host)
            ? [.. peers, .. Enumerable.Range(1, MachinesMax).Where(other => other != host)
                .Select(SimulatedServer.AddressOf).Except(peers)]
            : peers;

    private bool IsAnyoneDeadAMember() => world.Serving.Any(server =>
        server.Members().Any(id => !world.Running.Any(other => other.Id == id)));
}
