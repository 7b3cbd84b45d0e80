using CausalStore.Replication.Tests.Kit;

namespace CausalStore.Replication.Tests;

public sealed class FoundingTests
{
    [Fact]
    public void One_without_peers_founds_at_once_under_its_instance()
    {
        var server = TestServer.Alone(7);

        Assert.True(server.Serves);
        Assert.Equal("I7", server.Cluster);
        Assert.Equal("welcome 7 I7", server.Connect().Say("hello client alice"));
        Assert.Equal("welcome 7 I7", server.Connect().Say("hello client alice I7"));
        Assert.StartsWith("error lost ", server.Connect().Say("hello client alice Other"));
    }

    [Theory]
    [InlineData("read x")]
    [InlineData("write x 1")]
    [InlineData("delete x")]
    [InlineData("scan \"\"")]
    [InlineData("watch \"\"")]
    [InlineData("unwatch \"\"")]
    [InlineData("context")]
    [InlineData("context -")]
    [InlineData("forget 2")]
    public void One_that_waits_answers_unavailable_and_says_for_whom(string request)
    {
        var server = TestServer.Waiting(1, 60002);

        string answer = server.Connect().Say(request);

        Assert.StartsWith("error unavailable ", answer);
        Assert.Contains("127.0.0.1:60002", answer);
    }

    [Fact]
    public void One_that_waits_answers_what_needs_no_state()
    {
        var server = TestServer.Waiting(1, 60002);
        var client = server.Connect();

        Assert.Equal("welcome 1 -", client.Say("hello client alice"));
        Assert.Equal("welcome 1 -", client.Say("hello client alice Anything"));
        Assert.Equal("pong", client.Say("ping"));
        Assert.Equal("end 0", client.Say("pending"));
        Assert.StartsWith("end ", client.Ask("why x")[^1]);
        Assert.StartsWith("error not-allowed ", client.Say("link 2 cut"));
        Assert.Equal("waiting", server.Status("state"));
        Assert.Equal("-", server.Status("cluster"));
        client.Ask("quit");
        Assert.True(client.Session.IsClosing);
    }

    [Fact]
    public void It_dials_its_peers_and_tells_those_without_a_name_of_them_and_of_each_other()
    {
        var server = TestServer.Waiting(5, 60002, 60003);
        var two = server.Dial(60002, "hello server 2 J2 - 60002 waiting");
        Assert.Equal(
            ["hello server 5 I5 - 60005 waiting", "peer 127.0.0.1 60002", "peer 127.0.0.1 60003", "have -"],
            two.Heard());

        var nine = server.Meet("hello server 9 J9 - 60009 waiting");

        Assert.Equal(["peer 127.0.0.1 60009"], two.Heard());
        Assert.Contains("peer 127.0.0.1 60002", nine.Heard());
        Assert.Contains(server.Dials, address => address.Port == 60009);
    }

    [Fact]
    public void The_smallest_says_join_to_all_and_founds_when_all_have_said_joined()
    {
        var server = TestServer.Waiting(1, 60002);
        var two = server.Dial(60002, "hello server 2 J2 - 60002 waiting");
        Assert.Contains("join", two.Heard());
        two.Say("peer 127.0.0.1 60001", "peer 127.0.0.1 60003", "have -", "joined");
        Assert.False(server.Serves);

        var self = server.Dial(60001, "hello server 1 I1 - 60001 waiting");
        Assert.True(self.IsClosed);
        self.Leave();
        var three = server.Dial(60003, "hello server 3 J3 - 60003 waiting");
        Assert.False(server.Serves);
        three.Say("have -", "joined");

        Assert.True(server.Serves);
        Assert.Equal("I1", server.Cluster);
        Assert.True(two.IsClosed);
        Assert.True(three.IsClosed);
        two.Leave();
        three.Leave();
        server.Pass(seconds: 0.1);
        var again = server.Dial(60002, "hello server 2 J2 - 60002 waiting");
        Assert.StartsWith("hello server 1 I1 I1 60001", again.Heard()[0]);
    }

    [Fact]
    public void An_answer_on_a_connection_that_has_ended_counts_no_more()
    {
        var server = TestServer.Waiting(1, 60002, 60003);
        var two = server.Dial(60002, "hello server 2 J2 - 60002 waiting");
        two.Say("joined");
        two.Leave();

        server.Dial(60003, "hello server 3 J3 - 60003 waiting").Say("joined");
        Assert.False(server.Serves);

        server.Pass(seconds: 1);
        server.Dial(60002, "hello server 2 J2 - 60002 waiting").Say("joined");
        Assert.True(server.Serves);
    }

    [Fact]
    public void Joined_without_a_join_counts_for_nothing()
    {
        var server = TestServer.Waiting(2, 60003);
        var one = server.Meet("hello server 1 J1 - 0 waiting");
        var three = server.Dial(60003, "hello server 3 J3 - 60003 waiting");

        three.Say("joined");
        one.Leave();

        Assert.Contains(three.Heard(), line => line.StartsWith("error ", StringComparison.Ordinal));
        Assert.False(server.Serves);
    }

    [Fact]
    public void One_that_is_connected_and_does_not_listen_is_asked_too_and_counts_while_connected()
    {
        var server = TestServer.Waiting(1, 60002);
        var nine = server.Meet("hello server 9 J9 - 0 waiting");
        server.Dial(60002, "hello server 2 J2 - 60002 waiting").Say("joined");
        Assert.False(server.Serves);

        nine.Leave();

        Assert.True(server.Serves);
    }

    [Fact]
    public void One_that_came_by_itself_and_listens_is_dialled_and_waited_for_although_it_is_gone()
    {
        var server = TestServer.Waiting(1, 60002);
        var nine = server.Meet("hello server 9 J9 - 60009 waiting");
        server.Dial(60002, "hello server 2 J2 - 60002 waiting").Say("joined");
        nine.Say("joined");
        Assert.False(server.Serves);
        nine.Leave();
        Assert.False(server.Serves);
        Assert.Contains("60009", server.Connect().Say("read x"));

        server.Dial(60009, "hello server 9 J9 - 60009 waiting").Say("joined");

        Assert.True(server.Serves);
    }

    [Fact]
    public void What_a_peer_line_told_ends_with_its_connection()
    {
        var server = TestServer.Waiting(1, 60002);
        var two = server.Dial(60002, "hello server 2 J2 - 60002 waiting");
        two.Say("peer 127.0.0.1 60077", "joined");
        Assert.False(server.Serves);
        two.Leave();
        server.Pass(seconds: 1);

        server.Dial(60002, "hello server 2 J2 - 60002 waiting").Say("joined");

        Assert.True(server.Serves);
    }

    [Fact]
    public void One_that_tells_of_no_end_of_addresses_is_stopped_and_the_first_ones_are_named()
    {
        var server = TestServer.Waiting(1, 60002);
        var two = server.Dial(60002, "hello server 2 J2 - 60002 waiting");

        two.Say([.. Enumerable.Range(1, 1_000).Select(port => $"peer 127.0.0.1 {port}")]);

        Assert.Equal(1_000 - 256, two.Heard().Count(line => line.StartsWith("error overloaded ")));
        Assert.InRange(server.Dials.Distinct().Count(), 250, 257);
        string answer = server.Connect().Say("read x");
        Assert.Contains("127.0.0.1:1 ", answer);
        Assert.Contains(" and 246 others;", answer);
    }

    [Fact]
    public void No_end_of_servers_that_come_to_found_a_cluster_are_told_so_and_closed()
    {
        var server = TestServer.Waiting(1, 60002);

        FakePeer[] came =
        [
            .. Enumerable.Range(2, 300).Select(id => server.Meet($"hello server {id} J{id} - {id} waiting")),
        ];

        Assert.Equal(256, came.Count(peer => !peer.IsClosed));
        Assert.StartsWith("error overloaded ", came[^1].Heard()[^1]);
        came[0].Leave();
        Assert.False(server.Meet("hello server 2 J2 - 2 waiting").IsClosed);
    }

    [Fact]
    public void Who_is_not_the_smallest_answers_join_at_once_and_takes_the_founders_name()
    {
        var server = TestServer.Waiting(2, 60003);
        var one = server.Meet("hello server 1 J1 - 0 waiting");
        one.Say("join");
        Assert.Contains("joined", one.Heard());
        one.Leave();

        var founder = server.Meet("hello server 1 J1 J1 0");

        Assert.Equal("J1", server.Cluster);
        Assert.True(founder.IsClosed);
        Assert.Equal("waiting", server.Status("state"));
        Assert.Equal("welcome 2 J1", server.Connect().Say("hello client alice"));
        Assert.StartsWith("error lost ", server.Connect().Say("hello client alice Other"));
    }

    [Fact]
    public void It_takes_no_name_from_one_that_came_by_itself_but_founds_nothing_while_that_is_there()
    {
        var server = TestServer.Waiting(1, 60002);
        var named = server.Meet("hello server 9 J9 Theirs 60009");
        var two = server.Dial(60002, "hello server 2 J2 - 60002 waiting");
        Assert.DoesNotContain("join", two.Heard());
        Assert.Equal("-", server.Cluster);
        Assert.False(named.IsClosed);

        named.Leave();

        Assert.Contains("join", two.Heard());
    }

    [Fact]
    public void It_takes_the_name_of_the_first_that_it_dialled_and_keeps_it_with_that_address()
    {
        var server = TestServer.Waiting(1, 60002, 60003);

        var named = server.Dial(60002, "hello server 2 J2 Theirs 60002");
        Assert.True(named.IsClosed);
        Assert.Equal("Theirs", server.Cluster);
        named.Leave();
        server.Pass(seconds: 1);

        var other = server.Dial(60003, "hello server 3 J3 Different 60003");
        Assert.True(other.IsClosed);
        Assert.Equal("hello server 1 I1 Theirs 60001 waiting", other.Heard()[0]);
        Assert.Equal("Theirs", server.Cluster);
        Assert.Contains(server.Dials, address => address.Port == 60002);
    }

    [Theory]
    [InlineData("Zz", true)]
    [InlineData("Aa", false)]
    public void Of_two_that_wait_under_one_id_and_meet_the_one_with_the_greater_instance_ends(
        string other, bool staysHere)
    {
        var server = TestServer.Waiting(1, 60002);

        var namesake = server.Dial(60002, $"hello server 1 {other} - 60002 waiting");

        Assert.True(namesake.IsClosed);
        Assert.Equal(staysHere, server.Exit is null);
        Assert.Equal(
            staysHere, namesake.Heard().Contains("member 1 I1 127.0.0.1 60001"));
    }

    [Fact]
    public void The_later_of_two_without_a_name_under_one_id_is_told_of_the_earlier()
    {
        var server = TestServer.Waiting(1, 60002);
        server.Meet("hello server 5 One - 7005 waiting");

        var later = server.Meet("hello server 5 Two - 7006 waiting");

        Assert.True(later.IsClosed);
        Assert.Equal("member 5 One 127.0.0.1 7005", later.Heard()[^1]);
    }

    [Fact]
    public void Without_a_name_it_believes_only_one_that_it_dialled_about_its_id()
    {
        var server = TestServer.Waiting(1, 60002);
        server.Meet("hello server 9 J9 - 0 waiting").Say("member 1 Other h 1", "forgotten 1");
        Assert.Null(server.Exit);

        var dialled = server.Dial(60002, "hello server 2 J2 - 60002 waiting");
        dialled.Say("error not-allowed id 1 is taken; 12 is unused", "member 1 Other h 1");

        Assert.Contains("--id 12", server.Exit);
    }

    [Fact]
    public void It_ends_when_the_one_it_dialled_serves_under_its_id()
    {
        var server = TestServer.Waiting(1, 60002);

        var serving = server.Dial(60002, "hello server 1 Other Theirs 60002");
        serving.Say("error not-allowed id 1 is taken; 4 is unused", "member 1 Other 127.0.0.1 60002");

        Assert.Contains("--id 4", server.Exit);
        Assert.DoesNotContain(serving.Heard(), line => line.StartsWith("member ", StringComparison.Ordinal));
    }

    [Fact]
    public void Between_servers_without_a_name_no_write_and_no_member_passes()
    {
        var server = TestServer.Waiting(1, 60002);
        var two = server.Dial(60002, "hello server 2 J2 - 60002 waiting");

        two.Say(
            "member 2 J2 h 1", "member 4 J4 h 1", "forgotten 6", "replicate 1@2 0 - write x 1", "have ..1@2");

        Assert.Equal("1", server.Status("members"));
        Assert.Equal("-", server.Status("applied"));
        two.Say("joined");
        Assert.True(server.Serves);
    }
}
