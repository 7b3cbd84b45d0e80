using System.Text;
using CausalStore.Protocol;

namespace CausalStore.Replication.Tests.Kit;

/// <summary>One real replica, driven by hand: lines in, lines out.</summary>
internal sealed class TestServer
{
    public TestServer(ReplicaOptions options)
    {
        Options = options;
        Effects = new Effects { Narrating = true, Journaling = true };
        Replica = new Replica(options, Effects);
    }

    public ReplicaOptions Options { get; }

    public Effects Effects { get; }

    public Replica Replica { get; }

    public List<Notice> Notices { get; } = [];

    public List<ServerAddress> Dials { get; } = [];

    public string? Exit => Effects.Exit;

    public TimeSpan Now { get; private set; }

    public static TestServer Alone(int id = 1, Func<ReplicaOptions, ReplicaOptions>? with = null)
    {
        ReplicaOptions options = new() { Id = new ServerId((ushort)id), Instance = $"I{id}", Port = 60000 + id };
        TestServer server = new(with?.Invoke(options) ?? options);
        server.Turn(() => { });
        return server;
    }

    /// <summary>One turn of the loop that would own the replica.</summary>
    public void Turn(Action input)
    {
        Replica.Advance(Now);
        input();
        Replica.Flush();
        Notices.AddRange(Effects.Notices);
        Dials.AddRange(Effects.Dials);
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

    public TestSession Connect() => new(this);

    /// <summary>A hand-played server that has dialled this one and said hello.</summary>
    public FakePeer Meet(string hello) => new(this, hello);

    /// <summary>A hand-played server that has joined this one's cluster.</summary>
    public FakePeer MeetMember(int id)
    {
        string cluster = Connect().Ask("status").Single(line => line.StartsWith("cluster ", StringComparison.Ordinal))[8..];
        var peer = Meet($"hello server {id} J{id} {cluster} 0 waiting");
        peer.Say("have -", "join", $"member {id} J{id} 127.0.0.1 0");
        return peer;
    }

    internal static string[] TakeLines(OutputBuffer output)
    {
        string text = Encoding.UTF8.GetString(output.Written);
        output.Clear();
        return text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}

/// <summary>A client of a <see cref="TestServer"/>.</summary>
internal sealed class TestSession(TestServer server)
{
    public Session Session { get; } = server.Replica.OpenSession();

    /// <summary>Sends a line and takes what has come back so far.</summary>
    public string[] Ask(string line)
    {
        server.Turn(() => server.Replica.Receive(Session, Encoding.UTF8.GetBytes(line)));
        return Heard();
    }

    /// <summary>The one line that answers.</summary>
    public string Say(string line) => Ask(line) is [var answer] ? answer : throw new InvalidOperationException($"not one answer to {line}");

    public string[] Heard() => TestServer.TakeLines(Session.Output);

    public void Leave() => server.Turn(() => server.Replica.CloseSession(Session));
}

/// <summary>Another server, played by hand.</summary>
internal sealed class FakePeer
{
    private readonly TestServer _server;

    public FakePeer(TestServer server, string hello)
    {
        _server = server;
        server.Turn(() => Link = server.Replica.OpenLink(null, "127.0.0.1", "127.0.0.1"));
        Say(hello);
    }

    public Link Link { get; private set; } = null!;

    public List<string> All { get; } = [];

    public void Say(params string[] lines)
    {
        foreach (string line in lines)
        {
            _server.Turn(() => _server.Replica.Receive(Link, Encoding.UTF8.GetBytes(line)));
        }
    }

    public string[] Heard()
    {
        string[] lines = TestServer.TakeLines(Link.Output);
        All.AddRange(lines);
        return lines;
    }

    /// <summary>What was heard, without the <c>have</c>s that come with time.</summary>
    public string[] HeardButHave() => [.. Heard().Where(line => !line.StartsWith("have ", StringComparison.Ordinal))];

    public void Leave() => _server.Turn(() => _server.Replica.CloseLink(Link));
}
