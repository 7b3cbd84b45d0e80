using CausalStore.Replication.Tests.Kit;

namespace CausalStore.Replication.Tests;

public sealed class CausalDeliveryTests
{
    [Fact]
    public void An_effect_is_held_until_its_cause_is_here_and_then_both_appear_cause_first()
    {
        var server = TestServer.Alone(3);
        var alice = server.MeetMember(1);
        var bob = server.MeetMember(2);
        var watcher = server.Connect();
        watcher.Say("watch \"\"");

        alice.Say("replicate 1@1 0 - write x lost");
        bob.Say("replicate 3@2 0 2@1 write z glad");

        Assert.Equal(["update x lost 1@1"], watcher.Heard());
        Assert.Equal("missing z", watcher.Say("read z"));
        server.Pass(seconds: 1.5);
        Assert.Equal(["delayed 3@2 1.5 2@1 write z glad"], server.Pending());
        Assert.Equal("1", server.Status("delayed"));

        alice.Say("replicate 2@1 1 1@1 write y found");

        Assert.Equal(["update y found 2@1", "update z glad 3@2"], watcher.Heard());
        Assert.Empty(server.Pending());
    }

    [Fact]
    public void A_write_that_needs_nothing_missing_is_not_held_up()
    {
        var server = TestServer.Alone(3);
        server.MeetMember(1);
        var bob = server.MeetMember(2);

        bob.Say("replicate 3@2 0 2@1 write z glad", "replicate 4@2 3 - write unrelated here");

        Assert.Equal(
            ["missing z", "value unrelated here 4@2"], server.Connect().Ask("read z unrelated"));
    }

    [Fact]
    public void A_concurrent_greater_version_of_the_same_key_satisfies_no_need()
    {
        var server = TestServer.Alone(3);
        var one = server.MeetMember(1);
        var two = server.MeetMember(2);
        two.Say("replicate 5@2 0 - write x two");

        two.Say("replicate 6@2 5 2@1 write z effect");

        Assert.Equal("missing z", server.Connect().Say("read z"));
        one.Say("replicate 1@1 0 - write a 1", "replicate 2@1 1 1@1 write x one");
        Assert.Equal(["value x two 5@2", "value z effect 6@2"], server.Connect().Ask("read x z"));
    }

    [Fact]
    public void A_need_up_to_a_write_waits_for_every_write_before_it()
    {
        var server = TestServer.Alone(3);
        var one = server.MeetMember(1);
        var two = server.MeetMember(2);
        one.Say("replicate 2@1 1 - write b 2", "replicate 4@1 2 - write c 3");

        two.Say("replicate 9@2 0 ..4@1 write z effect");

        Assert.Equal("missing z", server.Connect().Say("read z"));
        Assert.Equal("delayed 9@2 0 ..4@1 write z effect", Assert.Single(server.Pending()));
        one.Say("replicate 1@1 0 - write a 1");
        Assert.Equal("value z effect 9@2", server.Connect().Say("read z"));
    }

    [Fact]
    public void A_gap_in_previous_blocks_nothing()
    {
        var server = TestServer.Alone(3);
        var one = server.MeetMember(1);

        one.Say("replicate 9@1 8 - write x 1", "replicate 12@1 11 9@1 write y 2");

        Assert.Equal(["value x 1 9@1", "value y 2 12@1"], server.Connect().Ask("read x y"));
        Assert.Equal("9@1,12@1", server.Status("applied"));
    }

    [Fact]
    public void The_same_write_again_changes_nothing_by_whatever_way_it_comes()
    {
        var server = TestServer.Alone(3);
        var one = server.MeetMember(1);
        var two = server.MeetMember(2);
        var watcher = server.Connect();
        watcher.Say("watch \"\"");
        one.Say("replicate 1@1 0 - write x old", "replicate 2@1 1 1@1 write x new");
        watcher.Heard();

        two.Say("replicate 1@1 0 - write x old", "replicate 2@1 1 1@1 write x new");
        one.Say("replicate 1@1 0 - write x old");

        Assert.Empty(watcher.Heard());
        Assert.Equal("value x new 2@1", watcher.Say("read x"));
    }

    [Fact]
    public void A_late_write_by_way_of_a_third_server_is_taken()
    {
        var server = TestServer.Alone(3);
        server.MeetMember(1);
        var two = server.MeetMember(2);

        two.Say("replicate 7@1 0 - write x far", "replicate 8@2 0 7@1 write y near");

        Assert.Equal(["value x far 7@1", "value y near 8@2"], server.Connect().Ask("read x y"));
    }

    [Fact]
    public void The_greater_version_wins_whatever_comes_last_and_ties_go_to_the_greater_server()
    {
        var server = TestServer.Alone(3);
        var one = server.MeetMember(1);
        var two = server.MeetMember(2);

        two.Say("replicate 5@2 0 - write x two");
        one.Say("replicate 5@1 0 - write x one");

        Assert.Equal("value x two 5@2", server.Connect().Say("read x"));
        Assert.Equal("ok 6@3", server.Connect().Say("write x three"));
    }

    [Fact]
    public void A_received_write_raises_the_clock_even_while_it_is_delayed_and_a_have_does_not()
    {
        var server = TestServer.Alone(3);
        server.MeetMember(1);
        var two = server.MeetMember(2);

        two.Say("have ..900@1");
        Assert.Equal("ok 1@3", server.Connect().Say("write k 1"));
        two.Say("replicate 50@2 0 40@1 write x 1");
        Assert.Equal("ok 51@3", server.Connect().Say("write k 2"));
    }

    [Fact]
    public void An_atomic_write_is_whole_or_not_at_all()
    {
        var server = TestServer.Alone(3);
        var one = server.MeetMember(1);
        one.Say("replicate 1@1 0 - write x 0 write gone 0");

        one.Say("replicate 5@1 1 4@3 write x 1 delete gone write y 1");
        Assert.Equal(
            ["value x 0 1@1", "value gone 0 1@1", "missing y"], server.Connect().Ask("read x gone y"));
        Assert.Equal("1", server.Status("delayed"));

        one.Say("replicate 6@1 5 1@1 write x 1 delete gone write y 1");
        Assert.Equal(
            ["value x 1 6@1", "missing gone 6@1", "value y 1 6@1"], server.Connect().Ask("read x gone y"));
    }

    [Fact]
    public void A_timestamp_too_far_ahead_is_dropped_and_reported_wherever_it_stands()
    {
        var server = TestServer.Alone(3);
        var one = server.MeetMember(1);
        long far = (1L << 40) + 1;

        one.Say(
            $"replicate {far}@1 0 - write x 1",
            $"replicate 9223372036854775807@1 {far} - write x 1",
            $"replicate 9223372036854775807@1 0 {far}@2 write x 1",
            "replicate 9223372036854775808@1 0 - write x 1",
            $"replicate 5@1 {far} - write x 1",
            $"replicate 5@1 0 {far}@2 write x 1");

        Assert.Equal(6, one.HeardButHave().Count(line => line.Contains("error too-large ")));
        Assert.Equal("ok 1@3", server.Connect().Say("write x 1"));
        one.Say($"replicate {(1L << 40) + 1}@1 0 - write x 2");
        Assert.Equal($"value x 2 {(1L << 40) + 1}@1", server.Connect().Say("read x"));
    }

    [Theory]
    [InlineData("replicate 5@1 5 - write x 1")]
    [InlineData("replicate 5@1 0 5@2 write x 1")]
    [InlineData("replicate 5@1 0 ..6@2 write x 1")]
    [InlineData("replicate 5@1 0 - write x")]
    [InlineData("replicate 5@1 0 -")]
    [InlineData("replicate 5@9 0 - write x 1")]
    [InlineData("replicate 5 0 - write x 1")]
    [InlineData("flip")]
    public void A_bad_line_is_skipped_and_reported_and_the_next_one_counts(string line)
    {
        var server = TestServer.Alone(3);
        var one = server.MeetMember(1);
        server.Notices.Clear();

        one.Say(line, "replicate 9@1 0 - write y 1");

        Assert.Single(one.HeardButHave(), heard => heard.StartsWith("error ", StringComparison.Ordinal));
        Assert.Single(server.Notices.OfType<Notice.BadLine>());
        Assert.Equal(["missing x", "value y 1 9@1"], server.Connect().Ask("read x y"));
    }

    [Fact]
    public void An_eventual_server_applies_at_once_and_says_that_it_does()
    {
        var server = TestServer.Alone(
            3, options => options with { Consistency = Protocol.Consistency.Eventual });
        var bob = server.Meet("hello server 2 J2 I3 0 waiting eventual");
        bob.Say("have -", "join", "member 2 J2 127.0.0.1 0");

        bob.Say("replicate 3@2 0 2@1 write z glad");

        Assert.Equal("value z glad 3@2", server.Connect().Say("read z"));
        Assert.Equal("eventual", server.Status("consistency"));
    }
}
