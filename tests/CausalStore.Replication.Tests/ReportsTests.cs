using CausalStore.Replication.Tests.Kit;

namespace CausalStore.Replication.Tests;

public sealed class ReportsTests
{
    [Fact]
    public void Status_says_who_it_is_and_how_it_stands()
    {
        var server = TestServer.Alone(3);
        var one = server.MeetMember(1);
        var client = server.Connect();
        client.Say("write x 1");
        client.Say("write y 1");
        client.Say("delete y");
        one.Say("replicate 9@1 0 8@1 write z 1", "replicate 5@1 0 - write v 1");

        string[] lines = client.Ask("status");

        Assert.Equal($"end {lines.Length - 1}", lines[^1]);
        string[] expected =
        [
            "server 3", "instance I3", "cluster I3", "state serving", "consistency causal", "clock 9",
            "keys 2", "delayed 1", "applied ..5@1,..3@3", "members 2",
        ];
        Assert.Empty(expected.Except(lines));
    }

    [Fact]
    public void Members_says_since_when_each_was_heard_and_what_it_lacks()
    {
        var server = TestServer.Alone(3);
        var one = server.MeetMember(1);
        var client = server.Connect();
        client.Say("write x 1");
        one.Say("replicate 5@1 0 - write v 1", "have ..5@1,..1@3");
        client.Say("write y 1");
        server.Pass(seconds: 2.5);

        Assert.Equal("connected; heard 2.5 s ago; lacks 1-6@3", MemberText(server, 1));

        one.Say("have ..5@1,..6@3");
        Assert.Equal("connected; heard 0 s ago", MemberText(server, 1));

        Assert.Equal("not connected; not heard yet", MemberText(server.Restart(), 1));
    }

    [Fact]
    public void Members_says_for_whose_word_a_settlement_waits()
    {
        var server = TestServer.Alone(3);
        server.MeetMember(1);

        server.Connect().Say("forget 2");

        Assert.EndsWith("; the settlement waits for its word", MemberText(server, 1));
    }

    [Fact]
    public void Status_counts_what_writes_need()
    {
        var server = TestServer.Alone(3);
        server.MeetMember(1).Say(
            "replicate 1@1 0 - write a 1", "replicate 2@1 1 1@1 write b 1",
            "replicate 3@1 2 ..1@1,2@1 write c 1");

        Assert.Equal("1", server.Status("needs.average"));
        Assert.Equal("2", server.Status("needs.max"));
    }

    [Fact]
    public void Status_counts_what_was_done_since_it_began()
    {
        var server = TestServer.Alone(3);
        var one = server.MeetMember(1);
        server.MeetMember(2);
        var client = server.Connect();
        client.Say("write x 1");
        client.Say("read x");
        client.Say("fly");
        client.Say("write \"\" 1");
        one.Say(
            "replicate 9@1 0 8@1 write z 1", "replicate 9@1 0 8@1 write z 1", "replicate 5@1 0 - write v 1");
        server.Pass(seconds: 2.5);

        // Three times the status, two of them for the members to greet.
        Assert.Equal($"{4 + 3}", server.Status("requests"));
        Assert.Equal("1", server.Status("writes"));
        Assert.Equal("2", server.Status("received"));
        Assert.Equal("2", server.Status("sent"));
        Assert.Equal("2.5", server.Status("uptime"));
        Assert.Equal("0", server.Restart().Status("received"));
    }

    [Fact]
    public void Pending_counts_what_is_delayed_with_its_age_and_the_missing_part_of_its_needs()
    {
        var server = TestServer.Alone(3);
        var one = server.MeetMember(1);
        one.Say("replicate 1@1 0 - write a 1");
        one.Say("replicate 9@1 8 1@1,8@1,7@2 write \"a b\" 1 delete c");
        server.Pass(seconds: 2.5);
        one.Say("replicate 12@1 9 ..9@1 write d 1");

        Assert.Equal(
            [
                "delayed 9@1 2.5 8@1,7@2 write \"a b\" 1 delete c", "delayed 12@1 0 ..9@1 write d 1", "end 2",
            ],
            server.Connect().Ask("pending"));
    }

    [Fact]
    public void Undelivered_counts_what_connected_members_lack()
    {
        var server = TestServer.Alone(3);
        var one = server.MeetMember(1);
        server.Connect().Say("write x 1");
        server.Connect().Say("write y 1");

        Assert.Equal(2, server.Replica.Undelivered());
        one.Say("have ..1@3");
        Assert.Equal(1, server.Replica.Undelivered());
        one.Say("have ..2@3");
        Assert.Equal(0, server.Replica.Undelivered());
        server.Connect().Say("write z 1");
        one.Leave();
        Assert.Equal(0, server.Replica.Undelivered());
    }

    /// <summary>What <c>members</c> says of one, behind its address.</summary>
    private static string MemberText(TestServer server, int id) => server.Connect().Ask("members")
        .Select(line => line.Split(' ', 5)).Single(words => words[0] == "member" && words[1] == $"{id}")[4];
}
