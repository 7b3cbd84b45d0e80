using CausalStore.Protocol;
using CausalStore.Replication.Tests.Kit;

namespace CausalStore.Replication.Tests;

public sealed class OverwritesTests
{
    private readonly TestServer _server = TestServer.Alone(3);
    private readonly FakePeer _one;
    private readonly FakePeer _two;

    public OverwritesTests()
    {
        _one = _server.MeetMember(1);
        _two = _server.MeetMember(2);
    }

    [Fact]
    public void A_loser_that_comes_after_the_winner_was_not_seen()
    {
        _one.Say("replicate 9@1 0 - write x 1");
        _two.Say("replicate 5@2 0 - write x 2");

        Assert.Equal(["conflict 9@1 5@2 0 x"], Conflicts());
        Assert.Equal("1", _server.Status("conflicts"));
        Assert.Equal("unseen", OrderOf("5@2"));
        Assert.Equal(
            new WriteVersion(5, new ServerId(2)),
            Assert.Single(_server.Notices.OfType<Notice.ConflictDecided>()).Loser);
    }

    [Fact]
    public void With_one_timestamp_neither_was_seen()
    {
        _one.Say("replicate 5@1 0 - write x 1");
        _server.Pass(seconds: 5);
        _two.Say("replicate 5@2 0 - write x 2");

        Assert.Equal("unseen", OrderOf("5@1"));
        Assert.Single(Conflicts());
    }

    [Fact]
    public void What_the_winner_needs_was_seen()
    {
        _one.Say("replicate 5@1 0 - write x 1");
        _two.Say("replicate 9@2 0 5@1 write x 2");

        Assert.Equal("seen", OrderOf("5@1"));
        Assert.Empty(Conflicts());
    }

    [Fact]
    public void What_is_needed_by_what_the_winner_needs_was_seen()
    {
        _one.Say("replicate 5@1 0 - write x 1", "replicate 8@1 5 5@1 write y 1");
        _two.Say("replicate 9@2 0 8@1 write x 2");

        Assert.Equal("seen", OrderOf("5@1"));
        Assert.Empty(Conflicts());
    }

    [Fact]
    public void What_an_older_write_needs_that_is_covered_by_a_whole_origin_was_seen()
    {
        _one.Say("replicate 5@1 0 - write x 1");
        _two.Say(
            "replicate 6@2 0 5@1 write y 1", "replicate 8@2 6 - write y 2",
            "replicate 9@2 8 ..8@2 write w 2");
        _server.Connect().Say("read w");
        _two.Say("replicate 11@2 9 ..8@2 write x 2");

        Assert.Equal("seen", OrderOf("5@1"));
        Assert.Empty(Conflicts());
    }

    [Fact]
    public void What_the_winner_does_not_lead_to_was_not_seen_while_nobody_can_have_left_it_out()
    {
        _one.Say("replicate 5@1 0 - write x 1");
        _two.Say("replicate 6@2 0 - write y 2", "replicate 9@2 6 6@2 write x 2");

        Assert.Equal(["conflict 9@2 5@1 0 x"], Conflicts());
    }

    [Fact]
    public void Once_this_server_has_told_that_it_has_the_loser_contexts_may_leave_it_out()
    {
        _one.Say("replicate 5@1 0 - write x 1");
        _server.Pass(seconds: 1);
        _two.Say("replicate 9@2 0 - write x 2");

        Assert.Equal("unknown", OrderOf("5@1"));
        Assert.Empty(Conflicts());
        Assert.Equal("1", _server.Status("conflicts.unknown"));
    }

    [Fact]
    public void A_have_of_after_the_winner_that_lacks_the_loser_tells()
    {
        _one.Say("replicate 5@1 0 - write x 1");
        _server.Pass(seconds: 1);
        _two.Say("replicate 9@2 0 - write x 2", "have -");
        Assert.Empty(Conflicts());

        _two.Say("have ..9@2");

        Assert.Equal("unseen", OrderOf("5@1"));
        Assert.Equal("0", _server.Status("conflicts.unknown"));
    }

    [Fact]
    public void A_have_of_after_the_winner_that_has_the_loser_tells_nothing()
    {
        _one.Say("replicate 5@1 0 - write x 1");
        _server.Pass(seconds: 1);
        _two.Say("replicate 9@2 0 - write x 2", "have ..5@1,..9@2");

        Assert.Equal("unknown", OrderOf("5@1"));
        Assert.Equal("1", _server.Status("conflicts.unknown"));
        _two.Say("have ..5@1,..9@2");
        Assert.Equal("1", _server.Status("conflicts.unknown"));
    }

    [Fact]
    public void A_server_that_said_before_that_it_has_the_loser_has_shown_it()
    {
        _one.Say("replicate 5@1 0 - write x 1");
        _server.Pass(seconds: 1);
        _two.Say("have ..5@1", "replicate 9@2 0 - write x 2");

        Assert.Equal("shown", OrderOf("5@1"));
        Assert.Equal("0", _server.Status("conflicts"));
        Assert.Equal("0", _server.Status("conflicts.unknown"));
    }

    [Fact]
    public void A_client_here_that_has_not_read_it_yet_overwrites_it_unseen()
    {
        _one.Say("replicate 5@1 0 - write x 1");
        _server.Connect().Say("write x 3");

        Assert.Equal(["conflict 6@3 5@1 0 x"], Conflicts());
    }

    [Fact]
    public void A_client_here_that_has_read_it_has_seen_it()
    {
        var client = _server.Connect();
        _one.Say("replicate 5@1 0 - write x 1");
        client.Say("read x");
        client.Say("write other 3");
        client.Say("write x 3");

        Assert.Equal("seen", OrderOf("5@1"));
        Assert.Empty(Conflicts());
    }

    [Fact]
    public void What_one_server_took_is_in_its_order()
    {
        _one.Say("replicate 9@1 5 - write x 1", "replicate 5@1 0 - write x 2");

        Assert.Equal("in-order", OrderOf("5@1"));
        Assert.Empty(Conflicts());
    }

    [Fact]
    public void A_have_that_came_before_the_winner_and_covers_it_shows_nothing()
    {
        _one.Say("replicate 5@1 0 - write x 1");
        _server.Pass(seconds: 1);
        _two.Say("have ..5@1,..9@2", "replicate 9@2 0 - write x 2");

        Assert.Equal("unknown", OrderOf("5@1"));
    }

    [Fact]
    public void A_member_that_is_heard_of_does_not_make_unseen_what_all_had()
    {
        var client = _server.Connect();
        _one.Say("replicate 5@1 0 - write x 1", "have ..5@1");
        _two.Say("have ..5@1");
        client.Say("read x");
        _one.Say("member 4 J4 127.0.0.1 60004");
        client.Say("write x 3");

        Assert.Equal("4", _server.Status("members"));
        Assert.Equal("shown", OrderOf("5@1"));
        Assert.Empty(Conflicts());
    }

    [Fact]
    public void Where_the_log_does_not_find_what_the_winner_needs_nothing_is_said()
    {
        _two.Say("replicate 5@2 0 - write x 2");
        _one.Say(
            "replicate 8@1 0 5@2 write y 1", $"replicate {8 + 8192}@1 8 - write in-the-place-of-y 1",
            "replicate 9000@1 8200 8@1 write x 1");

        Assert.Equal("unknown", OrderOf("5@2"));
        Assert.Empty(Conflicts());
    }

    [Fact]
    public void An_eventual_server_keeps_no_count_of_what_was_seen()
    {
        var server = TestServer.Alone(3, options => options with { Consistency = Consistency.Eventual });
        var one = server.Meet($"hello server 1 J1 {server.Cluster} 0 waiting eventual");
        one.Say("have -", "join", "member 1 J1 127.0.0.1 0");
        one.Say("replicate 5@1 0 - write x 1");
        server.Connect().Say("write x 3");

        Assert.Equal("0", server.Status("conflicts"));
        Assert.Equal("1", server.Status("conflicts.unknown"));
    }

    [Fact]
    public void The_last_conflicts_are_listed_and_all_are_counted()
    {
        for (int number = 1; number <= 300; number++)
        {
            _one.Say($"replicate {number}@1 {number - 1} - write x{number} 1");
            _two.Say($"replicate {number}@2 {number - 1} - write x{number} 2");
        }

        string[] conflicts = Conflicts();
        Assert.Equal(256, conflicts.Length);
        Assert.Equal("conflict 300@2 300@1 0 x300", conflicts[0]);
        Assert.Equal("300", _server.Status("conflicts"));
    }

    /// <summary>The lines of <c>conflicts</c>, but for the counts and the end.</summary>
    private string[] Conflicts() => _server.Connect().Ask("conflicts")[1..^1];

    /// <summary>How the version was overwritten, by <c>history x</c>.</summary>
    private string OrderOf(string loser) => _server.Connect().Ask("history x")
        .Single(line => line.StartsWith($"version {loser} ", StringComparison.Ordinal)).Split(' ')[5];
}
