using CausalStore.Replication;

namespace CausalStore.Simulation;

/// <summary>One end of a connection between two servers.</summary>
internal sealed class ConnectionEnd(SimulatedServer server, Connection connection)
{
    public SimulatedServer Server => server;

    public Connection Connection => connection;

    /// <summary>Null until the replica knows of the connection, and again once it is told of its
    /// end.</summary>
    public Link? Link { get; set; }

    public ConnectionEnd Other => connection.Dialler == this ? connection.Acceptor : connection.Dialler;

    /// <summary>What this end has sent and the other has not received.</summary>
    public Queue<(TimeSpan At, byte[] Line)> InTheAir { get; } = [];

    public TimeSpan LastArrival { get; set; }

    /// <summary>Holds back what this end's disk does not hold yet.</summary>
    public OutputGate Gate { get; } = new();

    /// <summary>This end has sent its last line.</summary>
    public bool IsFinished { get; set; }

    /// <summary>The replica of this end has known of the connection, be it over or not.</summary>
    public bool WasOpened { get; private set; }

    public void Opened(Link link)
    {
        WasOpened = true;
        Link = link;
        link.Owner = this;
    }
}

/// <summary>A connection between two servers: lines in order both ways, until it breaks.</summary>
internal sealed class Connection
{
    public Connection(SimulatedServer dialler, SimulatedServer acceptor, TimeSpan latency)
    {
        Dialler = new ConnectionEnd(dialler, this);
        Acceptor = new ConnectionEnd(acceptor, this);
        Latency = latency;
    }

    public ConnectionEnd Dialler { get; }

    public ConnectionEnd Acceptor { get; }

    public TimeSpan Latency { get; set; }

    /// <summary>How long a line keeps the connection busy: on a slow link they queue up.</summary>
    public TimeSpan PerLine { get; set; }

    /// <summary>Nothing comes through any more; either end learns of it when it learns of it.</summary>
    public bool IsBroken { get; set; }

    public bool Touches(SimulatedServer server) => Dialler.Server == server || Acceptor.Server == server;

    public override string ToString() => $"the connection {Dialler.Server.Id} -> {Acceptor.Server.Id}";
}
