using CausalStore.Replication.Tests.Kit;

namespace CausalStore.Replication.Tests;

/// <summary>Joining a cluster that lives, with several real replicas.</summary>
public sealed class JoiningClusterTests
{
    [Fact]
    public void One_joins_while_everybody_writes_and_has_it_all()
    {
        var wire = Founded();
        WriteEverywhere(wire, rounds: 50);
        var joiner = wire.Start(4, [2]);

        for (int round = 0; round < 30; round++)
        {
            WriteEverywhere(wire, rounds: 1);
            wire.Run(seconds: 0.05);
        }

        Assert.True(joiner.Serves, joiner.Status("waiting"));
        wire.Run(seconds: 2);
        Cluster.AssertOne(wire, "I1");
        Cluster.AssertWritesReachAll(wire);
    }

    [Fact]
    public void Two_join_at_once()
    {
        var wire = Founded();
        WriteEverywhere(wire, rounds: 5);

        wire.Start(4, [1]);
        wire.Start(5, [3]);
        wire.Run(seconds: 3);

        Cluster.AssertOne(wire, "I1");
        Cluster.AssertWritesReachAll(wire);
    }

    [Fact]
    public void Two_join_at_once_that_know_only_each_other_and_one_member()
    {
        var wire = Founded();

        wire.Start(4, [5, 1]);
        wire.Start(5, [4]);
        wire.Run(seconds: 5);

        Cluster.AssertOne(wire, "I1");
    }

    [Fact]
    public void Nobody_joins_while_a_member_is_away_and_the_refusal_names_it()
    {
        var wire = Founded();
        wire.Kill(wire.Servers[2]);
        wire.Run(seconds: 1);

        var joiner = wire.Start(4, [1]);
        wire.Run(seconds: 10);

        Assert.False(joiner.Serves);
        string refusal = joiner.Connect().Say("write x 1");
        Assert.StartsWith("error unavailable ", refusal);
        Assert.Contains("server 3", refusal);
        Assert.Contains("forget", refusal);

        Assert.Equal("ok", wire.Servers[0].Connect().Say("forget 3"));
        wire.Run(seconds: 5);
        Cluster.AssertOne(wire, "I1");
    }

    [Fact]
    public void One_that_lost_its_data_is_refused_and_told_what_to_do()
    {
        var wire = Founded();
        wire.Kill(wire.Servers[1]);

        var again = wire.Start(2, [1, 3], instance: "Other");
        wire.Run(seconds: 3);

        Assert.NotNull(again.Exit);
        Assert.Contains("forget 2", again.Exit);
        Assert.Contains("--id 4", again.Exit);
        Assert.Null(wire.Servers[0].Exit);
        Assert.True(wire.Servers[0].Serves);
    }

    [Fact]
    public void One_that_starts_under_the_id_of_a_living_member_ends_and_that_member_goes_on()
    {
        var wire = Founded();
        var other = wire.Start(
            9, [2], instance: "Other", with: options => options with { Id = new Protocol.ServerId(2) });
        wire.Run(seconds: 3);

        Assert.NotNull(other.Exit);
        Assert.Contains("--id 4", other.Exit);
        wire.Kill(other);
        wire.Run(seconds: 1);
        Cluster.AssertOne(wire, "I1");
    }

    [Fact]
    public void Of_two_that_wait_under_one_id_one_ends()
    {
        Wire wire = new();
        wire.Start(1, [2, 3, 9]);
        wire.Start(2, [1, 3]);
        wire.Run(seconds: 1);
        var later = wire.Start(
            9, [1], instance: "Z", with: options => options with { Id = new Protocol.ServerId(2) });
        wire.Run(seconds: 5);

        Assert.NotNull(later.Exit);
        Assert.All(wire.Servers.Where(server => server != later), server => Assert.Null(server.Exit));
    }

    [Fact]
    public void A_joiner_gets_what_the_log_no_longer_has_as_a_copy()
    {
        Wire wire = new();
        var one = wire.Start(
            1, [], with: options => options with { RetainBytesMax = 2000, RecentBytesMax = 1000 });
        var client = one.Connect();

        for (int count = 0; count < 200; count++)
        {
            client.Say($"write k{count % 50} {count}");
        }

        client.Say("delete k7");
        wire.Start(2, [1]);
        wire.Run(seconds: 15);

        Cluster.AssertOne(wire, "I1");
        Cluster.AssertWritesReachAll(wire);
    }

    [Fact]
    public void A_member_that_was_away_for_long_gets_a_copy_and_nothing_deleted_comes_back()
    {
        Wire wire = new();
        static ReplicaOptions Tiny(ReplicaOptions options) =>
            options with { RetainBytesMax = 2000, RecentBytesMax = 1000 };
        var one = wire.Start(1, [2, 3], with: Tiny);
        var two = wire.Start(2, [1, 3], with: Tiny);
        var three = wire.Start(3, [1, 2], with: Tiny);
        wire.Run(seconds: 3);
        one.Connect().Say("write gone 1");
        wire.Run(seconds: 1);
        wire.PartFromAll(three);
        three.Connect().Say("write mine 1");
        one.Connect().Say("delete gone");
        var client = two.Connect();
        client.Say("write x 0");

        for (int count = 0; count < 200; count++)
        {
            client.Say($"write k{count % 50} {count}");
        }

        wire.Run(seconds: 3);
        wire.Heal();
        wire.Run(seconds: 30);

        Assert.StartsWith("missing gone", three.Connect().Say("read gone"));
        Cluster.AssertOne(wire, "I1");
        Cluster.AssertWritesReachAll(wire);
    }

    /// <summary>Three servers that are one cluster.</summary>
    internal static Wire Founded()
    {
        Wire wire = new();
        wire.Start(1, [2, 3]);
        wire.Start(2, [1, 3]);
        wire.Start(3, [1, 2]);
        wire.Run(seconds: 3);
        Cluster.AssertOne(wire, "I1");
        return wire;
    }

    internal static void WriteEverywhere(Wire wire, int rounds)
    {
        for (int round = 0; round < rounds; round++)
        {
            foreach (var server in wire.Servers.Where(server => server.Serves).ToList())
            {
                var client = server.Connect();
                client.Ask("scan \"\"");
                client.Say($"write k{(round * 7) % 13} {server.Options.Id}.{round}");
                client.Leave();
            }

            wire.Deliver();
        }
    }
}
