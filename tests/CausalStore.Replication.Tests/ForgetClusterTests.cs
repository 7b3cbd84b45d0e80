using CausalStore.Replication.Tests.Kit;

namespace CausalStore.Replication.Tests;

/// <summary>Forgetting, with several real replicas.</summary>
public sealed class ForgetClusterTests
{
    [Fact]
    public void A_dead_member_is_forgotten_and_what_any_one_has_of_it_all_get()
    {
        var wire = Four(out var four);
        wire.Part(four, wire.Servers[1]);
        wire.Part(four, wire.Servers[2]);
        four.Connect().Say("write last 1");
        wire.Run(seconds: 0.5);
        wire.Kill(four);

        wire.Servers[2].Connect().Say("forget 4");
        wire.Run(seconds: 3);

        Assert.All(
            wire.Servers, server => Assert.StartsWith("value last 1 ", server.Connect().Say("read last")));
        Cluster.AssertOne(wire, "I1");
        Cluster.AssertWritesReachAll(wire);
    }

    [Fact]
    public void The_applied_one_and_the_delayed_one_survive_and_what_nobody_has_is_lost()
    {
        var wire = Four(out var four);
        var (one, two) = (wire.Servers[0], wire.Servers[1]);
        var client = four.Connect();
        CutAllBut(four, one);
        client.Say("write applied 1");
        wire.Run(seconds: 0.2);
        CutAllBut(four);
        client.Say("write second 2");
        client.Say("write nobody 3");
        client.Say("write third 4");
        string lost = client.Say("context")["context ".Length..];
        client.Say("write fourth 5");
        wire.Run(seconds: 0.2);
        SendByHand(wire, four, two, key: "second");
        wire.Run(seconds: 0.2);
        Assert.Equal("1", two.Status("delayed"));
        wire.Kill(four);
        wire.Servers[2].Connect().Say("forget 4");
        wire.Run(seconds: 5);

        foreach (var server in wire.Servers)
        {
            string[] values = server.Connect().Ask("read applied second nobody third fourth");
            Assert.StartsWith("value applied 1 ", values[0]);
            Assert.StartsWith("value second 2 ", values[1]);
            Assert.Equal(["missing nobody", "missing third", "missing fourth"], values[2..]);
            Assert.StartsWith("error lost ", server.Connect().Say($"context {lost}"));
        }

        Cluster.AssertOne(wire, "I1");
        Cluster.AssertWritesReachAll(wire);
    }

    [Fact]
    public void A_living_member_that_is_forgotten_ends()
    {
        var wire = Four(out var four);

        wire.Servers[0].Connect().Say("forget 4");
        wire.Run(seconds: 1);

        Assert.Contains("forgotten", four.Exit);
        wire.Kill(four);
        wire.Run(seconds: 3);
        Cluster.AssertOne(wire, "I1");
        Cluster.AssertWritesReachAll(wire);
    }

    [Fact]
    public void Two_that_forget_each_other_both_end_and_the_others_go_on()
    {
        var wire = Four(out var four);
        var (one, two, three) = (wire.Servers[0], wire.Servers[1], wire.Servers[2]);
        wire.Part(three, four);
        wire.Part(three, two);
        wire.Part(four, one);
        wire.Part(one, two);
        wire.Run(seconds: 0.1);

        three.Connect().Say("forget 4");
        four.Connect().Say("forget 3");
        wire.Run(seconds: 2);
        Assert.Equal(["4", "3"], [one.Status("forgotten"), two.Status("forgotten")]);
        wire.Heal();
        wire.Run(seconds: 5);

        Assert.NotNull(three.Exit);
        Assert.NotNull(four.Exit);
        wire.Kill(three);
        wire.Kill(four);
        wire.Run(seconds: 3);
        Cluster.AssertOne(wire, "I1");
        Cluster.AssertWritesReachAll(wire);
        Assert.Equal("", wire.Servers[0].Status("settlement"));
    }

    [Fact]
    public void A_member_that_was_away_during_a_forget_learns_of_it_and_the_settlement_waits_for_it()
    {
        var wire = Four(out var four);
        var three = wire.Servers[2];
        wire.Part(four, wire.Servers[0]);
        wire.Part(four, wire.Servers[1]);
        four.Connect().Say("write only3 1");
        wire.Run(seconds: 0.5);
        wire.Kill(four);
        wire.PartFromAll(three);
        wire.Servers[0].Connect().Say("forget 4");
        wire.Run(seconds: 5);
        Assert.Contains("3", wire.Servers[0].Status("settlement"));

        wire.Heal();
        wire.Run(seconds: 5);

        Assert.All(
            wire.Servers, server => Assert.StartsWith("value only3 1 ", server.Connect().Say("read only3")));
        Assert.Equal("", wire.Servers[0].Status("settlement"));
        Cluster.AssertOne(wire, "I1");
        Cluster.AssertWritesReachAll(wire);
    }

    [Fact]
    public void A_member_that_is_forgotten_while_another_settlement_goes_on_is_settled_with_it()
    {
        var wire = Four(out var four);
        var three = wire.Servers[2];
        wire.Part(four, wire.Servers[0]);
        wire.Part(four, wire.Servers[1]);
        four.Connect().Say("write only3 1");
        wire.Run(seconds: 0.5);
        wire.Kill(four);
        wire.Kill(three);
        wire.Servers[0].Connect().Say("forget 4");
        wire.Run(seconds: 2);

        wire.Servers[1].Connect().Say("forget 3");
        wire.Run(seconds: 3);

        Assert.All(wire.Servers, server => Assert.Equal("", server.Status("settlement")));
        Cluster.AssertOne(wire, "I1");
        Cluster.AssertWritesReachAll(wire);
        wire.Start(5, [2]);
        wire.Run(seconds: 3);
        Cluster.AssertOne(wire, "I1");
        Cluster.AssertWritesReachAll(wire);
    }

    [Fact]
    public void A_joiner_that_is_under_way_during_a_forget_joins_all_the_same()
    {
        var wire = Four(out var four);
        JoiningClusterTests.WriteEverywhere(wire, rounds: 5);
        wire.Kill(four);
        var joiner = wire.Start(5, [1]);
        wire.Run(seconds: 1);
        Assert.False(joiner.Serves);

        wire.Servers[0].Connect().Say("forget 4");
        wire.Run(seconds: 10);

        Cluster.AssertOne(wire, "I1");
        Cluster.AssertWritesReachAll(wire);
    }

    [Fact]
    public void Deletes_are_cleaned_up_again_after_a_settlement()
    {
        var wire = Four(out var four);
        four.Connect().Say("write x 1");
        wire.Run(seconds: 1);
        wire.Kill(four);
        wire.Servers[0].Connect().Say("delete x");
        wire.Run(seconds: 5);
        Assert.Equal("1", wire.Servers[0].Status("tombstones"));

        wire.Servers[0].Connect().Say("forget 4");
        wire.Run(seconds: 5);

        Assert.All(wire.Servers, server => Assert.Equal("0", server.Status("tombstones")));
    }

    private static Wire Four(out TestServer four)
    {
        var wire = JoiningClusterTests.Founded();
        four = wire.Start(4, [1]);
        wire.Run(seconds: 3);
        Cluster.AssertOne(wire, "I1");
        return wire;
    }

    private static void CutAllBut(TestServer from, TestServer? to = null)
    {
        foreach (int id in Enumerable.Range(1, 3))
        {
            from.Connect().Say($"link {id} {(to?.Options.Id.Value == id ? "heal" : "cut")}");
        }
    }

    /// <summary>Brings one write of a server to another that lacks what it needs.</summary>
    private static void SendByHand(Wire wire, TestServer from, TestServer to, string key)
    {
        var write = from.Notices.OfType<Notice.WriteAccepted>().Select(notice => notice.Write)
            .Single(write => write.ToString().Contains($"write {key} "));
        FakePeer messenger = to.Meet($"hello server 4 I4 {wire.Servers[0].Cluster} 0");
        messenger.Say(write.ToString());
        messenger.Leave();
    }
}
