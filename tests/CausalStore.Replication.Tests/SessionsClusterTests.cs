using CausalStore.Replication.Tests.Kit;

namespace CausalStore.Replication.Tests;

/// <summary>What sessions are promised, with several real replicas.</summary>
public sealed class SessionsClusterTests
{
    [Fact]
    public void The_story_of_the_lost_ring()
    {
        var wire = JoiningClusterTests.Founded();
        var (west, central, east) = (wire.Servers[0], wire.Servers[1], wire.Servers[2]);
        var (alice, bob, carol) = (west.Connect(), central.Connect(), east.Connect());
        carol.Say("watch \"\"");

        alice.Say("write x lost");
        wire.Run(seconds: 1);
        alice.Say("link 3 delay 2000");
        alice.Say("write y found");
        wire.Run(seconds: 0.5);
        Assert.StartsWith("value y found ", bob.Say("read y"));
        bob.Say("write z glad");
        central.Connect().Say("write unrelated 1");
        wire.Run(seconds: 0.5);

        Assert.Equal(["update x lost 1@1", "update unrelated 1 4@2"], carol.Heard());
        Assert.Equal("missing z", carol.Say("read z"));
        Assert.Equal(" 2@1 write z glad", east.Pending()[0]["delayed 3@2 0.5".Length..]);
        wire.Run(seconds: 2);
        Assert.Equal(["update y found 2@1", "update z glad 3@2"], carol.Heard());
        Cluster.AssertEqual(wire);
    }

    [Fact]
    public void A_session_that_moves_with_its_context_reads_its_own_writes_or_waits()
    {
        var wire = JoiningClusterTests.Founded();
        var alice = wire.Servers[0].Connect();
        alice.Say("link 3 cut");
        alice.Say("write x 1");
        string context = alice.Say("context");
        wire.Run(seconds: 0.5);

        var there = wire.Servers[1].Connect();
        Assert.Equal("ok", there.Say(context));
        Assert.StartsWith("value x 1 ", there.Say("read x"));

        var late = wire.Servers[2].Connect();
        Assert.Empty(late.Ask(context));
        wire.Run(seconds: 1);
        Assert.Empty(late.Heard());
        alice.Say("link 3 heal");
        wire.Run(seconds: 0.1);
        Assert.Equal(["ok"], late.Heard());
        Assert.StartsWith("value x 1 ", late.Say("read x"));
    }

    [Fact]
    public void A_dead_origin_strands_nothing()
    {
        var wire = JoiningClusterTests.Founded();
        var one = wire.Servers[0];
        one.Connect().Say("link 3 cut");
        one.Connect().Say("write x 1");
        wire.Run(seconds: 1);
        wire.Kill(one);
        wire.Run(seconds: 3);
        Assert.Equal("missing x", wire.Servers[1].Connect().Say("read x"));

        wire.Run(seconds: 2);

        Assert.StartsWith("value x 1 ", wire.Servers[1].Connect().Say("read x"));
    }

    [Fact]
    public void The_same_steps_have_the_same_effects()
    {
        Assert.Equal(Run(), Run());

        static string[] Run()
        {
            var wire = JoiningClusterTests.Founded();
            JoiningClusterTests.WriteEverywhere(wire, rounds: 10);
            wire.Start(4, [2]);
            wire.Run(seconds: 3);
            wire.Servers[3].Connect().Say("forget 2");
            wire.Run(seconds: 3);
            return [.. wire.Servers.SelectMany(server => server.Notices).Select(notice => $"{notice}")];
        }
    }
}
