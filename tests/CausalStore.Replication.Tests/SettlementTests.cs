using CausalStore.Replication.Tests.Kit;

namespace CausalStore.Replication.Tests;

public sealed class SettlementTests
{
    [Fact]
    public void Every_member_is_told_and_nothing_more_is_taken_from_the_forgotten_one()
    {
        var server = TestServer.Alone(3);
        var one = server.MeetMember(1);
        var four = server.MeetMember(4);
        four.Say("replicate 1@4 0 - write x 1");
        one.Heard();

        Assert.Equal("ok", server.Connect().Say("forget 4"));

        Assert.True(four.IsClosed);
        Assert.Equal("forgotten 4", four.Heard()[^1]);
        Assert.Equal(
            ["forgotten 4", "replicate 1@4 0 - write x 1", "statement 3 4 0-1@4"],
            one.HeardButHave().Order());
        Assert.Equal("2", server.Status("members"));
        Assert.Equal("4", server.Status("forgotten"));
        Assert.Equal("ok", server.Connect().Say("forget 4"));
        Assert.Empty(one.HeardButHave());
    }

    [Fact]
    public void While_a_further_settlement_is_under_way_a_newcomer_is_told_of_the_gaps_of_earlier_ones()
    {
        var server = TestServer.Alone(3);
        var one = server.MeetMember(1);
        server.MeetMember(4).Say("replicate 1@4 0 - write x 1", "replicate 3@4 2 - write y 1");
        server.Connect().Say("forget 4");
        one.Say("forgotten 4", "statement 1 4 -");
        Assert.Contains("..3@4", server.Status("applied"), StringComparison.Ordinal);

        server.Connect().Say("forget 5");
        string[] heard = server.Meet("hello server 2 J2 I3 0 waiting").Heard();

        Assert.InRange(
            Array.IndexOf(heard, "lost 1-2@4"),
            0, Array.FindIndex(heard, line => line.StartsWith("have ", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_gap_of_an_earlier_settlement_is_passed_by_whoever_is_told_of_it()
    {
        var server = TestServer.Alone(3);
        var one = server.MeetMember(1);
        server.MeetMember(4).Say("replicate 1@4 0 - write x 1", "replicate 3@4 2 - write y 1");
        server.Connect().Say("forget 4");
        Assert.DoesNotContain("..3@4", server.Status("applied"), StringComparison.Ordinal);

        one.Say("lost 1-2@4");

        Assert.Contains("..3@4", server.Status("applied"), StringComparison.Ordinal);
        Assert.StartsWith("error lost ", server.Connect().Say("context 2@4"));
    }

    [Fact]
    public void A_context_that_names_a_lost_write_is_refused_and_one_that_was_folded_names_no_lost_write()
    {
        var server = TestServer.Alone(3);
        var one = server.MeetMember(1);
        server.MeetMember(4).Say("replicate 1@4 0 - write x 1", "replicate 3@4 2 - write y 1");
        server.Connect().Say("forget 4");
        one.Say("forgotten 4", "statement 1 4 -");

        Assert.StartsWith("error lost ", server.Connect().Say("context 2@4"));
        Assert.StartsWith("error lost ", server.Connect().Say("context ..2@4"));
        Assert.StartsWith("error lost ", server.Connect().Say("context ..5@4"));

        // All writes of server 4 up to 3 that are not lost: whether 2@4 had been seen, it does not tell.
        Assert.Equal("ok", server.Connect().Say("context ..3@4"));
    }

    [Fact]
    public void A_gap_that_was_passed_stays_one_when_what_came_after_it_is_lost_as_well()
    {
        var server = TestServer.Alone(3);
        var one = server.MeetMember(1);
        server.MeetMember(4).Say("replicate 1@4 0 - write x 1");
        server.Connect().Say("forget 4");
        one.Say("settled 4 0-1@4,2-3@4");
        Assert.Equal("..2@4", server.Status("applied"));

        server.Connect().Say("forget 1");
        server.Connect().Say("forget 77");

        Assert.StartsWith("error lost ", server.Connect().Say("context 2@4"));
        Assert.StartsWith("error lost ", server.Connect().Say("context 3@4"));
        string[] newcomerHears = server.Meet("hello server 2 J2 I3 0 waiting").Heard();
        Assert.Contains("settled 1,4,77 0-1@4", newcomerHears);
        Assert.Contains("lost 1-2@4", newcomerHears);
    }

    [Fact]
    public void Forgetting_one_that_is_not_known_or_oneself()
    {
        var server = TestServer.Alone(3);

        Assert.Equal("ok", server.Connect().Say("forget 77"));
        Assert.StartsWith("error not-allowed ", server.Connect().Say("forget 3"));
        Assert.True(server.Meet("hello server 77 J77 I3 0 waiting").IsClosed);
    }

    [Fact]
    public void What_somebody_holds_survives_and_what_nobody_holds_is_lost_with_all_that_needs_it()
    {
        var server = TestServer.Alone(3);
        var one = server.MeetMember(1);
        var four = server.MeetMember(4);
        four.Say(
            "replicate 1@4 0 - write a 1", "replicate 3@4 2 2@4 write c 1", "replicate 5@4 3 3@4 write d 1",
            "replicate 8@4 5 - write e 1");
        var client = server.Connect();
        Assert.Empty(client.Ask("context 3@4"));

        server.Connect().Say("forget 4");
        Assert.Empty(client.Heard());
        one.Say("statement 1 4 0-1@4");

        Assert.StartsWith("error lost ", Assert.Single(client.Heard()));
        Assert.Equal("0", server.Status("delayed"));
        Assert.Equal("2", server.Status("lost"));
        Assert.Equal(
            ["value a 1 1@4", "missing c", "missing d", "value e 1 8@4"], client.Ask("read a c d e"));
        Assert.Equal("..8@4", server.Status("applied"));

        foreach (string lost in new[] { "2@4", "3@4", "5@4", "9@4", "..9@4" })
        {
            Assert.StartsWith("error lost ", client.Say($"context {lost}"));
        }

        Assert.Equal("ok", client.Say("context 1@4,8@4,..8@4"));
        one.Say("replicate 2@4 1 - write b 1", "replicate 9@4 8 - write f 1");
        Assert.Equal(["missing b", "missing f"], client.Ask("read b f"));
    }

    [Fact]
    public void What_only_another_holds_delayed_is_waited_for_and_then_applied()
    {
        var server = TestServer.Alone(3);
        var one = server.MeetMember(1);
        server.MeetMember(4);
        server.Connect().Say("forget 4");

        one.Say("statement 1 4 0-1@4,1-2@4");
        Assert.StartsWith("waits", server.Status("settlement") is { Length: > 0 } text ? text : "waits");
        one.Say("replicate 2@4 1 1@4 write b 1", "replicate 1@4 0 - write a 1");

        Assert.Equal(["value a 1 1@4", "value b 1 2@4"], server.Connect().Ask("read a b"));
        Assert.Equal("..2@4", server.Status("applied"));
        Assert.Contains(one.Heard(), line => line == "settled 4 0-2@4");
    }

    [Fact]
    public void What_is_missing_here_may_come_with_a_copy_of_the_state()
    {
        var server = TestServer.Alone(3);
        var one = server.MeetMember(1);
        server.MeetMember(4);
        server.Connect().Say("forget 4");

        one.Say("statement 1 4 0-1@4,1-2@4");
        Assert.DoesNotContain(one.Heard(), line => line.StartsWith("settled ", StringComparison.Ordinal));
        one.Say("copy 4 0-2@4 - 2", "copied 1@4 write a 1", "copied 2@4 write b 1", "copied-all 2");

        Assert.Contains(one.Heard(), line => line == "settled 4 0-2@4");
    }

    [Fact]
    public void A_further_forget_starts_all_over()
    {
        var server = TestServer.Alone(3);
        var one = server.MeetMember(1);
        var two = server.MeetMember(2);
        server.MeetMember(4);
        two.Say("replicate 19@2 0 - write z 1");
        one.Say("replicate 5@1 0 - write k 1");
        server.Connect().Say("forget 4");
        one.Say("statement 1 4 -");
        two.Say("statement 2 4 0-18@4");
        Assert.Equal("", server.Status("settlement"));
        Assert.Equal("0", server.Status("lost"));

        server.Connect().Say("forget 2");
        Assert.NotEqual("", server.Status("settlement"));
        one.Say("statement 1 4 0-18@4");
        Assert.NotEqual("", server.Status("settlement"));
        one.Say("forgotten 2", "statement 1 2,4 0-19@2");

        Assert.Equal("", server.Status("settlement"));
        Assert.StartsWith("error lost ", server.Connect().Say("context 18@4"));
        Assert.Equal("ok", server.Connect().Say("context 19@2"));
    }

    [Fact]
    public void A_settlement_is_passed_on_to_whoever_comes_later()
    {
        var server = TestServer.Alone(3);
        var one = server.MeetMember(1);
        server.MeetMember(4).Say("replicate 1@4 0 - write a 1");
        server.Connect().Say("forget 4");
        one.Leave();
        var again = server.Meet("hello server 1 J1 I3 0");
        Assert.Contains("statement 3 4 0-1@4", again.Heard());

        again.Say("have -", "forgotten 4", "statement 1 4 -");

        var joiner = server.Meet("hello server 5 J5 I3 0 waiting");
        string[] heard = joiner.Heard();
        Assert.Contains("settled 4 0-1@4", heard);
        Assert.True(Array.IndexOf(heard, "forgotten 4") < Array.IndexOf(heard, "settled 4 0-1@4"));
        joiner.Say("have -");
        Assert.Contains("replicate 1@4 0 - write a 1", heard.Concat(joiner.Heard()));
    }

    [Fact]
    public void A_waiting_server_makes_no_statement()
    {
        var server = TestServer.Waiting(3, 60001);
        server.Dial(60001, "hello server 1 J1 C 60001").Leave();
        server.Pass(seconds: 1);
        var one = server.Dial(60001, "hello server 1 J1 C 60001");

        one.Say("member 1 J1 127.0.0.1 60001", "forgotten 4", "have ..5@1");

        Assert.DoesNotContain(one.Heard(), line => line.StartsWith("statement ", StringComparison.Ordinal));
    }

    [Fact]
    public void Thousands_that_need_a_lost_write_are_lost_in_one_pass()
    {
        var server = TestServer.Alone(3);
        var one = server.MeetMember(1);
        var four = server.MeetMember(4);

        for (int timestamp = 3; timestamp <= 20_000; timestamp++)
        {
            four.Say($"replicate {timestamp}@4 {timestamp - 1} {timestamp - 1}@4 write k 1");
        }

        server.Connect().Say("forget 4");
        one.Say("statement 1 4 0-1@4", "replicate 1@4 0 - write a 1");

        Assert.Equal("0", server.Status("delayed"));
        Assert.Equal("19998", server.Status("lost"));
        Assert.Equal("value a 1 1@4", server.Connect().Say("read a"));
    }

    [Fact]
    public void What_was_stated_is_not_dropped_from_a_full_delay_queue()
    {
        var server = TestServer.Alone(3, options => options with { DelayQueueBytesMax = 3_000 });
        var one = server.MeetMember(1);
        server.MeetMember(4).Say("replicate 900@4 0 1@1 write kept 1");
        server.Connect().Say("forget 4");
        Assert.Contains("statement 3 4 0-900@4", one.Heard());

        for (int timestamp = 2; timestamp < 60; timestamp++)
        {
            one.Say($"replicate {timestamp}@1 {timestamp - 1} 1@1 write k 1");
        }

        Assert.True(one.IsClosed);
        Assert.Contains(
            server.Pending(), line => line.StartsWith("delayed 900@4 ", StringComparison.Ordinal));
    }
}
