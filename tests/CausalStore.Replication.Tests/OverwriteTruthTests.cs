using CausalStore.Replication.Tests.Kit;

namespace CausalStore.Replication.Tests;

/// <summary>What servers say of overwrites, against what the sessions have really seen.</summary>
public sealed class OverwriteTruthTests
{
    private static readonly string[] Keys = ["a", "b", "c"];

    private readonly Dictionary<string, HashSet<string>> _pastOf = [];
    private readonly Dictionary<TestSession, HashSet<string>> _seenBy = [];
    private readonly Dictionary<string, int> _said = [];

    [Fact]
    public void Seen_was_seen_and_unseen_was_not()
    {
        for (int seed = 1; seed <= 150; seed++)
        {
            Play(seed);
        }

        Assert.All(
            ["seen", "in-order", "shown", "unseen", "unknown"],
            order => Assert.InRange(_said.GetValueOrDefault(order), 50, int.MaxValue));
    }

    private void Play(int seed)
    {
        Random random = new(seed);
        var wire = JoiningClusterTests.Founded();
        _pastOf.Clear();
        _seenBy.Clear();

        if (seed % 5 == 0)
        {
            wire.Start(4, [1]);
        }

        var sessions = wire.Servers.SelectMany(server => new[] { server.Connect(), server.Connect() })
            .ToList();
        wire.Run(seconds: random.Next(3));

        for (int step = 0; step < 60; step++)
        {
            Step(random, wire, sessions);
        }

        Judge(seed, wire);
        wire.Servers.ToList().ForEach(server => Heal(server, wire));
        wire.Run(seconds: 8);
        Judge(seed, wire);
    }

    private void Step(Random random, Wire wire, List<TestSession> sessions)
    {
        int index = random.Next(sessions.Count);
        var server = wire.Servers[index / 2];
        int peer = wire.Servers[random.Next(wire.Servers.Count)].Options.Id.Value;
        string key = Keys[random.Next(Keys.Length)];

        switch (random.Next(12))
        {
            case < 3 when server.Serves:
                Read(sessions[index], key);
                break;
            case < 7 when server.Serves:
                Write(sessions[index], key);
                break;
            case 7:
                server.Connect().Say($"link {peer} cut");
                break;
            case 8:
                server.Connect().Say($"link {peer} delay {random.Next(500)}");
                break;
            case 9:
                Heal(server, wire);
                break;
            case 10:
                MoveOn(random, wire, sessions, index);
                break;
            default:
                wire.Run(random.Next(4) switch { 0 => 0.001, 1 => 0.01, 2 => 0.05, _ => 1 });
                break;
        }
    }

    /// <summary>A session goes on at another server, with its context.</summary>
    private void MoveOn(Random random, Wire wire, List<TestSession> sessions, int index)
    {
        var to = wire.Servers[random.Next(wire.Servers.Count)];
        var old = sessions[index];

        if (!wire.Servers[index / 2].Serves || !to.Serves || !_seenBy.TryGetValue(old, out var seen))
        {
            return;
        }

        string context = old.Say("context");
        int at = (wire.Servers.ToList().IndexOf(to) * 2) + random.Next(2);
        var session = to.Connect();
        session.Ask(context);
        wire.Run(seconds: 6);

        if (session.Heard() is [var answer] && answer != "ok")
        {
            return;
        }

        sessions[at] = session;
        _seenBy[session] = [.. seen];
    }

    private static void Heal(TestServer server, Wire wire)
    {
        foreach (var other in wire.Servers.Where(other => other != server))
        {
            server.Connect().Say($"link {other.Options.Id} heal");
        }
    }

    private void Read(TestSession session, string key)
    {
        string[] words = session.Say($"read {key}").Split(' ');

        if (words[0] == "value")
        {
            var seen = SeenBy(session);
            seen.Add(words[3]);
            seen.UnionWith(_pastOf[words[3]]);
        }
    }

    private void Write(TestSession session, string key)
    {
        string version = session.Say($"write {key} v").Split(' ')[1];
        var seen = SeenBy(session);
        _pastOf[version] = [.. seen];
        seen.Add(version);
    }

    private HashSet<string> SeenBy(TestSession session) =>
        _seenBy.TryGetValue(session, out var seen) ? seen : _seenBy[session] = [];

    private void Judge(int seed, Wire wire)
    {
        foreach (var server in wire.Servers.Where(server => server.Serves))
        {
            foreach (string line in Keys.SelectMany(key => server.Connect().Ask($"history {key}")[..^1]))
            {
                string[] words = line.Split(' ');
                (string loser, string winner, string order) = (words[1], words[4], words[5]);
                _said[order] = _said.GetValueOrDefault(order) + 1;
                bool isWrong = order switch
                {
                    "seen" => !_pastOf[winner].Contains(loser),
                    "unseen" => _pastOf[winner].Contains(loser),
                    "in-order" => loser.Split('@')[1] != winner.Split('@')[1],
                    _ => false,
                };
                Assert.False(isWrong, $"seed {seed}, server {server.Options.Id}: {line}");
            }
        }
    }
}
