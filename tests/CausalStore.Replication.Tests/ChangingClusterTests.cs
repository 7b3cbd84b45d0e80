using CausalStore.Replication.Tests.Kit;

namespace CausalStore.Replication.Tests;

/// <summary>A cluster whose servers come, part, die and are forgotten at random, from a seed.</summary>
public sealed class ChangingClusterTests(ITestOutputHelper output)
{
    private const int SeedsByDefault = 20;
    private const int StepsMax = 40;

    public static IEnumerable<TheoryDataRow<int>> Seeds() => Enumerable
        .Range(1, int.Parse(Environment.GetEnvironmentVariable("CAUSALSTORE_SEEDS") ?? $"{SeedsByDefault}"))
        .Select(seed => new TheoryDataRow<int>(seed));

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Whatever_happens_those_that_are_left_end_equal(int seed)
    {
        output.WriteLine($"seed {seed}");
        ChangingCluster cluster = new(seed);

        for (int step = 0; step < StepsMax; step++)
        {
            cluster.Step();
        }

        cluster.Settle();

        var wire = cluster.Wire;
        string name = Assert.Single(wire.Servers.Select(server => server.Cluster).Distinct());
        Cluster.AssertOne(wire, name);
        Cluster.AssertWritesReachAll(wire);
        Assert.All(wire.Servers, server => Assert.Equal("", server.Status("settlement")));
    }

    private sealed class ChangingCluster
    {
        private readonly Random _random;
        private readonly bool _hasSmallBounds;
        private TestServer _stays;
        private readonly List<int> _dead = [];
        private int _nextId = 1;

        public ChangingCluster(int seed)
        {
            _random = new Random(seed);
            _hasSmallBounds = _random.Next(2) == 0;

            while (_nextId <= 3)
            {
                Start([.. new[] { 1, 2, 3 }.Where(peer => peer != _nextId)]);
            }

            Wire.Run(seconds: 3);
            _stays = Wire.Servers[_random.Next(3)];
        }

        public Wire Wire { get; } = new();

        /// <summary>Something happens, and some time passes.</summary>
        public void Step()
        {
            var server = Wire.Servers[_random.Next(Wire.Servers.Count)];
            var other = Wire.Servers[_random.Next(Wire.Servers.Count)];
            Happen(server, other);
            Wire.Run(seconds: _random.Next(4) * 0.2);
            RemoveEnded();
        }

        /// <summary>All trouble ends, the dead are forgotten, and there is time to recover.</summary>
        public void Settle()
        {
            Wire.Heal();

            foreach (var server in Wire.Servers)
            {
                foreach (int id in Enumerable.Range(1, _nextId))
                {
                    server.Connect().Ask($"link {id} heal");
                }
            }

            foreach (int id in _dead)
            {
                foreach (var server in Wire.Servers.Where(server => server.Serves))
                {
                    server.Connect().Ask($"forget {id}");
                }
            }

            Wire.Run(seconds: 60);
            RemoveEnded();
        }

        private void Start(int[] peers) => Wire.Start(_nextId++, peers, with: options => _hasSmallBounds
            ? options with { RetainBytesMax = 1500, RecentBytesMax = 500, DelayQueueBytesMax = 4000 }
            : options);

        private void Happen(TestServer server, TestServer other)
        {
            switch (_random.Next(14))
            {
                case 0 when Wire.Servers.Count < 6:
                    Start([_stays.Options.Id.Value, other.Options.Id.Value]);
                    break;
                case 1 when server != _stays && Wire.Servers.Count > 2:
                    _dead.Add(server.Options.Id.Value);
                    Wire.Kill(server);
                    break;
                case 2 when server != other:
                    Wire.Part(server, other);
                    break;
                case 3:
                    Wire.Heal();
                    break;
                case 4 when server != other:
                    string[] faults = ["cut", "delay 700", "heal", "step 2"];
                    server.Connect().Ask($"link {other.Options.Id} {faults[_random.Next(4)]}");
                    break;
                case 5 when _dead.Count > 0 && server.Serves:
                    server.Connect().Say($"forget {_dead[_random.Next(_dead.Count)]}");
                    break;
                case 12:
                    server.Disk.Save(server.Replica.TakeChanges(), keysOnly: _random.Next(4) == 0);
                    server.Disk.Trim(keep: _random.Next(20));
                    break;
                case 13:
                    var restarted = Wire.Restart(server);
                    _stays = _stays == server ? restarted : _stays;
                    break;
                default:
                    Write(server);
                    break;
            }
        }

        private void Write(TestServer server)
        {
            if (!server.Serves)
            {
                return;
            }

            var client = server.Connect();

            for (int count = _random.Next(6); count >= 0; count--)
            {
                client.Ask(_random.Next(2) == 0 ? "scan \"\"" : $"read k{_random.Next(8)}");
                client.Ask(_random.Next(5) == 0
                    ? $"delete k{_random.Next(8)}"
                    : $"write k{_random.Next(8)} {_random.Next(1000)} write k{_random.Next(8)} more");
            }
        }

        private void RemoveEnded()
        {
            foreach (var ended in Wire.Servers.Where(server => server.Exit is not null).ToList())
            {
                Wire.Kill(ended);
            }
        }
    }
}
