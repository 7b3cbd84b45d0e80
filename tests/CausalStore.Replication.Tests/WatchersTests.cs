using CausalStore.Replication.Tests.Kit;

namespace CausalStore.Replication.Tests;

public sealed class WatchersTests
{
    [Fact]
    public void Ones_own_change_comes_after_its_ok()
    {
        var client = TestServer.Alone().Connect();
        client.Say("watch x");

        Assert.Equal(["ok 1@1", "update x 1 1@1"], client.Ask("write x 1"));
        Assert.Equal(["ok 2@1", "removed x 2@1"], client.Ask("delete x"));
    }

    [Fact]
    public void Only_changes_of_a_visible_value_are_pushed()
    {
        var server = TestServer.Alone(3);
        var one = server.MeetMember(1);
        var client = server.Connect();
        server.Connect().Say("write old 1");
        client.Say("watch \"\"");

        Assert.Equal(["ok 2@3"], client.Ask("delete nothing"));
        Assert.Equal(["ok 3@3", "update old 1 3@3"], client.Ask("write old 1"));
        one.Say("replicate 2@1 0 - write old loses", "replicate 3@1 2 - delete old");
        Assert.Empty(client.Heard());
        one.Say("replicate 9@1 3 - delete old", "replicate 10@1 9 - delete old");
        Assert.Equal(["removed old 9@1"], client.Heard());
    }

    [Fact]
    public void A_change_is_pushed_once_however_many_prefixes_match()
    {
        var client = TestServer.Alone().Connect();
        client.Say("watch \"\"");
        client.Say("watch a");
        client.Say("watch ab");
        client.Say("watch ab");

        Assert.Equal(["ok 1@1", "update abc 1 1@1"], client.Ask("write abc 1"));
        client.Say("unwatch \"\"");
        client.Say("unwatch ab");
        Assert.Equal(["ok 2@1", "update abc 2 2@1"], client.Ask("write abc 2"));
        Assert.Equal("ok", client.Say("unwatch a"));
        Assert.Equal("ok", client.Say("unwatch a"));
        Assert.Equal(["ok 3@1"], client.Ask("write abc 3"));
    }

    [Fact]
    public void The_lines_of_one_atomic_write_stand_together_also_when_it_releases_others()
    {
        var server = TestServer.Alone(3);
        var one = server.MeetMember(1);
        var two = server.MeetMember(2);
        var client = server.Connect();
        client.Say("watch \"\"");
        two.Say("replicate 5@2 0 4@1 write b 2 write d 2");

        one.Say("replicate 4@1 0 - write a 1 write b 1 write c 1");

        Assert.Equal(
            ["update a 1 4@1", "update b 1 4@1", "update c 1 4@1", "update b 2 5@2", "update d 2 5@2"],
            client.Heard());
    }

    [Fact]
    public void A_key_twice_in_one_write_is_one_change_its_last()
    {
        var client = TestServer.Alone().Connect();
        client.Say("watch \"\"");

        Assert.Equal(["ok 1@1", "update x 3 1@1"], client.Ask("write x 1 delete x write x 3"));
        Assert.Equal(["ok 2@1", "removed x 2@1"], client.Ask("write x 4 delete x"));
        Assert.Equal(["ok 3@1"], client.Ask("write x 5 delete x"));
        Assert.Equal("0", Assert.Single(client.Ask("status"), line => line.StartsWith("keys ", StringComparison.Ordinal))[5..]);
    }

    [Fact]
    public void Nothing_is_pushed_for_the_past_or_after_leaving()
    {
        var server = TestServer.Alone();
        var client = server.Connect();
        client.Say("write x 1");

        Assert.Equal("ok", client.Say("watch \"\""));
        client.Leave();
        server.Connect().Say("write x 2");

        Assert.Empty(client.Heard());
    }

    [Fact]
    public void Who_does_not_read_its_pushes_is_told_so_and_cut_off()
    {
        var server = TestServer.Alone();
        var slow = server.Connect();
        slow.Say("watch \"\"");
        var writer = server.Connect();
        string megabyte = new('v', 1 << 20);

        for (int count = 0; count < 70 && !slow.Session.IsClosing; count++)
        {
            writer.Say($"write k{count} {megabyte}");
        }

        Assert.True(slow.Session.IsClosing);
        string[] heard = slow.Heard();
        Assert.All(heard[..^1], line => Assert.StartsWith("update k", line));
        Assert.StartsWith("error overloaded ", heard[^1]);
        writer.Say("write more 1");
        Assert.Empty(slow.Heard());
    }

    [Fact]
    public void A_huge_write_that_names_every_key_twice_is_no_long_stall()
    {
        var client = TestServer.Alone().Connect();
        string once = string.Join(' ', Enumerable.Range(0, 200_000).Select(key => $"write {key} 1"));

        Assert.Equal("ok 1@1", client.Say($"{once} {once}"));
        Assert.Equal("value 7 1 1@1", client.Say("read 7"));
    }
}
