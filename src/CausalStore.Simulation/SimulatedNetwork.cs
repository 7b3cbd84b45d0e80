using CausalStore.Protocol;

namespace CausalStore.Simulation;

/// <summary>
/// Carries lines between servers as TCP does: in order, until the connection breaks and what was in the air
/// is gone; but for <c>replicate</c> lines, which may come late and twice, as if by way of others.
/// </summary>
internal sealed class SimulatedNetwork(World world, Dice dice)
{
    private const int WindowLines = 64;

    private readonly List<Connection> _connections = [];
    private readonly Dictionary<(int From, int To), int> _blocked = [];
    private readonly List<Action> _whenHealed = [];

    public IReadOnlyList<Connection> Connections => _connections;

    /// <summary>Nothing passes that way, and nothing closes, until <see cref="Unblock"/> is said as
    /// often.</summary>
    public void Block(int fromHost, int toHost)
    {
        _blocked[(fromHost, toHost)] = _blocked.GetValueOrDefault((fromHost, toHost)) + 1;
    }

    public void Unblock(int fromHost, int toHost)
    {
        int left = _blocked.GetValueOrDefault((fromHost, toHost)) - 1;

        if (left > 0)
        {
            _blocked[(fromHost, toHost)] = left;
            return;
        }

        _blocked.Remove((fromHost, toHost));
        Resume();
    }

    /// <summary>Ends every partition and makes every link fast.</summary>
    public void Heal()
    {
        _blocked.Clear();

        foreach (var connection in _connections)
        {
            connection.PerLine = TimeSpan.Zero;
            connection.Latency = TimeSpan.FromMilliseconds(1);
        }

        Resume();
    }

    /// <summary>Connects, or tells the dialler that it cannot.</summary>
    public void Dial(SimulatedServer from, ServerAddress address)
    {
        var latencyMax = IsBetweenNeighbours(from, address)
            ? TimeSpan.FromMilliseconds(1)
            : world.Settings.LatencyMax;
        var latency = dice.Between(TimeSpan.FromTicks(1), latencyMax);
        world.Timeline.After(2 * latency, () => Connect(from, address, latency));
    }

    private bool IsBetweenNeighbours(SimulatedServer server, ServerAddress other) =>
        world.Settings.NewcomersAreFar && server.Host <= world.Settings.Servers
        && Enumerable.Range(1, world.Settings.Servers).Any(host => SimulatedServer.AddressOf(host) == other);

    /// <summary>The connection breaks: what is in the air is gone, and either side learns of it some
    /// time.</summary>
    public void Break(Connection connection)
    {
        if (!connection.IsBroken)
        {
            connection.IsBroken = true;
            world.Coverage.Count(Happening.ConnectionsBroken);
            CloseLater(connection.Dialler);
            CloseLater(connection.Acceptor);
            Remove(connection);
        }
    }

    /// <summary>A server is gone: all its connections break.</summary>
    public void Lose(SimulatedServer server)
    {
        foreach (var connection in _connections.Where(connection => connection.Touches(server)).ToArray())
        {
            connection.IsBroken = true;
            CloseLater(connection.Dialler.Server == server ? connection.Acceptor : connection.Dialler);
            Remove(connection);
        }
    }

    /// <summary>Takes what a link has to send, as far as there is room for it.</summary>
    public void Send(ConnectionEnd end)
    {
        if (end.Link is not { } link)
        {
            return;
        }

        while (end.InTheAir.Count < WindowLines && !link.Output.IsEmpty)
        {
            var written = link.Output.Written;
            int length = written.IndexOf((byte)'\n');

            if (!end.Gate.Lets(length + 1, end.Server.Durable))
            {
                break;
            }

            end.Gate.Sent(length + 1);
            Send(end, written[..length].ToArray());
            link.Output.Consume(length + 1);
        }

        if (link.IsClosing && link.Output.IsEmpty && !end.IsFinished)
        {
            Finish(end);
        }
    }

    private void Connect(SimulatedServer from, ServerAddress address, TimeSpan latency)
    {
        if (!from.IsRunning)
        {
            return;
        }

        var to = world.ListeningAt(address);

        if (to is not null && IsBlockedBetween(from, to) && dice.Chance(0.5))
        {
            _whenHealed.Add(() => Connect(from, address, latency));
            return;
        }

        if (to is null || IsBlockedBetween(from, to))
        {
            world.Coverage.Count(Happening.DialsFailed);
            string reason = to is null ? "connection refused" : "timed out";
            from.Turn(replica => replica.DialFailed(address, reason));
            return;
        }

        bool isOfAnother = from.IsServing && to.IsServing && from.Observer!.Record != to.Observer!.Record;
        world.Coverage.Count(Happening.ClustersThatMet, isOfAnother ? 1 : 0);
        Connection connection = new(from, to, latency);
        _connections.Add(connection);
        from.Turn(replica => connection.Dialler.Opened(
            replica.OpenLink(address, localHost: from.Address.Host, remoteHost: to.Address.Host)));
    }

    private void Send(ConnectionEnd end, byte[] line)
    {
        var connection = end.Connection;
        world.Sent(end, line);

        if (connection.IsBroken)
        {
            return;
        }

        bool isWrite = line.AsSpan().StartsWith("replicate "u8)
            && !IsBetweenNeighbours(end.Server, end.Other.Server.Address);

        if (isWrite && dice.Chance(world.IsHealing ? 0 : world.Settings.DuplicateShare))
        {
            world.Coverage.Count(Happening.LinesDuplicated);
            SendLate(end, line);
        }

        if (isWrite && dice.Chance(world.IsHealing ? 0 : world.Settings.LateShare))
        {
            world.Coverage.Count(Happening.LinesLate);
            SendLate(end, line);
            return;
        }

        var jitter = dice.Between(TimeSpan.Zero, connection.Latency / 2);
        end.LastArrival = Later(
            world.Timeline.Now + connection.Latency + jitter, end.LastArrival + connection.PerLine);
        end.InTheAir.Enqueue((end.LastArrival, line));
        world.Timeline.At(end.LastArrival, () => Deliver(end));
    }

    private void SendLate(ConnectionEnd end, byte[] line)
    {
        // Never before what was sent before it.
        var inOrder = Later(world.Timeline.Now + end.Connection.Latency, end.LastArrival);
        var arrival = inOrder + dice.Between(TimeSpan.Zero, world.Settings.LateMax);
        world.Timeline.At(arrival, () => DeliverLate(end, line));
    }

    private void DeliverLate(ConnectionEnd end, byte[] line)
    {
        if (IsHeldUp(end) && !end.Connection.IsBroken)
        {
            _whenHealed.Add(() => DeliverLate(end, line));
            return;
        }

        if (!end.Connection.IsBroken && end.Other is { Link.IsClosing: false } receiver)
        {
            receiver.Server.Receive(receiver, [line]);
        }
    }

    /// <summary>Hands over what has arrived by now, in one turn of the receiver.</summary>
    private void Deliver(ConnectionEnd end)
    {
        if (end.Connection.IsBroken || !HasArrived(end))
        {
            return;
        }

        if (IsHeldUp(end))
        {
            _whenHealed.Add(() => Deliver(end));
            return;
        }

        List<byte[]> lines = [];
        bool breaks = false;

        while (HasArrived(end) && !breaks)
        {
            lines.Add(end.InTheAir.Dequeue().Line);
            breaks = BreaksBehind(lines[^1]);
        }

        Hand(end.Other, lines);

        if (breaks)
        {
            Break(end.Connection);
            return;
        }

        if (end.Link is { Output.IsEmpty: false })
        {
            Send(end);
            end.Server.Turn(_ => { });
        }
    }

    private bool BreaksBehind(ReadOnlySpan<byte> line) => line.StartsWith("copied "u8)
        && dice.Chance(world.IsHealing ? 0 : world.Settings.BreakCopyShare);

    private void Hand(ConnectionEnd receiver, List<byte[]> lines)
    {
        bool isLast = lines[^1].Length == 0;

        if (isLast)
        {
            lines.RemoveAt(lines.Count - 1);
        }

        if (!receiver.WasOpened && lines.Count > 0 && PeerMessageCodec.IsServerHello(lines[0]))
        {
            receiver.Server.Accept(receiver);
        }

        if (receiver.Link is not null && lines.Count > 0)
        {
            receiver.Server.Receive(receiver, lines);
        }

        if (isLast)
        {
            receiver.Connection.IsBroken = true;
            Remove(receiver.Connection);
            receiver.Server.Close(receiver);
        }
    }

    /// <summary>This end closes after its last line; what the other had sent is not read any more.</summary>
    private void Finish(ConnectionEnd end)
    {
        end.IsFinished = true;
        end.Other.InTheAir.Clear();
        end.InTheAir.Enqueue((end.LastArrival, []));
        world.Timeline.At(Later(end.LastArrival, world.Timeline.Now), () => Deliver(end));
        world.Timeline.After(TimeSpan.Zero, () => end.Server.Close(end));
    }

    private void CloseLater(ConnectionEnd end) =>
        world.Timeline.After(dice.Around(TimeSpan.FromMilliseconds(200)), () => Close(end));

    private void Close(ConnectionEnd end)
    {
        if (IsBlocked(end.Other))
        {
            _whenHealed.Add(() => Close(end));
            return;
        }

        end.Server.Close(end);
    }

    private void Remove(Connection connection) => _connections.Remove(connection);

    /// <summary>What was held up tries again.</summary>
    public void Resume()
    {
        var waiting = _whenHealed.ToArray();
        _whenHealed.Clear();

        foreach (var happens in waiting)
        {
            world.Timeline.After(TimeSpan.FromTicks(1), happens);
        }
    }

    private static TimeSpan Later(TimeSpan left, TimeSpan right) => left > right ? left : right;

    private bool HasArrived(ConnectionEnd end) =>
        end.InTheAir.TryPeek(out var next) && next.At <= world.Timeline.Now;

    /// <summary>Nothing passes that way, or nobody reads it.</summary>
    private bool IsHeldUp(ConnectionEnd sender) => IsBlocked(sender) || sender.Other.Server.IsFull;

    private bool IsBlocked(ConnectionEnd sender) => IsBlocked(sender.Server.Host, sender.Other.Server.Host);

    private bool IsBlockedBetween(SimulatedServer from, SimulatedServer to) =>
        IsBlocked(from.Host, to.Host) || IsBlocked(to.Host, from.Host);

    private bool IsBlocked(int fromHost, int toHost) => _blocked.ContainsKey((fromHost, toHost));
}
