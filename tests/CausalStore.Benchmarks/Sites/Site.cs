using System.Text;
using CausalStore.Protocol;
using CausalStore.Replication;

namespace CausalStore.Benchmarks.Sites;

/// <summary>One real replica in the simulated world, and the loop around it.</summary>
internal sealed class Site
{
    public const int FirstPort = 60001;

    private readonly Timeline _timeline;
    private readonly Wire _wire;
    private readonly SiteFigures _figures;
    private readonly Effects _effects = new() { Narrating = true };
    private readonly Replica _replica;
    private TimeSpan _wake = TimeSpan.MaxValue;

    /// <param name="number">From 0.</param>
    public Site(int number, Consistency consistency, Timeline timeline, Wire wire, SiteFigures figures)
    {
        Number = number;
        _timeline = timeline;
        _wire = wire;
        _figures = figures;
        _replica = new Replica(
            new ReplicaOptions
            {
                Id = new ServerId((ushort)(number + 1)),
                Instance = $"site{number + 1}",
                Port = Address.Port,
                Peers = number == 0 ? [] : [AddressOf(0)],
                Consistency = consistency,
            },
            _effects);
    }

    public int Number { get; }

    public ServerAddress Address => AddressOf(Number);

    public bool IsServing => Status("state") == "serving";

    public string Status(string name)
    {
        string value = "";
        Turn(replica =>
        {
            var session = replica.OpenSession();
            replica.Receive(session, "status"u8);
            string[] lines = Encoding.UTF8.GetString(session.Output.Written).Split('\n');
            value = lines.Single(line => line.StartsWith($"{name} ", StringComparison.Ordinal));
            replica.CloseSession(session);
        });
        return value[(name.Length + 1)..];
    }

    public Session OpenSession()
    {
        Session? session = null;
        Turn(replica => session = replica.OpenSession());
        return session!;
    }

    public void Request(Session session, ReadOnlySpan<byte> line)
    {
        byte[] request = line.ToArray();
        Turn(replica => replica.Receive(session, request));
        session.Output.Clear();
    }

    /// <summary>One turn: the time, what comes in, and what goes out.</summary>
    public void Turn(Action<Replica> input)
    {
        _replica.Advance(_timeline.Now);
        input(_replica);
        _replica.Flush();

        foreach (var notice in _effects.Notices)
        {
            _figures.Look(Number, notice, _timeline.Now);
        }

        foreach (var link in _effects.Links)
        {
            _wire.Send(link);
        }

        foreach (var address in _effects.Dials)
        {
            _wire.Dial(this, address);
        }

        _effects.Clear();

        if (_replica.NextWake < _wake)
        {
            var wake = _wake = _replica.NextWake;
            _timeline.At(wake, () => WakeUp(wake));
        }
    }

    public override string ToString() => $"site {Number + 1} ({Regions.NameOf(Number)})";

    private static ServerAddress AddressOf(int number) => new($"site-{number + 1}", FirstPort + number);

    private void WakeUp(TimeSpan due)
    {
        if (due == _wake)
        {
            _wake = TimeSpan.MaxValue;
            Turn(_ => { });
        }
    }
}
