using System.Text;
using CausalStore.Protocol;

namespace CausalStore.Replication.Tests.Kit;

/// <summary>One real replica, driven by hand: lines in, lines out.</summary>
internal sealed class TestServer
{
    public TestServer(ReplicaOptions options, Disk? disk = null, bool isTracing = true)
    {
        Options = options;
        Disk = disk ?? new Disk();
        Effects = new Effects { Narrating = true, Tracing = isTracing, Journaling = true };
        Replica = new Replica(options, Effects);
        Disk.Load(Replica.Recover());
        Turn(() => { });
    }

    public ReplicaOptions Options { get; }

    /// <summary>What is left of this server when its process ends.</summary>
    public Disk Disk { get; }

    public Effects Effects { get; }

    public Replica Replica { get; }

    public List<Notice> Notices { get; } = [];

    public List<ServerAddress> Dials { get; } = [];

    public string? Exit => Effects.Exit;

    public TimeSpan Now { get; set; }

    public string Cluster => Status("cluster");

    public bool Serves => Status("state") == "serving";

    public static TestServer Alone(int id = 1, Func<ReplicaOptions, ReplicaOptions>? with = null)
    {
        ReplicaOptions options =
            new() { Id = new ServerId((ushort)id), Instance = $"I{id}", Port = 60000 + id };
        return new TestServer(with?.Invoke(options) ?? options);
    }

    /// <summary>A server that has peers at those ports of 127.0.0.1, and so waits.</summary>
    public static TestServer Waiting(int id, params int[] ports) => Alone(
        id,
        options => options with { Peers = [.. ports.Select(port => new ServerAddress("127.0.0.1", port))] });

    /// <summary>One turn of the loop that would own the replica.</summary>
    public void Turn(Action input)
    {
        Replica.Advance(Now);
        input();
        Replica.Flush();
        Notices.AddRange(Effects.Notices);
        Dials.AddRange(Effects.Dials);
        Disk.Append(Effects.ToJournal.Written);
        Effects.Clear();
    }

    public void Pass(double seconds)
    {
        var end = Now + TimeSpan.FromSeconds(seconds);

        while (Now < end)
        {
            Now = Replica.NextWake > Now && Replica.NextWake < end ? Replica.NextWake : end;
            Turn(() => { });
        }
    }

    public void Save() => Disk.Save(Replica.TakeChanges());

    /// <summary>The process ends, and another one begins on its disk.</summary>
    public TestServer Restart() => new(Options, Disk);

    public TestSession Connect() => new(this);

    /// <summary>A hand-played server that has dialled this one and said hello.</summary>
    public FakePeer Meet(string hello) => new(this, dialled: null, hello);

    /// <summary>A hand-played server that this one has dialled, at a port of 127.0.0.1.</summary>
    public FakePeer Dial(int port, string hello)
    {
        ServerAddress address = new("127.0.0.1", port);
        Assert.Contains(address, Dials);
        Dials.RemoveAll(other => other == address);
        return new FakePeer(this, address, hello);
    }

    /// <summary>A hand-played server that has joined this one's cluster, with nothing.</summary>
    public FakePeer MeetMember(int id)
    {
        var peer = Meet($"hello server {id} J{id} {Cluster} 0 waiting");
        peer.Say("have -", "join", $"member {id} J{id} 127.0.0.1 0");
        Assert.Contains("joined", peer.Heard());
        return peer;
    }

    /// <summary>What <c>status</c> says under that name; empty if nothing.</summary>
    public string Status(string name)
    {
        var session = Connect();
        string? line = session.Ask("status").FirstOrDefault(
            line => line.StartsWith(name + ' ', StringComparison.Ordinal));
        session.Leave();
        return line?[(name.Length + 1)..] ?? "";
    }

    /// <summary>The lines of <c>pending</c>, without their end.</summary>
    public string[] Pending()
    {
        var session = Connect();
        string[] lines = session.Ask("pending");
        session.Leave();
        return lines[..^1];
    }

    internal static string[] TakeLines(OutputBuffer output)
    {
        string text = Encoding.UTF8.GetString(output.ToArray());
        output.Clear();
        return text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
