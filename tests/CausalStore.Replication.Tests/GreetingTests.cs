using CausalStore.Replication.Tests.Kit;

namespace CausalStore.Replication.Tests;

public sealed class GreetingTests
{
    [Fact]
    public void The_dialler_says_hello_first_and_the_other_answers_with_who_is_a_member_and_what_is_here()
    {
        var server = TestServer.Alone(3);
        server.Connect().Say("write x 1");
        server.MeetMember(2);

        var joiner = server.Meet("hello server 4 J4 I3 0 waiting");

        Assert.Equal(
            [
                "hello server 3 I3 I3 60003", "member 3 I3 127.0.0.1 60003", "member 2 J2 127.0.0.1 0",
                "have ..1@3", "replicate 1@3 0 - write x 1",
            ],
            joiner.Heard());
    }

    [Fact]
    public void One_without_a_name_is_told_who_is_a_member_and_what_is_here_but_gets_no_writes()
    {
        var server = TestServer.Alone(3);
        server.Connect().Say("write x 1");

        var nameless = server.Meet("hello server 4 J4 - 60004 waiting");

        Assert.Equal(
            ["hello server 3 I3 I3 60003", "member 3 I3 127.0.0.1 60003", "have ..1@3"], nameless.Heard());
        server.Pass(seconds: 1);
        Assert.All(nameless.Heard(), line => Assert.Equal("have ..1@3", line));
        Assert.False(nameless.IsClosed);
    }

    [Fact]
    public void An_advertised_address_is_what_member_lines_and_hello_say()
    {
        var server = TestServer.Alone(
            3, options => options with { Advertise = new Protocol.ServerAddress("example.org", 7000) });

        string[] heard = server.Meet("hello server 4 J4 I3 0 waiting extra words").Heard();

        Assert.Equal("hello server 3 I3 I3 example.org:7000", heard[0]);
        Assert.Equal("member 3 I3 example.org 7000", heard[1]);
    }

    [Fact]
    public void A_have_is_said_at_least_every_second_and_soon_after_news()
    {
        var server = TestServer.Alone(3);
        var one = server.MeetMember(1);
        one.Heard();

        server.Pass(seconds: 10);
        Assert.InRange(one.Heard().Length, 10, 12);
        one.Say("replicate 5@1 0 - write x 1");
        server.Pass(seconds: 0.2);
        Assert.Equal(["have ..5@1"], one.Heard());
    }

    [Fact]
    public void What_is_newly_learned_stands_before_joined_and_before_later_writes()
    {
        var server = TestServer.Alone(3);
        var one = server.MeetMember(1);
        one.Heard();
        var joiner = server.Meet("hello server 4 J4 I3 7004 waiting");
        joiner.Heard();

        joiner.Say("have -", "join");
        server.Connect().Say("write x 1");

        Assert.Equal(["member 4 J4 127.0.0.1 7004", "joined", "replicate 1@3 0 - write x 1"], joiner.Heard());
        Assert.Equal(["member 4 J4 127.0.0.1 7004", "replicate 1@3 0 - write x 1"], one.Heard());
    }

    [Theory]
    [InlineData("hello server 4 J4 Other 0", "two clusters")]
    [InlineData("hello server 4 J4 Other 0 waiting", "two clusters")]
    [InlineData("hello server 4 J4 I3 0", "is not known")]
    [InlineData("hello server 4 J4 I3 0 eventual", "eventual")]
    [InlineData("hello server 4 J4 - 0 waiting eventual", "eventual")]
    public void Two_that_cannot_be_of_one_cluster_refuse_each_other_and_say_so(string hello, string because)
    {
        var server = TestServer.Alone(3);

        var other = server.Meet(hello);

        Assert.True(other.IsClosed);
        string[] heard = other.Heard();
        Assert.StartsWith("hello server 3 ", heard[0]);
        Assert.StartsWith("error not-allowed ", heard[1]);
        Assert.Equal(2, heard.Length);
        Assert.Contains(because, server.Status("refused"));
        Assert.Contains(server.Notices, notice => notice is Notice.Cluster { IsWarning: true });
        Assert.Null(server.Exit);
    }

    [Fact]
    public void A_forgotten_id_is_refused_with_the_line_that_shows_it()
    {
        var server = TestServer.Alone(3);
        server.Connect().Say("forget 4");

        foreach (string hello in new[] { "hello server 4 J4 I3 0", "hello server 4 New - 0 waiting" })
        {
            var forgotten = server.Meet(hello);

            string[] heard = forgotten.Heard();
            Assert.True(forgotten.IsClosed);
            Assert.StartsWith("error not-allowed ", heard[1]);
            Assert.Contains("5 is unused", heard[1]);
            Assert.Equal("forgotten 4", heard[2]);
        }
    }

    [Theory]
    [InlineData("hello server 2 Other - 0 waiting")]
    [InlineData("hello server 2 Other I3 0 waiting")]
    [InlineData("hello server 2 Other I3 0")]
    public void An_id_that_is_bound_to_other_data_is_refused_with_the_member_that_has_it(string hello)
    {
        var server = TestServer.Alone(3);
        server.MeetMember(2);

        var other = server.Meet(hello);

        string[] heard = other.Heard();
        Assert.True(other.IsClosed);
        Assert.StartsWith("error not-allowed ", heard[1]);
        Assert.Contains("4 is unused", heard[1]);
        Assert.Equal("member 2 J2 127.0.0.1 0", heard[2]);
    }

    [Fact]
    public void One_with_the_id_of_a_serving_server_is_refused_by_it()
    {
        var server = TestServer.Alone(3);

        var namesake = server.Meet("hello server 3 Other - 0 waiting");

        Assert.True(namesake.IsClosed);
        Assert.Equal("member 3 I3 127.0.0.1 60003", namesake.Heard()[2]);
        Assert.Null(server.Exit);
    }

    [Fact]
    public void A_member_that_says_it_belongs_to_other_data_is_believed_also_while_serving()
    {
        var server = TestServer.Alone(3, options => options with { DataDirectory = "data/server-3" });
        var one = server.MeetMember(1);

        one.Say("error not-allowed id 3 belongs to others; 17 is unused", "member 3 Other 127.0.0.1 60009");

        Assert.NotNull(server.Exit);
        Assert.Contains("forget 3", server.Exit);
        Assert.Contains("data/server-3", server.Exit);
        Assert.Contains("--id 17", server.Exit);
    }

    [Fact]
    public void One_that_its_cluster_has_forgotten_ends()
    {
        var server = TestServer.Alone(3);

        server.MeetMember(1).Say("forgotten 3");

        Assert.Contains("forgotten", server.Exit);
    }

    [Fact]
    public void A_visitor_that_is_no_member_is_not_believed_about_old_data()
    {
        var server = TestServer.Alone(3);

        server.Meet("hello server 1 J1 I3 0 waiting").Say("have ..7@3");

        Assert.Null(server.Exit);
    }

    [Fact]
    public void A_visitor_whose_id_is_bound_to_other_data_meanwhile_is_refused_and_cannot_take_it_over()
    {
        var server = TestServer.Alone(3);
        var one = server.MeetMember(1);
        var visitor = server.Meet("hello server 5 Mine I3 0 waiting");
        visitor.Heard();

        one.Say("member 5 Other 127.0.0.1 60005");

        Assert.True(visitor.IsClosed);
        string[] heard = visitor.Heard();
        Assert.StartsWith("error not-allowed ", heard[^2]);
        Assert.Equal("member 5 Other 127.0.0.1 60005", heard[^1]);
    }

    [Fact]
    public void The_later_of_two_that_wait_under_one_id_is_told_of_the_earlier_while_that_is_connected()
    {
        var server = TestServer.Alone(3);
        var earlier = server.Meet("hello server 5 One I3 7005 waiting");

        var later = server.Meet("hello server 5 Two I3 7006 waiting");
        Assert.True(later.IsClosed);
        Assert.Equal("member 5 One 127.0.0.1 7005", later.Heard()[2]);
        Assert.False(earlier.IsClosed);

        earlier.Leave();
        Assert.False(server.Meet("hello server 5 Two I3 7006 waiting").IsClosed);
    }

    [Fact]
    public void An_id_recorded_under_two_instances_belongs_to_neither_until_it_is_forgotten()
    {
        var server = TestServer.Alone(3);
        var one = server.MeetMember(1);
        var mine = server.Meet("hello server 5 Mine I3 0 waiting");
        mine.Say("have -", "join");
        Assert.Contains("joined", mine.Heard());

        one.Say("member 5 Other 127.0.0.1 60005");

        Assert.True(mine.IsClosed);
        Assert.Equal("member 5 Other 127.0.0.1 60005", mine.Heard()[^1]);
        Assert.Contains("member 5 Other 127.0.0.1 60005", one.Heard());
        var other = server.Meet("hello server 5 Other I3 0 waiting");
        Assert.True(other.IsClosed);
        Assert.StartsWith("member 5 Mine ", other.Heard()[^1]);
        var again = server.Meet("hello server 5 Mine I3 0 waiting");
        Assert.True(again.IsClosed);
        Assert.StartsWith("member 5 Other ", again.Heard()[^1]);

        server.Connect().Say("forget 5");
        Assert.Equal("forgotten 5", server.Meet("hello server 5 Mine I3 0 waiting").Heard()[^1]);
    }

    [Fact]
    public void One_that_says_it_has_joined_and_is_not_known_is_refused_then()
    {
        var server = TestServer.Alone(3);
        var visitor = server.Meet("hello server 4 J4 I3 0 waiting");
        Assert.False(visitor.IsClosed);

        visitor.Say("member 4 J4 127.0.0.1 0");

        Assert.True(visitor.IsClosed);
        Assert.StartsWith("error not-allowed ", visitor.Heard()[^1]);
    }

    [Fact]
    public void A_cluster_has_at_most_64_members()
    {
        var server = TestServer.Alone(100);

        for (int id = 1; id <= 63; id++)
        {
            server.MeetMember(id);
        }

        var tooMany = server.Meet("hello server 64 J64 I100 0 waiting");
        tooMany.Say("have -", "join");

        Assert.StartsWith("error overloaded ", tooMany.HeardButHave()[^1]);
        Assert.Equal("64", server.Status("members"));
    }

    [Fact]
    public void Several_connections_to_one_server_stand_side_by_side()
    {
        var server = TestServer.Alone(3);
        var one = server.MeetMember(1);
        var second = server.Meet("hello server 1 J1 I3 0");
        second.Say("have -");

        one.Say("replicate 1@1 0 - write x 1");
        second.Say("replicate 2@1 1 1@1 write y 1");

        Assert.False(one.IsClosed);
        Assert.Equal(["value x 1 1@1", "value y 1 2@1"], server.Connect().Ask("read x y"));
        Assert.Equal("ok 3@3", server.Connect().Say("write z 1"));
        Assert.Single(one.HeardWrites().Concat(second.HeardWrites()));
    }

    [Fact]
    public void Nothing_counts_before_hello()
    {
        var server = TestServer.Alone(3);
        server.MeetMember(1);

        var stranger = server.Meet("replicate 1@1 0 - write x 1");
        stranger.Say("have ..5@3", "join", "forgotten 3", "member 3 Other h 1");

        Assert.All(stranger.Heard(), line => Assert.StartsWith("error ", line));
        Assert.Null(server.Exit);
        Assert.Equal("missing x", server.Connect().Say("read x"));
        stranger.Say("hello server 7 J7 I3 0 waiting");
        Assert.StartsWith("hello server 3 ", stranger.Heard()[0]);
    }
}
