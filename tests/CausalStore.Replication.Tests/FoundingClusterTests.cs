using CausalStore.Replication.Tests.Kit;

namespace CausalStore.Replication.Tests;

/// <summary>Founding and joining, with several real replicas.</summary>
public sealed class FoundingClusterTests
{
    public static TheoryData<int, int, int> Orders() => new()
    {
        { 1, 2, 3 }, { 1, 3, 2 }, { 2, 1, 3 }, { 2, 3, 1 }, { 3, 1, 2 }, { 3, 2, 1 },
    };

    [Theory]
    [MemberData(nameof(Orders))]
    public void Three_that_name_each_other_found_one_cluster_in_whatever_order_they_start(
        int first, int second, int third)
    {
        Wire wire = new();

        foreach (int id in new[] { first, second, third })
        {
            Assert.DoesNotContain(wire.Servers, server => server.Serves);
            wire.Start(id, [.. new[] { 1, 2, 3 }.Where(peer => peer != id)]);
            wire.Run(seconds: 3);
        }

        Cluster.AssertOne(wire, "I1");
        Cluster.AssertWritesReachAll(wire);
    }

    [Theory]
    [InlineData(new[] { 1, 2, 3, 4, 5 }, true)]
    [InlineData(new[] { 5, 4, 3, 2, 1 }, true)]
    [InlineData(new[] { 3, 1, 5, 2, 4 }, true)]
    [InlineData(new[] { 3, 1, 5, 2, 4 }, false)]
    [InlineData(new[] { 2, 4, 1, 3, 5 }, false)]
    public void Five_in_a_ring_each_naming_one_are_one_cluster(int[] order, bool upwards)
    {
        Wire wire = new();

        foreach (int id in order)
        {
            wire.Start(id, [upwards ? (id % 5) + 1 : ((id + 3) % 5) + 1]);
            wire.Run(seconds: 0.3);
        }

        wire.Run(seconds: 5);
        Cluster.AssertOne(wire, "I1");
        Cluster.AssertWritesReachAll(wire);
    }

    [Fact]
    public void A_chain_of_five_whose_last_names_nobody_joins_that_one()
    {
        Wire wire = new();

        foreach (int id in new[] { 4, 2, 1, 3 })
        {
            wire.Start(id, [id + 1]);
            wire.Run(seconds: 1);
        }

        wire.Start(5, []);
        wire.Run(seconds: 8);

        Cluster.AssertOne(wire, "I5");
        Cluster.AssertWritesReachAll(wire);
    }

    [Fact]
    public void One_that_names_itself_among_its_peers_skips_itself()
    {
        Wire wire = new();
        wire.Start(1, [1, 2]);
        wire.Start(2, [1]);
        wire.Run(seconds: 3);

        Cluster.AssertOne(wire, "I1");
        Assert.True(IsTold(wire.Servers[0]));
        Assert.False(IsTold(wire.Servers[1]), "it was not asked to dial itself");

        static bool IsTold(TestServer server) =>
            server.Notices.Exists(notice => notice is Notice.Cluster told && told.Text.Contains("itself"));
    }

    [Fact]
    public void A_server_that_does_not_listen_takes_part_in_the_founding()
    {
        Wire wire = new();
        wire.Start(2, [3]);
        wire.Start(1, [2], with: options => options with { Port = 0 });
        wire.Start(3, [2]);
        wire.Run(seconds: 5);

        Cluster.AssertOne(wire, "I1");
        Cluster.AssertWritesReachAll(wire);
    }

    [Fact]
    public void A_peer_behind_whose_address_nobody_answers_is_waited_for_and_named()
    {
        Wire wire = new();
        var one = wire.Start(1, [2, 3]);
        wire.Start(2, [1]);
        wire.Run(seconds: 10);

        Assert.All(wire.Servers, server => Assert.False(server.Serves));
        string refusal = one.Connect().Say("read x");
        Assert.StartsWith("error unavailable ", refusal);
        Assert.Contains("127.0.0.1:60003", refusal);
        Assert.Contains("start it", refusal);
        Assert.Contains("forget", refusal);
        Assert.Contains("--peers", refusal);

        wire.Start(3, [1]);
        wire.Run(seconds: 5);
        Cluster.AssertOne(wire, "I1");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void One_restarted_with_nothing_in_the_middle_of_founding_is_found_again(int restarted)
    {
        Wire wire = new();
        var servers = Enumerable.Range(1, 3)
            .Select(id => wire.Start(id, [.. Enumerable.Range(1, 4).Where(peer => peer != id)])).ToList();
        wire.Run(seconds: 2);
        wire.Kill(servers[restarted - 1]);
        wire.Run(seconds: 1);

        wire.Start(
            restarted, [.. Enumerable.Range(1, 4).Where(peer => peer != restarted)], instance: "Again");
        wire.Run(seconds: 2);
        wire.Start(4, [1, 2, 3]);
        wire.Run(seconds: 5);

        Cluster.AssertOne(wire, restarted == 1 ? "Again" : "I1");
        Cluster.AssertWritesReachAll(wire);
    }

    [Fact]
    public void One_that_founds_alone_is_joined_by_those_who_know_it()
    {
        Wire wire = new();
        wire.Start(3, []);
        wire.Start(1, [3]);
        wire.Start(2, [1]);
        wire.Run(seconds: 3);

        Cluster.AssertOne(wire, "I3");
        Cluster.AssertWritesReachAll(wire);
    }

    [Fact]
    public void One_that_is_told_to_found_does_although_it_has_peers()
    {
        Wire wire = new();
        wire.Start(2, [1], with: options => options with { Found = true });
        wire.Start(1, [2]);
        wire.Run(seconds: 3);

        Cluster.AssertOne(wire, "I2");
    }

    [Fact]
    public void Two_clusters_stay_two_and_say_so()
    {
        Wire wire = new();
        var one = wire.Start(1, []);
        var two = wire.Start(2, [1], with: options => options with { Found = true });
        one.Connect().Say("write x 1");
        wire.Run(seconds: 3);

        Assert.Equal(["I1", "I2"], [one.Cluster, two.Cluster]);
        Assert.Contains("cluster", one.Status("refused"));
        Assert.Contains("cluster", two.Status("refused"));
        Assert.Equal("missing x", two.Connect().Say("read x"));
    }
}
