using CausalStore.Replication.Tests.Kit;

namespace CausalStore.Replication.Tests;

public sealed class SessionContextTests
{
    [Fact]
    public void A_session_depends_on_exactly_what_it_has_read()
    {
        var server = TestServer.Alone(3);
        var one = server.MeetMember(1);
        one.Say("replicate 1@1 0 - write x 1", "replicate 2@1 1 - write y 2", "replicate 3@1 2 - delete z");
        var client = server.Connect();
        Assert.Equal("context -", client.Say("context"));

        client.Ask("read y");
        Assert.Equal("context 2@1", client.Say("context"));
        client.Ask("read z nothing");
        Assert.Equal("context 2@1,3@1", client.Say("context"));
        client.Ask("read y z");
        Assert.Equal("context 2@1,3@1", client.Say("context"));
    }

    [Fact]
    public void A_write_carries_what_its_session_has_seen_and_then_stands_for_it()
    {
        var server = TestServer.Alone(3);
        var one = server.MeetMember(1);
        one.Say("replicate 1@1 0 - write x 1");
        var client = server.Connect();
        client.Ask("read x");

        client.Say("write a 1");
        client.Say("write b 2");
        server.Connect().Say("write unrelated 3");

        Assert.Equal("context 3@3", client.Say("context"));
        Assert.Equal(
            [
                "replicate 2@3 0 1@1 write a 1", "replicate 3@3 2 2@3 write b 2",
                "replicate 4@3 3 - write unrelated 3",
            ],
            one.HeardWrites());
    }

    [Fact]
    public void What_is_pushed_counts_as_read()
    {
        var server = TestServer.Alone(3);
        var one = server.MeetMember(1);
        var client = server.Connect();
        client.Say("watch y");

        one.Say(
            "replicate 1@1 0 - write x 1", "replicate 2@1 1 - write y found", "replicate 3@1 2 - delete y");
        client.Ask("write z glad");

        Assert.Equal(["replicate 4@3 0 2@1,3@1 write z glad"], one.HeardWrites());
    }

    [Fact]
    public void What_a_scan_shows_counts_as_read_and_what_lies_behind_its_limit_does_not()
    {
        var server = TestServer.Alone(3);
        var one = server.MeetMember(1);
        one.Say("replicate 1@1 0 - write a 1 write b 1", "replicate 2@1 1 - write c 1");
        var client = server.Connect();

        client.Ask("scan \"\" 2");

        Assert.Equal("context 1@1", client.Say("context"));
    }

    [Theory]
    [InlineData("have ..1@1")]
    [InlineData("have 1@1")]
    public void What_every_member_has_is_left_out(string have)
    {
        var server = TestServer.Alone(3);
        var one = server.MeetMember(1);
        var two = server.MeetMember(2);
        one.Say("replicate 1@1 0 - write x 1", "have ..1@1");
        var client = server.Connect();
        client.Ask("read x");
        Assert.Equal("context 1@1", client.Say("context"));

        two.Say(have);

        Assert.Equal("context -", client.Say("context"));
    }

    [Fact]
    public void A_joiner_counts_from_its_hello_until_its_last_connection_ends()
    {
        var server = TestServer.Alone(3);
        server.Connect().Say("write x 1");
        var client = server.Connect();
        client.Ask("read x");
        Assert.Equal("context -", client.Say("context"));

        var visitor = server.Meet("hello server 2 J2 I3 0 waiting");
        var second = server.Meet("hello server 2 J2 I3 0 waiting");
        client.Ask("read x");
        Assert.Equal("context 1@3", client.Say("context"));
        visitor.Leave();
        Assert.Equal("context 1@3", client.Say("context"));
        second.Leave();
        Assert.Equal("context -", client.Say("context"));
    }

    [Fact]
    public void A_joiner_that_greets_anew_has_nothing_until_it_says_so_again()
    {
        var server = TestServer.Alone(3);
        server.Connect().Say("write x 1");
        var visitor = server.Meet("hello server 2 J2 I3 0 waiting");
        visitor.Say("have ..1@3", "join");
        visitor.Leave();

        server.Meet("hello server 2 J2 I3 0 waiting").Say("have -");

        var client = server.Connect();
        client.Ask("read x");
        Assert.Equal("context 1@3", client.Say("context"));
    }

    [Fact]
    public void More_than_a_few_dozen_entries_are_folded_and_nothing_beyond_the_watermark_is_named_so()
    {
        var server = TestServer.Alone(3);
        var one = server.MeetMember(1);

        for (int timestamp = 1; timestamp <= 200; timestamp++)
        {
            one.Say($"replicate {timestamp}@1 {timestamp - 1} - write k{timestamp:000} 1");
        }

        one.Say("replicate 300@1 299 - write first 1", "replicate 302@1 301 - write first2 1");
        var client = server.Connect();

        client.Ask("scan \"\"");

        var context = Named(client);
        Assert.InRange(context.Count, 3, 48);
        Assert.All(context.UpTo.ToArray(), version => Assert.InRange(version.Timestamp, 1, 200));
        Assert.Equal(["300@1", "302@1"], context.Exact.ToArray()[^2..].Select(version => $"{version}"));
    }

    [Fact]
    public void Folding_names_no_more_of_an_origin_than_was_seen()
    {
        var server = TestServer.Alone(3);
        var one = server.MeetMember(1);

        for (int timestamp = 1; timestamp <= 200; timestamp++)
        {
            one.Say($"replicate {timestamp}@1 {timestamp - 1} - write k{timestamp:000} 1");
        }

        var client = server.Connect();
        client.Ask("scan k 100");

        var context = Named(client);
        Assert.InRange(context.Count, 1, 48);
        Assert.Equal(100, context.TimestampMax);
    }

    [Fact]
    public void What_cannot_be_folded_stays_exact_up_to_a_limit_that_a_write_lifts()
    {
        var server = TestServer.Alone(3);
        var one = server.MeetMember(1);

        for (int timestamp = 2; timestamp <= 2 * 4200; timestamp += 2)
        {
            one.Say($"replicate {timestamp}@1 {timestamp - 1} - write k{timestamp:0000} 1");
        }

        var client = server.Connect();
        Assert.Equal(4097, client.Ask("scan k 4096").Length);
        Assert.Equal(4096, client.Say("context").Split(',').Length);
        Assert.StartsWith("error overloaded ", client.Say("read k8400"));
        Assert.StartsWith("error overloaded ", client.Say("read k8398"));
        Assert.Equal(4096, client.Say("context").Split(',').Length);

        Assert.StartsWith("ok ", client.Say("write mine 1"));
        Assert.StartsWith("value ", client.Say("read k8400"));
    }

    [Fact]
    public void A_context_that_is_applied_is_taken_over()
    {
        var server = TestServer.Alone(3);
        var one = server.MeetMember(1);
        one.Say("replicate 1@1 0 - write x 1", "replicate 2@1 1 - write y 1", "replicate 5@1 4 - write z 1");
        var client = server.Connect();
        client.Ask("read z");

        Assert.Equal("ok", client.Say("context 1@1,..2@1"));

        Assert.Equal("context ..2@1,5@1", client.Say("context"));
        Assert.Equal("ok", client.Say("context -"));
        Assert.Equal("context ..2@1,5@1", client.Say("context"));
    }

    [Fact]
    public void A_context_is_answered_once_it_is_applied_and_only_its_session_waits()
    {
        var server = TestServer.Alone(3);
        var one = server.MeetMember(1);
        var client = server.Connect();

        Assert.Empty(client.Ask("context 2@1,..1@1"));
        Assert.True(client.Session.IsBlocked);
        Assert.Equal("pong", server.Connect().Say("ping"));
        one.Say("replicate 2@1 1 - write y 1");
        Assert.Empty(client.Heard());
        one.Say("replicate 1@1 0 - write x 1");

        Assert.Equal(["ok"], client.Heard());
        Assert.False(client.Session.IsBlocked);
        Assert.Equal("context ..1@1,2@1", client.Say("context"));
    }

    [Fact]
    public void A_context_that_does_not_come_in_time_is_not_yet()
    {
        var server = TestServer.Alone(3, options => options with { ContextWait = TimeSpan.FromSeconds(2) });
        var one = server.MeetMember(1);
        var client = server.Connect();
        client.Ask("context 2@1");

        server.Pass(seconds: 1.9);
        Assert.Empty(client.Heard());
        server.Pass(seconds: 0.1);

        Assert.StartsWith("error not-yet ", Assert.Single(client.Heard()));
        Assert.False(client.Session.IsBlocked);
        Assert.Equal("context -", client.Say("context"));
        one.Say("replicate 2@1 1 - write y 1");
        Assert.Empty(client.Heard());
    }

    [Fact]
    public void A_session_that_leaves_while_it_waits_is_gone()
    {
        var server = TestServer.Alone(3);
        var one = server.MeetMember(1);
        var client = server.Connect();
        client.Ask("context 2@1");

        client.Leave();

        one.Say("replicate 2@1 1 - write y 1");
        server.Pass(seconds: 10);
        Assert.Empty(client.Heard());
    }

    private static Protocol.Context Named(TestSession client) =>
        Protocol.Context.Parse(
            System.Text.Encoding.UTF8.GetBytes(client.Say("context")["context ".Length..]));

    [Theory]
    [InlineData("context 1099511627777@1", "error too-large ")]
    [InlineData("context ..1099511627777@1", "error too-large ")]
    [InlineData("context 5@", "error syntax ")]
    [InlineData("context", "context -")]
    public void A_context_is_checked_at_once(string request, string answer)
    {
        var server = TestServer.Alone(3);
        server.MeetMember(1);

        Assert.StartsWith(answer, server.Connect().Say(request));
        Assert.Equal("ok 1@3", server.Connect().Say("write x 1"));
    }

    [Fact]
    public void A_context_names_at_most_4096_writes()
    {
        string context = string.Join(',', Enumerable.Range(1, 4097).Select(timestamp => $"{timestamp}@1"));

        Assert.StartsWith("error overloaded ", TestServer.Alone(3).Connect().Say($"context {context}"));
    }
}
