using CausalStore.Replication.Tests.Kit;

namespace CausalStore.Replication.Tests;

public sealed class JoiningTests
{
    private const string One = "member 1 J1 127.0.0.1 60001";
    private const string Two = "member 2 J2 127.0.0.1 60002";
    private const string Four = "member 4 J4 127.0.0.1 60004";

    [Fact]
    public void It_joins_when_all_agree_when_it_has_what_they_had_and_when_all_have_said_joined()
    {
        var server = Named();
        var one = server.Dial(60001, "hello server 1 J1 C 60001");
        Assert.Equal(["hello server 3 I3 C 60003 waiting", "have -"], one.Heard());

        one.Say(One, Two, "have ..2@1");
        Assert.Empty(one.HeardButHave());
        var two = server.Dial(60002, "hello server 2 J2 C 60002");
        two.Say(Two, One, "have -");
        Assert.DoesNotContain("join", one.Heard());

        one.Say("replicate 1@1 0 - write x 1");
        Assert.DoesNotContain("join", one.Heard());
        one.Say("replicate 2@1 1 - write y 1");
        Assert.Contains("join", one.Heard());
        Assert.Contains("join", two.Heard());

        one.Say("member 3 I3 127.0.0.1 60003", "joined");
        Assert.False(server.Serves);
        two.Say("joined");
        Assert.True(server.Serves);
        Assert.Equal(
            ["member 3 I3 127.0.0.1 60003", One, Two],
            one.Heard().Where(line => line.StartsWith("member ", StringComparison.Ordinal)));
        Assert.Equal("value x 1 1@1", server.Connect().Say("read x"));
    }

    [Fact]
    public void It_meets_every_member_that_anyone_told_it_of()
    {
        var server = Named();
        var one = server.Dial(60001, "hello server 1 J1 C 60001");
        one.Say(One, Two, "have -");
        server.Dial(60002, "hello server 2 J2 C 60002").Say(Two, One, Four, "have -");
        one.Say(Four);

        Assert.DoesNotContain("join", one.Heard());
        Assert.Contains("server 4 at 127.0.0.1:60004", server.Connect().Say("read x"));

        var four = server.Dial(60004, "hello server 4 J4 C 60004");
        four.Say(Four, One, Two, "have -");
        Assert.Contains("join", one.Heard());
        Assert.Contains("join", four.Heard());
    }

    [Fact]
    public void Those_that_wait_themselves_are_met_and_not_asked_who_is_a_member()
    {
        var server = Named();
        var one = server.Dial(60001, "hello server 1 J1 C 60001");
        one.Say(One, Four, "have -");
        Assert.DoesNotContain("join", one.Heard());

        var four = server.Dial(60004, "hello server 4 J4 C 60004 waiting");
        four.Say("have -");
        Assert.Contains("join", one.Heard());
        Assert.Contains("join", four.Heard());

        one.Say("joined");
        Assert.False(server.Serves);
        four.Say("joined");
        Assert.True(server.Serves);
    }

    [Fact]
    public void The_word_of_those_that_wait_is_not_enough()
    {
        var server = Named();
        var four = server.Dial(60001, "hello server 4 J4 C 60001 waiting");
        four.Say("have -");
        server.Pass(seconds: 1);

        Assert.DoesNotContain("join", four.Heard());
        string refusal = server.Connect().Say("read x");
        Assert.StartsWith("error unavailable ", refusal);
        Assert.Contains("127.0.0.1:60001", refusal);
    }

    [Fact]
    public void Members_that_disagree_about_who_is_forgotten_are_waited_for()
    {
        var server = Named();
        var one = server.Dial(60001, "hello server 1 J1 C 60001");
        one.Say(One, Two, Four, "have -");
        var two = server.Dial(60002, "hello server 2 J2 C 60002");
        two.Say(Two, One, "forgotten 4", "have -");
        Assert.DoesNotContain("join", one.Heard());

        one.Say("forgotten 4");

        Assert.Contains("join", one.Heard());
        Assert.Contains("join", two.Heard());
    }

    [Fact]
    public void A_joiner_that_has_taken_something_throws_it_away_when_it_hears_of_a_forgotten_server()
    {
        var server = Named();
        var one = server.Dial(60001, "hello server 1 J1 C 60001");
        one.Say(One, Two, Four, "have ..1@1", "replicate 1@1 0 - write x 1", "replicate 1@4 0 - write y 1");

        one.Say("forgotten 4");

        Assert.True(one.IsClosed);
        Assert.Equal("-", server.Status("applied"));
        one.Leave();
        server.Pass(seconds: 1);
        var again = server.Dial(60001, "hello server 1 J1 C 60001");
        Assert.Equal(["hello server 3 I3 C 60003 waiting", "have -"], again.Heard());
        again.Say(One, Two, "forgotten 4", "have ..1@1", "replicate 1@1 0 - write x 1");
        var two = server.Dial(60002, "hello server 2 J2 C 60002");
        two.Say(Two, One, "forgotten 4", "have -");
        again.Say("joined");
        two.Say("joined");
        Assert.True(server.Serves);
        server.Pass(seconds: 2);
        again.Say("have ..1@1");
        two.Say("have ..1@1");
        var client = server.Connect();
        client.Ask("read x");
        Assert.Equal("context -", client.Say("context"));
    }

    [Fact]
    public void It_passes_nothing_on_before_it_has_joined()
    {
        var server = Named();
        var one = server.Dial(60001, "hello server 1 J1 C 60001");
        one.Say(One, Two, Four, "have ..1@1", "replicate 1@1 0 - write x 1");
        var two = server.Dial(60002, "hello server 2 J2 C 60002");
        two.Say("have -");
        server.Pass(seconds: 20);

        Assert.All(
            two.Heard(), line => Assert.Matches("^(hello|have|join)", line));
    }

    [Fact]
    public void A_waiting_server_answers_the_join_of_another()
    {
        var server = Named();
        server.Dial(60001, "hello server 1 J1 C 60001").Say(One, "have -");
        var five = server.Meet("hello server 5 J5 C 60005 waiting");
        five.Say("have -", "join");

        Assert.Equal(["joined"], five.HeardButHave()[1..].Where(line => line == "joined"));
    }

    [Fact]
    public void It_believes_one_that_waits_like_itself_about_an_earlier_one_with_its_id()
    {
        var server = Named();

        var four = server.Meet("hello server 4 J4 C 60004 waiting");
        four.Say("error not-allowed id 3 is taken; 9 is unused", "member 3 Earlier 127.0.0.1 7003");

        Assert.Contains("--id 9", server.Exit);
    }

    [Fact]
    public void It_does_not_believe_one_of_another_cluster()
    {
        var server = Named();

        var four = server.Meet("hello server 4 J4 Other 60004");
        four.Say("member 3 Earlier 127.0.0.1 7003");

        Assert.True(four.IsClosed);
        Assert.Null(server.Exit);
    }

    [Fact]
    public void A_joiner_counts_for_good_once_it_has_said_join()
    {
        var server = TestServer.Alone(3);
        var joiner = server.Meet("hello server 4 J4 I3 0 waiting");
        joiner.Say("have -", "join");
        joiner.Leave();
        server.Connect().Say("write x 1");
        var client = server.Connect();
        client.Ask("read x");

        server.Pass(seconds: 10);

        Assert.Equal("context 1@3", client.Say("context"));
        string[] heard = server.Meet("hello server 4 Another I3 0 waiting").Heard();
        Assert.StartsWith("error not-allowed ", heard[1]);
        Assert.Equal("member 4 J4 127.0.0.1 0", heard[2]);
    }

    [Fact]
    public void A_bad_answer_is_none()
    {
        var server = Named();
        var one = server.Dial(60001, "hello server 1 J1 C 60001");
        one.Say("joined", One, "have -");
        Assert.Contains(one.Heard(), line => line.StartsWith("error ", StringComparison.Ordinal));
        Assert.False(server.Serves);

        one.Say("joined");

        Assert.True(server.Serves);
    }

    [Fact]
    public void Only_the_first_have_of_a_connection_must_be_here()
    {
        var server = Named();
        var one = server.Dial(60001, "hello server 1 J1 C 60001");

        one.Say(One, "have -", "have ..99@1", "joined");

        Assert.True(server.Serves);
    }

    [Fact]
    public void A_connection_that_ends_takes_its_joined_with_it()
    {
        var server = Named();
        var one = server.Dial(60001, "hello server 1 J1 C 60001");
        one.Say(One, Two, "have -");
        var two = server.Dial(60002, "hello server 2 J2 C 60002");
        two.Say(Two, One, "have -");
        one.Say("joined");
        one.Leave();

        two.Say("joined");
        Assert.False(server.Serves);
        server.Pass(seconds: 1);
        server.Dial(60001, "hello server 1 J1 C 60001").Say(One, Two, "have -", "joined");
        Assert.True(server.Serves);
    }

    [Fact]
    public void Writes_of_a_joiner_are_taken_from_its_join_on_whoever_sends_them_and_of_strangers_never()
    {
        var server = TestServer.Alone(3);
        var one = server.MeetMember(1);
        var joiner = server.Meet("hello server 4 J4 I3 0 waiting");
        one.Say("replicate 1@4 0 - write early 1");
        Assert.StartsWith("error ", one.HeardButHave()[^1]);

        joiner.Say("have -", "join");
        one.Say("replicate 2@4 1 - write late 1", "replicate 1@77 0 - write strange 1");

        Assert.Equal(
            ["missing early", "value late 1 2@4", "missing strange"],
            server.Connect().Ask("read early late strange"));
    }

    /// <summary>A server that has taken the name C from the one at port 60001, and waits.</summary>
    private static TestServer Named()
    {
        var server = TestServer.Waiting(3, 60001);
        server.Dial(60001, "hello server 1 J1 C 60001").Leave();
        server.Pass(seconds: 1);
        Assert.Equal("C", server.Cluster);
        return server;
    }

    [Fact]
    public void One_that_waits_itself_and_is_recorded_here_need_not_be_named_by_the_members()
    {
        var server = Named();
        var one = server.Dial(60001, "hello server 1 J1 C 60001");
        one.Say(One, "replicate 1@1 0 - write x 1", "have ..2@1");
        var four = server.Meet("hello server 4 J4 C 60004 waiting");
        four.Say("have -", "join");
        Assert.Contains("joined", four.Heard());

        one.Say("replicate 2@1 1 - write x 2");

        Assert.Contains("join", one.Heard());
        Assert.Contains("join", four.Heard());
        one.Say("joined");
        Assert.False(server.Serves);
        four.Say("joined");
        Assert.True(server.Serves);
    }
}
