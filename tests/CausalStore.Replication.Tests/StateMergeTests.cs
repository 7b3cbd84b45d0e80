using CausalStore.Replication.Tests.Kit;

namespace CausalStore.Replication.Tests;

public sealed class StateMergeTests
{
    [Fact]
    public void A_copy_counts_when_it_is_whole_and_then_all_at_once()
    {
        var (server, one) = Start();
        var watcher = server.Connect();
        watcher.Say("watch \"\"");

        one.Say("copy - 0-9@1 - 2", "copied 9@1 write b 2", "copied 4@1 write a 1");
        Assert.Equal("missing a", server.Connect().Say("read a"));
        one.Say("copied-all 2");

        Assert.Equal(["update a 1 4@1", "update b 2 9@1"], watcher.Heard());
        Assert.Equal("..9@1", server.Status("applied"));
        Assert.Equal("ok 10@3", server.Connect().Say("write c 1"));
        one.Say("replicate 4@1 3 - write a old");
        Assert.Equal("value a 1 4@1", server.Connect().Say("read a"));
    }

    [Fact]
    public void A_copy_that_was_cut_short_or_miscounted_is_nothing()
    {
        var (server, one) = Start();

        one.Say("copy - 0-9@1 - 2", "copied 4@1 write a 1", "copied-all 2");

        Assert.StartsWith("error ", one.HeardButHave()[^1]);
        Assert.Equal("-", server.Status("applied"));
    }

    [Fact]
    public void A_copy_from_one_that_has_forgotten_others_is_refused()
    {
        var (server, one) = Start();

        one.Say("copy 4 0-9@1 - 2", "copied 4@1 write a 1", "copied-all 1");

        Assert.Equal("missing a", server.Connect().Say("read a"));
        Assert.Equal("-", server.Status("applied"));
    }

    [Fact]
    public void What_the_copy_lacks_although_its_sender_has_applied_it_was_deleted_there()
    {
        var (server, one) = Start();
        one.Say("replicate 1@1 0 - write gone 1", "replicate 2@1 1 - write kept 1");
        server.Connect().Say("write mine 1");
        var watcher = server.Connect();
        watcher.Say("watch \"\"");

        one.Say("copy - 0-9@1 - 2", "copied 2@1 write kept 1", "copied-all 1");

        Assert.Equal(["removed gone 1@1"], watcher.Heard());
        Assert.Equal(
            ["missing gone", "value kept 1 2@1", "value mine 1 3@3"],
            server.Connect().Ask("read gone kept mine"));
    }

    [Fact]
    public void What_was_deleted_here_does_not_come_back_with_a_copy()
    {
        var (server, one) = Start();
        one.Say("replicate 1@1 0 - write gone 1", "replicate 2@1 1 - delete gone", "have ..2@1");
        server.Pass(seconds: 3);
        Assert.Equal("missing gone", server.Connect().Say("read gone"));

        one.Say("copy - 0-1@1 - 2", "copied 1@1 write gone 1", "copied-all 1");

        Assert.Equal("missing gone", server.Connect().Say("read gone"));
    }

    [Fact]
    public void Of_a_key_that_both_have_the_greater_version_wins()
    {
        var (server, one) = Start();
        server.Connect().Say("write x mine");
        server.Connect().Say("write y mine");

        one.Say(
            "copy - 0-1@1,1-9@1 - 2",
            "copied 1@1 write x theirs",
            "copied 9@1 write y theirs",
            "copied-all 2");

        Assert.Equal(["value x mine 1@3", "value y theirs 9@1"], server.Connect().Ask("read x y"));
    }

    [Fact]
    public void A_copy_releases_what_waited_for_it()
    {
        var (server, one) = Start();
        var client = server.Connect();
        one.Say("replicate 12@1 9 9@1 write z 1", "replicate 9@1 8 8@1 write y 1");
        Assert.Empty(client.Ask("context ..8@1"));

        one.Say("copy - 0-8@1,8-9@1 - 2", "copied 9@1 write y 1", "copied-all 1");

        Assert.Equal(["ok"], client.Heard());
        Assert.Equal(["value y 1 9@1", "value z 1 12@1"], client.Ask("read y z"));
        Assert.Equal("..12@1", server.Status("applied"));
        Assert.Equal("0", server.Status("delayed"));
    }

    [Fact]
    public void A_lost_gap_in_a_copy_satisfies_no_need_and_is_passed()
    {
        var (server, one) = Start();
        one.Say("forgotten 4", "replicate 9@4 7 - write beyond 1");

        one.Say(
            "copy 4 0-5@4,7-12@4 5-7@4 2", "copied 12@4 write x 1", "copied 9@4 write beyond 1",
            "copied-all 2");

        Assert.Equal("..12@4", server.Status("applied"));
        Assert.StartsWith("error lost ", server.Connect().Say("context 7@4"));
        Assert.Equal("ok", server.Connect().Say("context 9@4,12@4"));
    }

    private static (TestServer Server, FakePeer One) Start()
    {
        var server = TestServer.Alone(3);
        return (server, server.MeetMember(1));
    }
}
