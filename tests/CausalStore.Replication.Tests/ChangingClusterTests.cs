using CausalStore.Replication.Tests.Kit;

namespace CausalStore.Replication.Tests;

/// <summary>A cluster whose servers come, part, die and are forgotten at random, from a seed.</summary>
public sealed class ChangingClusterTests(ITestOutputHelper output)
{
    private const int SeedsByDefault = 20;

    public static IEnumerable<TheoryDataRow<int>> Seeds() => Enumerable
        .Range(1, int.Parse(Environment.GetEnvironmentVariable("CAUSALSTORE_SEEDS") ?? $"{SeedsByDefault}"))
        .Select(seed => new TheoryDataRow<int>(seed));

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Whatever_happens_those_that_are_left_end_equal(int seed)
    {
        output.WriteLine($"seed {seed}");
        Random random = new(seed);
        bool small = random.Next(2) == 0;
        Wire wire = new();
        int nextId = 1;

        for (; nextId <= 3; nextId++)
        {
            Start(nextId, [.. new[] { 1, 2, 3 }.Where(peer => peer != nextId)]);
        }

        wire.Run(seconds: 3);
        List<int> dead = [];
        var stays = wire.Servers[random.Next(3)];

        for (int step = 0; step < 40; step++)
        {
            Step();
            wire.Run(seconds: random.Next(4) * 0.2);
            RemoveEnded();
        }

        wire.Heal();

        foreach (var server in wire.Servers)
        {
            foreach (int id in Enumerable.Range(1, nextId))
            {
                server.Connect().Ask($"link {id} heal");
            }
        }

        foreach (int id in dead)
        {
            foreach (var server in wire.Servers.Where(server => server.Serves))
            {
                server.Connect().Ask($"forget {id}");
            }
        }

        wire.Run(seconds: 60);
        RemoveEnded();
        string name = Assert.Single(wire.Servers.Select(server => server.Cluster).Distinct());
        Cluster.AssertOne(wire, name);
        Cluster.AssertWritesReachAll(wire);
        Assert.All(wire.Servers, server => Assert.Equal("", server.Status("settlement")));

        void Start(int id, int[] peers)
        {
            wire.Start(id, peers, with: options => small
                ? options with { RetainBytesMax = 1500, RecentBytesMax = 500, DelayQueueBytesMax = 4000 }
                : options);
        }

        void Step()
        {
            var server = wire.Servers[random.Next(wire.Servers.Count)];
            var other = wire.Servers[random.Next(wire.Servers.Count)];

            switch (random.Next(14))
            {
                case 0 when wire.Servers.Count < 6:
                    Start(nextId++, [stays.Options.Id.Value, other.Options.Id.Value]);
                    break;
                case 1 when server != stays && wire.Servers.Count > 2:
                    dead.Add(server.Options.Id.Value);
                    wire.Kill(server);
                    break;
                case 2 when server != other:
                    wire.Part(server, other);
                    break;
                case 3:
                    wire.Heal();
                    break;
                case 4 when server != other:
                    string[] faults = ["cut", "delay 700", "heal", "step 2"];
                    server.Connect().Ask($"link {other.Options.Id} {faults[random.Next(4)]}");
                    break;
                case 12:
                    server.Disk.Save(server.Replica.TakeChanges(), keysOnly: random.Next(4) == 0);
                    server.Disk.Trim(keep: random.Next(20));
                    break;
                case 13:
                    var restarted = wire.Restart(server);
                    stays = stays == server ? restarted : stays;
                    break;
                case 5 when dead.Count > 0 && server.Serves:
                    server.Connect().Say($"forget {dead[random.Next(dead.Count)]}");
                    break;
                default:
                    Write(server);
                    break;
            }
        }

        void Write(TestServer server)
        {
            if (!server.Serves)
            {
                return;
            }

            var client = server.Connect();

            for (int count = random.Next(6); count >= 0; count--)
            {
                client.Ask(random.Next(2) == 0 ? "scan \"\"" : $"read k{random.Next(8)}");
                client.Ask(random.Next(5) == 0
                    ? $"delete k{random.Next(8)}"
                    : $"write k{random.Next(8)} {random.Next(1000)} write k{random.Next(8)} more");
            }
        }

        void RemoveEnded()
        {
            foreach (var ended in wire.Servers.Where(server => server.Exit is not null).ToList())
            {
                wire.Kill(ended);
            }
        }
    }
}
