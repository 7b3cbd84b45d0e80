namespace CausalStore.Simulation;

/// <summary>Hands to the network what may leave a server, and remembers where something waits: for its
/// disk, or for room on the way.</summary>
internal sealed class SimulatedOutbox(World world)
{
    private readonly List<ConnectionEnd> _held = [];

    public bool IsHolding => _held.Count > 0;

    public void Send(ConnectionEnd end)
    {
        world.Network.Send(end);

        if (end.Link is { Output.IsEmpty: false } && !_held.Contains(end))
        {
            _held.Add(end);
        }
    }

    /// <summary>More is durable now.</summary>
    /// <param name="isCutShort">The server crashes: some of it is sent and some is not.</param>
    public void Release(bool isCutShort)
    {
        var held = _held.ToArray();
        _held.Clear();

        foreach (var end in held)
        {
            if (!(isCutShort && world.FaultDice.Chance(0.5)))
            {
                Send(end);
            }
        }
    }
}
