using CausalStore.Protocol;
using CausalStore.Replication.Tests.Kit;

namespace CausalStore.Replication.Tests;

public sealed class WhyReportTests
{
    [Fact]
    public void A_chain_goes_down_to_the_root_cause_a_line_for_each_write()
    {
        var server = TestServer.Alone(3);
        var one = server.MeetMember(1);
        one.Say("replicate 9@1 8 8@1 write z 1", "replicate 8@1 7 7@1 write y 1");
        server.Pass(seconds: 2.5);

        string[] lines = server.Connect().Ask("why z");

        Assert.Equal(
            [
                "9@1 waits since 2.5 s: it needs 8@1 (here, but waits itself)",
                "8@1 waits since 2.5 s: it needs 7@1 (not here, nobody is known to have it)",
                "7@1 has not come here, and nobody is known to have it: "
                    + "server 1 is connected since 2.5 s, but nothing has come from it since 2.5 s",
                "next: 7@1 comes by one way only: server 1 sends it when its link to here lets it go",
                "to do: at server 1, 'why 7@1' tells what holds it, and 'link 3 heal' ends a fault",
                "end 5",
            ],
            lines);
        Assert.Equal(lines, server.Connect().Ask("why 9@1"));
    }

    [Fact]
    public void Each_need_is_applied_or_waits_or_is_known_elsewhere_or_nowhere()
    {
        var server = TestServer.Alone(3);
        var one = server.MeetMember(1);
        var two = server.MeetMember(2);
        two.Say("have 7@1");
        one.Say("replicate 1@1 0 - write a 1", "replicate 8@1 7 6@1 write y 1");
        one.Say("replicate 9@2 0 ..4@1,1@1,8@1,7@1,5@2 write z 1");

        string[] lines = server.Connect().Ask("why z");

        Assert.Equal(
            "9@2 waits since 0 s: it needs 1@1 (applied), 8@1 (here, but waits itself), "
                + "7@1 (not here, server 2 has it), 5@2 (not here, nobody is known to have it), "
                + "..4@1 (applied up to 1)",
            lines[0]);
        Assert.Equal(
            ["9@2", "8@1", "6@1", "7@1", "5@2", "4@1", "next:", "to", "next:", "to", "end"],
            lines.Select(line => line.Split(' ')[0]));
    }

    [Fact]
    public void A_whole_origin_waits_for_its_first_gap()
    {
        var server = TestServer.Alone(3);
        var one = server.MeetMember(1);
        one.Say("replicate 5@1 4 - write a 1", "replicate 4@1 3 2@1 write b 1");
        one.Say("replicate 9@1 5 ..5@1 write z 1");

        string[] lines = server.Connect().Ask("why z");

        Assert.Equal(["9@1", "4@1", "2@1"], lines[..3].Select(line => line.Split(' ')[0]));
        one.Say("replicate 2@1 1 - write c 1");
        lines = server.Connect().Ask("why z");
        Assert.StartsWith(
            "5@1 is here, but not all that server 1 wrote before it, after 0: server 1 is connected",
            lines[1]);
        Assert.StartsWith("next: 5@1 comes by one way only: server 1", lines[2]);
    }

    [Fact]
    public void What_does_not_wait_is_here_or_lost_or_of_nobody_known()
    {
        var server = TestServer.Alone(3);
        var client = server.Connect();
        client.Say("write x 1");
        client.Say("forget 4");
        server.Pass(seconds: 1);

        Assert.Equal(["nothing waits: x is here, by 1@3", "end 1"], client.Ask("why x"));
        Assert.Equal(["1@3 is applied here", "end 1"], client.Ask("why 1@3"));
        Assert.Equal(["nothing waits, and no write of y has come here", "end 1"], client.Ask("why y"));
        Assert.Equal(["7@2 has not come here: server 2 is not known here", "end 1"], client.Ask("why 7@2"));
        Assert.Equal("9@3 has not come here: it would be this server's own", client.Ask("why 9@3")[0]);
        Assert.StartsWith("7@4 was lost with server 4", client.Ask("why 7@4")[0]);
    }

    [Fact]
    public void A_long_chain_is_cut()
    {
        var server = TestServer.Alone(3);
        var one = server.MeetMember(1);

        for (int number = 200; number > 0; number--)
        {
            one.Say($"replicate {number + 1}@1 {number} {number}@1 write x{number} 1");
        }

        string[] lines = server.Connect().Ask("why x200");

        Assert.Equal("end 100", lines[^1]);
    }

    [Fact]
    public void The_story_where_z_waits_names_y_its_origin_and_since_when_nothing_came_from_there()
    {
        var wire = Story();

        Assert.Equal(
            [
                "3@2 waits since 2.1 s: it needs 2@1 (not here, server 2 has it)",
                "2@1 has not come here, and server 2 has it: server 1 is connected since 6.5 s, "
                    + "but nothing has come from it since 2.7 s",
                "next: 2@1 comes by whoever is sooner: server 2 relays it in about 2.4 s; "
                    + "server 1 sends it when its link to here lets it go",
                "to do: at server 1, 'why 2@1' tells what holds it, and 'link 3 heal' ends a fault",
                "end 4",
            ],
            wire.Servers[2].Connect().Ask("why z"));
    }

    [Fact]
    public void The_story_where_y_was_taken_names_the_delayed_link_and_the_time_left()
    {
        var wire = Story();
        string held = "2@1 is not at server 3, as far as is known: the link to it is delayed by 10000 ms by "
            + "a fault, held for 2.6 s; it goes in 7.4 s, or when 'link 3 heal' is typed here; "
            + "server 2, which has it, relays it in about 2.4 s, if its link works";

        Assert.Equal(
            ["nothing waits: y is here, by 2@1", held, "end 2"], wire.Servers[0].Connect().Ask("why y"));
        Assert.Equal(["2@1 is applied here", held, "end 2"], wire.Servers[0].Connect().Ask("why 2@1"));
    }

    [Fact]
    public void The_relay_comes_when_why_says_so()
    {
        var wire = Story();
        wire.Run(seconds: 2.2);
        Assert.NotEmpty(wire.Servers[2].Pending());

        wire.Run(seconds: 0.4);

        Assert.Empty(wire.Servers[2].Pending());
    }

    [Fact]
    public void A_release_says_what_unblocked_it_who_brought_that_and_how_long_it_waited()
    {
        var wire = Story();
        wire.Servers[0].Connect().Say("link 3 heal");
        wire.Run(seconds: 0.1);

        var released = wire.Servers[2].Notices.OfType<Notice.WriteApplied>().Last();

        Assert.Equal(Parse.Version("3@2"), released.Write.Version);
        Assert.Equal(Parse.Version("2@1"), released.ReleasedBy);
        Assert.Equal((Parse.Version("2@1"), Parse.Version("2@1").Origin), released.Arrival);
        Assert.Equal(2.1, released.Waited!.Value.TotalSeconds, tolerance: 0.01);
    }

    [Fact]
    public void A_release_in_turn_says_whose_arrival_set_it_off()
    {
        var server = TestServer.Alone(3);
        var one = server.MeetMember(1);
        var two = server.MeetMember(2);
        one.Say("replicate 9@1 8 8@1 write z 1", "replicate 8@1 7 7@1 write y 1");
        two.Say("replicate 7@1 0 - write x 1");

        var applied = server.Notices.OfType<Notice.WriteApplied>().ToList();

        Assert.Null(applied[0].Arrival);
        Assert.Equal(Parse.Version("8@1"), applied[2].ReleasedBy);
        Assert.Equal((Parse.Version("7@1"), new ServerId(2)), applied[2].Arrival);
    }

    /// <summary>x is everywhere, y held back on its way from server 1 to server 3, which z has
    /// reached.</summary>
    private static Wire Story()
    {
        var wire = JoiningClusterTests.Founded();
        var (alice, bob) = (wire.Servers[0].Connect(), wire.Servers[1].Connect());
        alice.Say("write x lost");
        wire.Run(seconds: 1);
        alice.Say("link 3 delay 10000");
        alice.Say("write y found");
        wire.Run(seconds: 0.5);
        bob.Say("read y");
        bob.Say("write z glad");
        wire.Run(seconds: 2.1);
        return wire;
    }
}
