using CausalStore.Replication.Tests.Kit;

namespace CausalStore.Replication.Tests;

public sealed class SendingTests
{
    [Fact]
    public void Its_own_writes_go_out_at_once_and_others_only_after_relay_after()
    {
        var server = TestServer.Alone(3);
        var one = server.MeetMember(1);
        var two = server.MeetMember(2);

        server.Connect().Say("write own 1");
        one.Say("replicate 5@1 0 - write others 1");
        Assert.Equal(["replicate 1@3 0 - write own 1"], two.HeardWrites());

        server.Pass(seconds: 4.9);
        Assert.Empty(two.HeardWrites());
        server.Pass(seconds: 0.2);
        Assert.Equal(["replicate 5@1 0 - write others 1"], two.HeardWrites());
        server.Pass(seconds: 20);
        Assert.Empty(two.HeardWrites());
        Assert.Empty(one.HeardWrites()[1..]);
    }

    [Fact]
    public void What_the_origin_delivers_itself_is_not_relayed()
    {
        var server = TestServer.Alone(3);
        var one = server.MeetMember(1);
        var two = server.MeetMember(2);
        one.Say("replicate 5@1 0 - write x 1");

        server.Pass(seconds: 3);
        two.Say("have ..5@1");
        server.Pass(seconds: 10);

        Assert.Empty(two.HeardWrites());
    }

    [Fact]
    public void A_write_that_is_missing_is_relayed_although_later_ones_of_its_origin_get_through()
    {
        var server = TestServer.Alone(3);
        var one = server.MeetMember(1);
        var two = server.MeetMember(2);
        one.Say("replicate 1@1 0 - write x 1");

        for (int timestamp = 2; timestamp < 20; timestamp++)
        {
            one.Say($"replicate {timestamp}@1 {timestamp - 1} - write x {timestamp}");
            two.Say(
                $"have {string.Join(',', Enumerable.Range(2, timestamp - 1).Select(late => $"{late}@1"))}");
            server.Pass(seconds: 1);
        }

        Assert.Equal(["replicate 1@1 0 - write x 1"], two.HeardWrites());
    }

    [Fact]
    public void A_slow_origin_that_gets_nearer_is_left_to_deliver()
    {
        var server = TestServer.Alone(3);
        var one = server.MeetMember(1);
        var two = server.MeetMember(2);

        for (int timestamp = 1; timestamp <= 20; timestamp++)
        {
            one.Say($"replicate {timestamp}@1 {timestamp - 1} - write x {timestamp}");
        }

        for (int timestamp = 1; timestamp < 20; timestamp++)
        {
            two.Say($"have ..{timestamp}@1");
            server.Pass(seconds: 1);
        }

        Assert.Empty(two.HeardWrites());
    }

    [Fact]
    public void With_relay_after_0_others_writes_are_never_relayed_but_those_of_forgotten_servers_are()
    {
        var server = TestServer.Alone(3, options => options with { RelayAfter = TimeSpan.Zero });
        var one = server.MeetMember(1);
        var two = server.MeetMember(2);
        one.Say("replicate 5@1 0 - write x 1");
        server.Pass(seconds: 100);
        Assert.Empty(two.HeardWrites());

        server.Connect().Say("forget 1");

        Assert.Equal(["replicate 5@1 0 - write x 1"], two.HeardWrites());
    }

    [Fact]
    public void After_a_reconnect_what_the_have_does_not_name_is_sent_again_in_order()
    {
        var server = TestServer.Alone(3);
        var one = server.MeetMember(1);
        var client = server.Connect();
        client.Say("write a 1");
        client.Say("write b 2");
        client.Say("write c 3");
        one.Say("have ..1@3");
        one.Leave();

        var again = server.Meet("hello server 1 J1 I3 0");
        again.Say("have ..1@3");
        client.Say("write d 4");

        Assert.Equal(
            [
                "replicate 2@3 1 1@3 write b 2", "replicate 3@3 2 2@3 write c 3",
                "replicate 4@3 3 3@3 write d 4",
            ],
            again.HeardWrites());
    }

    [Fact]
    public void When_one_of_two_connections_ends_the_other_takes_over()
    {
        var server = TestServer.Alone(3);
        var one = server.MeetMember(1);
        var second = server.Meet("hello server 1 J1 I3 0");
        second.Say("have -");
        server.Connect().Say("write a 1");
        second.Leave();
        server.Connect().Say("write b 2");

        string[] writes = one.HeardWrites();
        Assert.Contains("replicate 1@3 0 - write a 1", writes);
        Assert.Contains("replicate 2@3 1 - write b 2", writes);
    }

    [Fact]
    public void Who_lacks_more_than_the_log_has_gets_a_copy_of_the_state()
    {
        var server = TestServer.Alone(
            3, options => options with { RetainBytesMax = 3_000, RecentBytesMax = 1_000 });
        var one = server.MeetMember(1);
        var client = server.Connect();

        for (int count = 1; count <= 100; count++)
        {
            client.Say($"write k{count % 10} {count}");
        }

        client.Say("delete k3");
        one.Heard();
        one.Leave();
        Assert.InRange(long.Parse(server.Status("log.bytes")), 1, 3_000);
        var again = server.Meet("hello server 1 J1 I3 0");
        again.Say("have ..1@3");
        server.Pass(seconds: 5);
        again.Say("copy-after \"\"");

        string[] copy = [.. again.Heard().Where(line => line.StartsWith("cop", StringComparison.Ordinal))];
        Assert.Equal("copy - 0-101@3 - 10", copy[0]);
        Assert.Equal("copied-all 10", copy[^1]);
        Assert.Contains("copied 101@3 delete k3", copy);
        Assert.Contains("copied 97@3 write k7 97", copy);
        Assert.Equal(12, copy.Length);
    }

    [Fact]
    public void A_copy_is_sent_again_and_again_only_while_it_is_lacking()
    {
        var server = TestServer.Alone(
            3, options => options with { RetainBytesMax = 3_000, RecentBytesMax = 1_000 });
        var one = server.MeetMember(1);
        var two = server.MeetMember(2);
        one.Say("replicate 5@1 4 - write gap 1");
        two.Say("have 5@1");

        for (int count = 6; count <= 100; count++)
        {
            server.Connect().Say($"write k{count % 10} {count}");
        }

        one.Say("have 5@1,..100@3");
        two.Say("have 5@1,..100@3");
        one.Heard();
        two.Heard();
        server.Pass(seconds: 60);

        Assert.DoesNotContain(two.Heard(), line => line.StartsWith("copy ", StringComparison.Ordinal));
    }

    [Fact]
    public void A_peer_that_does_not_read_is_sent_no_more_than_a_window()
    {
        var server = TestServer.Alone(3);
        var one = server.MeetMember(1);
        string value = new('v', 100_000);

        for (int count = 0; count < 30; count++)
        {
            server.Connect().Say($"write k{count} {value}");
            server.Pass(seconds: 1);
        }

        Assert.InRange(one.Link.Output.Length, 1_000_000, 1_300_000);

        for (int turn = 0; turn < 10; turn++)
        {
            one.Heard();
            server.Turn(() => { });
        }

        server.Connect().Say("write last 1");
        Assert.Contains(one.HeardWrites(), line => line.EndsWith("write last 1", StringComparison.Ordinal));
    }

    [Fact]
    public void What_every_member_has_leaves_the_log_beyond_what_is_recent()
    {
        var server = TestServer.Alone(3, options => options with { RecentBytesMax = 2_000 });
        var one = server.MeetMember(1);

        for (int count = 1; count <= 100; count++)
        {
            server.Connect().Say($"write k {count}");
        }

        Assert.Equal("100", server.Status("log.writes"));
        one.Say("have ..100@3");
        Assert.InRange(long.Parse(server.Status("log.bytes")), 1, 2_000);
    }

    [Fact]
    public void A_replica_never_asks_to_be_woken_in_the_past()
    {
        var wire = JoiningClusterTests.Founded();
        wire.Servers[0].Connect().Say("link 2 delay 250");
        JoiningClusterTests.WriteEverywhere(wire, rounds: 3);

        for (int step = 0; step < 50; step++)
        {
            wire.Run(seconds: 0.1);
            Assert.All(wire.Servers, server => Assert.True(server.Replica.NextWake > server.Now));
        }
    }

    [Fact]
    public void A_copy_comes_although_no_connection_lasts_until_it_is_due()
    {
        var server = TestServer.Alone(
            3, options => options with { RetainBytesMax = 3_000, RecentBytesMax = 1_000 });
        server.MeetMember(2);
        var one = server.MeetMember(4);

        for (int count = 1; count <= 100; count++)
        {
            server.Connect().Say($"write k{count % 10} {count}");
        }

        bool hasCome = false;

        for (int time = 0; time < 10 && !hasCome; time++)
        {
            one.Leave();
            one = server.Meet("hello server 4 J4 I3 0");
            one.Say("have ..1@3");
            server.Pass(seconds: 1);
            hasCome = one.Heard().Any(line => line.StartsWith("copy ", StringComparison.Ordinal));
        }

        Assert.True(hasCome);
    }
}
