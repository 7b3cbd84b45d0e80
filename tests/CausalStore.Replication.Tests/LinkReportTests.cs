using CausalStore.Replication.Tests.Kit;

namespace CausalStore.Replication.Tests;

/// <summary>What <c>why</c> says of links.</summary>
public sealed class LinkReportTests
{
    [Fact]
    public void A_link_that_was_heard_says_when()
    {
        var server = TestServer.Alone(3);
        var one = server.MeetMember(1);
        server.Pass(seconds: 8);
        one.Say("have -");
        server.Pass(seconds: 0.4);

        Assert.Equal(
            "7@1 has not come here, and nobody is known to have it: server 1 is connected since 8.4 s "
                + "and has not sent it; it was last heard 0.4 s ago",
            Why(server, "7@1")[0]);
    }

    [Fact]
    public void An_origin_that_is_down_is_tried_again_and_can_be_forgotten()
    {
        var wire = JoiningClusterTests.Founded();
        var server = wire.Servers[2];
        wire.Kill(wire.Servers[0]);
        wire.Run(seconds: 1.3);

        string[] lines = Why(server, "7@1");

        Assert.Equal(
            "7@1 has not come here, and nobody is known to have it: server 1 at 127.0.0.1:60001 is down "
                + "since 1.3 s (nobody answers), the next try is in 0.3 s",
            lines[0]);
        Assert.Equal(
            "next: 7@1 comes by one way only: this server tries to reach server 1 in 0.3 s", lines[1]);
        Assert.Equal(
            "to do: start server 1, or mend the way to it; if it is gone for good, 'forget 1' here "
                + "(7@1 is then lost)",
            lines[2]);
    }

    [Fact]
    public void A_relay_that_comes_sooner_than_the_next_try_is_named_first()
    {
        var wire = JoiningClusterTests.Founded();
        wire.Servers[0].Connect().Say("link 3 cut");
        wire.Servers[0].Connect().Say("write y found");
        wire.Run(seconds: 1);
        wire.Kill(wire.Servers[0]);
        wire.Run(seconds: 3.9);

        string[] lines = Why(wire.Servers[^1], "1@1");

        Assert.Matches(
            "^next: 1@1 comes by whoever is sooner: server 2 relays it in about 0.* s; this server tries",
            lines[1]);
        Assert.EndsWith("'forget 1' here", lines[2]);
    }

    [Fact]
    public void A_relay_counts_since_the_origin_last_got_through()
    {
        var server = TestServer.Alone(3);
        var one = server.MeetMember(1);
        server.MeetMember(2).Say("have ..2@1");
        server.Pass(seconds: 3);
        one.Say("replicate 1@1 0 - write x lost");
        server.Pass(seconds: 1);

        Assert.StartsWith(
            "next: 2@1 comes by whoever is sooner: server 2 relays it in about 4 s; server 1 sends it",
            Why(server, "2@1")[1]);
    }

    [Fact]
    public void Where_nobody_relays_only_the_origin_is_waited_for()
    {
        var server = TestServer.Alone(3, options => options with { RelayAfter = TimeSpan.Zero });
        server.MeetMember(1);
        server.MeetMember(2).Say("have 7@1");

        Assert.Equal(
            "next: 7@1 comes by one way only: server 1 sends it when its link to here lets it go",
            Why(server, "7@1")[1]);
    }

    [Fact]
    public void What_is_left_of_a_forgotten_server_waits_for_a_word()
    {
        var server = TestServer.Alone(3);
        server.MeetMember(1);
        server.MeetMember(2);
        server.Connect().Say("forget 1");

        string[] lines = Why(server, "7@1");

        Assert.Equal(
            "7@1 has not come here: server 1 is forgotten; what is left of it is being settled", lines[0]);
        Assert.Equal("next: nobody who is known here can send 7@1", lines[1]);
        Assert.Equal("to do: start server 2, whose word is missing, or 'forget' it as well", lines[2]);
    }

    [Fact]
    public void A_cut_link_holds_a_write_until_it_is_healed()
    {
        var server = TestServer.Alone(3, options => options with { AllowFaults = true });
        server.MeetMember(1);
        var client = server.Connect();
        client.Say("link 1 cut");
        client.Say("write y 1");
        server.Pass(seconds: 4);

        Assert.Equal(
            "1@3 is not at server 1, as far as is known: the link to it is cut by a fault, held for 4 s; "
                + "it goes when 'link 1 heal' is typed here",
            Why(server, "1@3")[1]);
        client.Say("link 1 heal");
        Assert.Equal(
            "1@3 is not at server 1, as far as is known: it was sent, and server 1 has not said yet that it "
                + "is applied; 'why 1@3' there tells whether it waits",
            Why(server, "1@3")[1]);
    }

    [Fact]
    public void What_a_member_that_is_away_lacks_is_kept_for_it()
    {
        var server = TestServer.Alone(3);
        var one = server.MeetMember(1);
        server.Pass(seconds: 1);
        one.Leave();
        server.Connect().Say("write y 1");
        server.Pass(seconds: 8);

        Assert.Equal(
            "1@3 is not at server 1, as far as is known: it is down since 8 s, the next try is its own: it "
                + "does not listen; what it lacks is kept for it",
            Why(server, "1@3")[1]);
    }

    [Fact]
    public void A_write_of_another_is_its_origins_to_send_or_this_servers_to_relay()
    {
        var server = TestServer.Alone(3);
        var one = server.MeetMember(1);
        server.MeetMember(2);
        one.Say("replicate 1@1 0 - write y 1");
        server.Pass(seconds: 1);

        Assert.Equal(
            "1@1 is not at server 2, as far as is known: server 1, which took it, sends it, and this server "
                + "relays it in about 4 s",
            Why(server, "1@1")[1]);
    }

    [Fact]
    public void An_origin_that_is_away_is_not_said_to_send()
    {
        var server = TestServer.Alone(3, options => options with { RelayAfter = TimeSpan.Zero });
        var one = server.MeetMember(1);
        server.MeetMember(2);
        one.Say("replicate 1@1 0 - write y 1");
        one.Leave();
        server.Pass(seconds: 2);

        Assert.StartsWith(
            "1@1 is not at server 2, as far as is known: server 1, which took it, is down since 2 s, ",
            Why(server, "1@1")[1]);
    }

    /// <summary>Without the end.</summary>
    private static string[] Why(TestServer server, string subject) =>
        server.Connect().Ask($"why {subject}")[..^1];
}
