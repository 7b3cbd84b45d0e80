using System.Text;
using CausalStore.Protocol;
using CausalStore.Replication;

namespace CausalStore.Benchmarks;

/// <summary>One real replica, driven as the server's loop drives it, what leaves it is thrown away.</summary>
internal sealed class DrivenReplica
{
    private readonly Effects _effects = new();
    private readonly Replica _replica;
    private TimeSpan _now;

    public DrivenReplica()
    {
        _replica = new Replica(
            new ReplicaOptions
            {
                Id = new ServerId(1),
                Instance = "one",
                Port = 60001,
                DelayQueueBytesMax = long.MaxValue,
            },
            _effects);
        BeginTurn();
        Session = _replica.OpenSession();
        EndTurn();
    }

    public Session Session { get; }

    /// <summary>Another server joins, with nothing.</summary>
    public Link MeetPeer(int id)
    {
        var link = _replica.OpenLink(dialled: null, localHost: "127.0.0.1", remoteHost: "127.0.0.1");

        string[] lines =
        [
            $"hello server {id} peer{id} one 0 waiting",
            "have -",
            "join",
            $"member {id} peer{id} 127.0.0.1 0",
        ];

        foreach (string line in lines)
        {
            BeginTurn();
            Receive(link, Encoding.ASCII.GetBytes(line));
            EndTurn();
        }

        return link;
    }

    public void BeginTurn() => _replica.Advance(_now += TimeSpan.FromMicroseconds(100));

    public void Request(ReadOnlySpan<byte> line) => _replica.Receive(Session, line);

    public void Receive(Link link, ReadOnlySpan<byte> line) => _replica.Receive(link, line);

    public void EndTurn()
    {
        _replica.Flush();

        foreach (var link in _effects.Links)
        {
            link.Output.Clear();
        }

        Session.Output.Clear();
        _effects.Clear();
    }

    /// <summary>Writes that wait.</summary>
    public int Delayed()
    {
        Request("status"u8);
        string status = Encoding.ASCII.GetString(Session.Output.Written);
        Session.Output.Clear();
        const string Name = "\ndelayed ";
        int start = status.IndexOf(Name, StringComparison.Ordinal) + Name.Length;
        return int.Parse(status[start..status.IndexOf('\n', start)]);
    }
}
