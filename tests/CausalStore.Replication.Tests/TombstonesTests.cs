using CausalStore.Replication.Tests.Kit;

namespace CausalStore.Replication.Tests;

public sealed class TombstonesTests
{
    [Fact]
    public void A_tombstone_stays_until_every_member_has_it()
    {
        var server = TestServer.Alone(3);
        var one = server.MeetMember(1);
        var two = server.MeetMember(2);
        server.Connect().Say("write x 1");
        server.Connect().Say("delete x");

        one.Say("have ..2@3");
        server.Pass(seconds: 10);
        Assert.Equal("missing x 2@3", server.Connect().Say("read x"));
        two.Say("have ..2@3");
        server.Pass(seconds: 3);
        Assert.Equal("missing x", server.Connect().Say("read x"));
        Assert.Equal("0", server.Status("tombstones"));
    }

    [Theory]
    [InlineData("have ..5@1,..9@3")]
    [InlineData("have 5@1,9@3")]
    public void It_waits_for_everything_that_the_members_had_written_before_they_had_it(string have)
    {
        var server = TestServer.Alone(3);
        var one = server.MeetMember(1);
        one.Say("replicate 4@1 0 - write y 1");
        server.Connect().Say("write pad 1");
        server.Connect().Say("write pad 1");
        server.Connect().Say("write pad 1");
        server.Connect().Say("write pad 1");
        Assert.Equal("ok 9@3", server.Connect().Say("delete x"));

        one.Say(have);
        server.Pass(seconds: 10);
        Assert.Equal("missing x 9@3", server.Connect().Say("read x"));

        one.Say("replicate 5@1 4 - write x old");
        server.Pass(seconds: 3);
        Assert.Equal("missing x", server.Connect().Say("read x"));
        one.Say("replicate 5@1 4 - write x old");
        Assert.Equal("missing x", server.Connect().Say("read x"));
    }

    [Fact]
    public void It_waits_for_a_visitor_too()
    {
        var server = TestServer.Alone(3);
        var visitor = server.Meet("hello server 2 J2 I3 0 waiting");
        visitor.Say("have -");
        server.Connect().Say("delete x");

        server.Pass(seconds: 5);
        Assert.Equal("missing x 1@3", server.Connect().Say("read x"));
        visitor.Leave();
        server.Pass(seconds: 3);
        Assert.Equal("missing x", server.Connect().Say("read x"));
    }

    [Fact]
    public void It_waits_no_longer_for_a_visitor_that_is_gone_while_the_member_under_its_id_is_here()
    {
        var server = TestServer.Waiting(3, 60001);
        server.Dial(60001, "hello server 1 J1 C 60001").Leave();
        server.Pass(seconds: 1);
        var one = server.Dial(60001, "hello server 1 J1 C 60001");
        var visitor = server.Meet("hello server 2 J9 C 0 waiting");
        var two = server.Meet("hello server 2 J2 C 60002");
        string[] members = ["member 1 J1 127.0.0.1 60001", "member 2 J2 127.0.0.1 60002"];
        one.Say([.. members, "have -"]);
        two.Say([.. members, "have -"]);
        visitor.Leave();
        one.Say("joined");
        two.Say("joined");
        Assert.True(server.Serves);
        server.Connect().Say("delete x");

        one.Say("have ..1@3");
        two.Say("have ..1@3");
        server.Pass(seconds: 3);

        Assert.Equal("missing x", server.Connect().Say("read x"));
    }

    [Fact]
    public void It_waits_until_what_is_left_of_forgotten_servers_is_here()
    {
        var server = TestServer.Alone(3);
        var one = server.MeetMember(1);
        server.MeetMember(4);
        server.Connect().Say("delete x");
        server.Connect().Say("forget 4");
        one.Say("have ..1@3");
        server.Pass(seconds: 5);
        Assert.Equal("missing x 1@3", server.Connect().Say("read x"));

        one.Say("statement 1 4 0-7@4");
        server.Pass(seconds: 5);
        Assert.Equal("missing x 1@3", server.Connect().Say("read x"));
        one.Say("replicate 7@4 0 - write x 1");
        server.Pass(seconds: 5);
        Assert.Equal("value x 1 7@4", server.Connect().Say("read x"));
    }

    [Fact]
    public void A_key_deleted_again_and_again_while_a_member_is_away_keeps_one_tombstone()
    {
        var server = TestServer.Alone(3);
        var one = server.MeetMember(1);
        var client = server.Connect();

        for (int count = 0; count < 5000; count++)
        {
            client.Say("delete x");
        }

        Assert.Equal("1", server.Status("tombstones"));
        one.Say("have ..5000@3");
        server.Pass(seconds: 3);
        Assert.Equal("0", server.Status("tombstones"));
    }

    [Fact]
    public void It_does_not_wait_for_what_a_forgotten_server_wrote_last_and_nobody_has()
    {
        var server = TestServer.Alone(3);
        var one = server.MeetMember(1);
        var four = server.MeetMember(4);
        server.Connect().Say("delete x");
        one.Say("have ..1@3");
        four.Say("have ..1@3,..9@4");
        server.Pass(seconds: 5);
        Assert.Equal("missing x 1@3", server.Connect().Say("read x"));

        server.Connect().Say("forget 4");
        one.Say("statement 1 4 -");
        server.Pass(seconds: 5);

        Assert.Equal("missing x", server.Connect().Say("read x"));
    }
}
