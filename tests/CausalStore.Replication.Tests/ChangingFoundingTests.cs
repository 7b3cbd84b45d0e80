using CausalStore.Replication.Tests.Kit;

namespace CausalStore.Replication.Tests;

/// <summary>Servers that start in any order, and part, while they found a cluster, from a seed.</summary>
public sealed class ChangingFoundingTests(ITestOutputHelper output)
{
    [Theory]
    [MemberData(nameof(ChangingClusterTests.Seeds), MemberType = typeof(ChangingClusterTests))]
    public void Those_that_are_connected_by_whom_they_name_become_one_cluster(int seed)
    {
        output.WriteLine($"seed {seed}");
        Random random = new(seed);
        int count = random.Next(2, 7);
        int[] order = [.. Enumerable.Range(1, count)];
        random.Shuffle(order);
        var names = Connected(order, random);
        random.Shuffle(order);
        Wire wire = new();

        foreach (int id in order)
        {
            output.WriteLine($"{id} names {string.Join(' ', names[id])}");
            wire.Start(id, [.. names[id]]);
            wire.Run(seconds: random.Next(5) * 0.3);
            var (one, other) = (wire.Servers[random.Next(wire.Servers.Count)], wire.Servers[0]);

            if (one != other && random.Next(3) == 0)
            {
                wire.Part(one, other);
            }
            else if (random.Next(2) == 0)
            {
                wire.Heal();
            }

            foreach (var server in wire.Servers.Where(server => server.Serves))
            {
                server.Connect().Say($"write k{random.Next(5)} {seed}");
            }
        }

        wire.Heal();
        wire.Run(seconds: 20);

        Assert.Single(wire.Servers.Select(server => server.Cluster).Distinct());
        Cluster.AssertOne(wire, wire.Servers[0].Cluster);
        Cluster.AssertWritesReachAll(wire);
    }

    /// <summary>Whom each names: at least one other, so that all are connected one way or the
    /// other.</summary>
    private static Dictionary<int, HashSet<int>> Connected(int[] order, Random random)
    {
        var names = order.ToDictionary(id => id, _ => new HashSet<int>());

        for (int index = 1; index < order.Length; index++)
        {
            int earlier = order[random.Next(index)];
            var (from, to) = random.Next(2) == 0 ? (earlier, order[index]) : (order[index], earlier);
            names[from].Add(to);
        }

        foreach (int id in order)
        {
            while (names[id].Count == 0 || random.Next(4) == 0)
            {
                names[id].Add(order[random.Next(order.Length)]);
                names[id].Remove(names[id].Count > 1 ? id : 0);

                if (names[id].SetEquals([id]))
                {
                    names[id].Clear();
                }
            }
        }

        return names;
    }
}
