using CausalStore.Replication.Tests.Kit;

namespace CausalStore.Replication.Tests;

/// <summary>Copies of the state whose connection breaks, at both ends.</summary>
public sealed class KeptCopiesTests
{
    private const int Keys = 30;
    private const string Head = "copy - 0-9@1 - 3";
    private const string Nothing = "copy-after \"\"";

    [Fact]
    public void Who_says_up_to_which_key_a_copy_has_come_is_sent_what_stands_behind_it()
    {
        var (server, one, head) = StartSending();
        one.Say(Nothing);
        string[] first = KeysIn(one.Heard());
        Assert.InRange(first.Length, 5, Keys - 5);
        Assert.Equal(Enumerable.Range(0, first.Length).Select(Name), first);
        one.Leave();
        server.Connect().Say("write k29 later");

        one = Return(server);
        Assert.Equal(head, Offered(one));
        one.Say($"copy-after {first[^1]}");
        string[] rest = ReadToEnd(server, one);

        Assert.Equal(
            Enumerable.Range(first.Length, Keys - first.Length).Select(Name), KeysIn(rest));
        Assert.DoesNotContain("copied 31@3 write k29 later", rest);
        Assert.Equal([$"copied-all {Keys}", "replicate 31@3 30 - write k29 later"], rest[^2..]);
    }

    [Fact]
    public void Nothing_of_a_copy_is_sent_before_it_is_said_what_is_there_already()
    {
        var (server, one, _) = StartSending();

        server.Connect().Say("write k29 later");
        server.Pass(seconds: 5);
        Assert.Empty(one.HeardButHave());

        one.Say(Nothing);
        Assert.Equal(Enumerable.Range(0, Keys).Select(Name), KeysIn(ReadToEnd(server, one)));
    }

    [Fact]
    public void A_second_connection_takes_a_copy_over_from_one_that_seems_to_stand_and_back()
    {
        var (server, one, head) = StartSending();
        one.Say(Nothing);
        string[] first = KeysIn(one.Heard());

        var second = Return(server);
        Assert.Equal(head, Offered(second));
        second.Say($"copy-after {first[^1]}");
        Assert.Equal(Name(first.Length), KeysIn(second.Heard())[0]);
        one.Heard();
        server.Turn(() => { });
        Assert.Empty(one.HeardButHave());
        second.Leave();
        server.Turn(() => { });

        Assert.Equal([head], one.HeardButHave());
    }

    [Fact]
    public void A_copy_is_taken_anew_when_the_log_no_longer_has_what_came_since()
    {
        var (server, one, head) = StartSending();
        one.Leave();

        for (int count = 0; count < 5; count++)
        {
            server.Connect().Say($"write k{count} {new string('v', 1_000)}");
        }

        string again = Offered(Return(server));
        Assert.NotEqual(head, again);
        Assert.StartsWith("copy - 0-35@3 ", again);
    }

    [Fact]
    public void A_copy_is_taken_anew_when_others_are_forgotten()
    {
        var (server, one, _) = StartSending();
        one.Leave();
        server.Connect().Say("forget 9");

        Assert.StartsWith("copy 9 ", Offered(Return(server)));
    }

    [Fact]
    public void A_copy_that_nobody_goes_on_with_for_a_minute_is_given_up_at_both_ends()
    {
        var (server, one, head) = StartSending();
        one.Leave();
        server.Pass(seconds: 40);
        one = Return(server);
        Assert.Equal(head, Offered(one));
        one.Leave();
        server.Connect().Say("write k0 later");
        server.Pass(seconds: 62);
        Assert.NotEqual(head, Offered(Return(server)));

        var (receiver, two) = StartReceiving();
        two.Leave();
        receiver.Pass(seconds: 62);
        Assert.Equal([Nothing], Hear(ReturnTo(receiver), Head));
    }

    [Fact]
    public void A_copy_that_is_under_way_for_long_stays_as_it_was()
    {
        var (server, one, _) = StartSending();
        server.Pass(seconds: 200);
        server.Connect().Say($"write {Name(0)} {new string('w', 100_000)}");

        one.Say(Nothing);

        Assert.Contains(
            ReadToEnd(server, one),
            line => line.StartsWith("copied 1@3 write k00 vvv", StringComparison.Ordinal));
    }

    [Fact]
    public void Once_it_has_come_a_copy_takes_no_memory()
    {
        var (server, one, _) = StartSending();
        one.Say(Nothing);
        ReadToEnd(server, one);
        long before = long.Parse(server.Status("keys.bytes"));
        one.Say($"have ..{Keys}@3");

        for (int number = 0; number < Keys; number++)
        {
            server.Connect().Say($"write {Name(number)} {new string('w', 100_000)}");
        }

        Assert.InRange(long.Parse(server.Status("keys.bytes")), 0, before);
    }

    [Fact]
    public void No_more_copies_are_kept_than_a_cluster_has_members()
    {
        var server = ForgetfulServer();
        string[] heads = [.. Enumerable.Range(100, 63).Select(visitor => ComeAndGo(server, visitor))];
        server.Connect().Say("write k29 later");
        Assert.Equal(heads[0], ComeAndGo(server, visitor: 100));

        ComeAndGo(server, visitor: 200);
        ComeAndGo(server, visitor: 201);

        Assert.NotEqual(heads[1], ComeAndGo(server, visitor: 101));
    }

    [Fact]
    public void What_has_come_of_a_copy_need_not_come_again()
    {
        var (server, one) = StartReceiving();
        server.Pass(seconds: 10);
        one.Leave();
        server.Connect().Say("write mine 1");

        one = ReturnTo(server);
        Assert.Equal(["copy-after b"], Hear(one, Head));
        one.Say("copied 1@1 write a 1", "copied 3@1 write c 3");
        Assert.Equal("missing a", server.Connect().Say("read a"));
        one.Say("copied-all 3");

        Assert.Equal(
            ["value a 1 1@1", "value b 2 2@1", "value c 3 3@1", "value mine 1 1@3"],
            server.Connect().Ask("read a b c mine"));
        Assert.Equal([Nothing], Hear(one, Head));
    }

    [Fact]
    public void It_is_said_how_far_a_copy_has_come_while_nothing_goes_on_with_it()
    {
        var (server, one) = StartReceiving();
        var again = server.Restart();
        one = again.Meet("hello server 1 J1 I3 0");
        one.Say("have ..9@1", Head, "copied 1@1 write a 1");
        Assert.Equal("33%", again.Status("catching-up"));

        one.Leave();

        Assert.Equal("33%", again.Status("catching-up"));
    }

    [Fact]
    public void Of_two_connections_that_bring_the_same_copy_either_brings_it_to_its_end()
    {
        var (server, one) = StartReceiving();

        var second = ReturnTo(server);
        Assert.Equal(["copy-after b"], Hear(second, Head));
        one.Say("copied 3@1 write c 3");
        second.Say("copied 1@1 write a 1", "copied-all 3");

        Assert.Equal("value c 3 3@1", server.Connect().Say("read c"));
        one.Say("copied-all 3");
        Assert.Equal("..9@1", server.Status("applied"));
    }

    [Theory]
    [InlineData("copy - 0-10@1 - 3")]
    [InlineData("copy - 0-9@1 9-10@1 3")]
    [InlineData("copy 4 0-9@1 - 3")]
    public void A_part_of_one_copy_is_never_put_together_with_another_one(string head)
    {
        var (server, one) = StartReceiving();
        one.Leave();

        one = ReturnTo(server);
        Assert.Equal([Nothing], Hear(one, head));
        one.Say("copied 3@1 write c 3", "copied-all 1");

        Assert.Equal("missing a", server.Connect().Say("read a"));
    }

    [Fact]
    public void What_another_server_copies_is_another_copy()
    {
        var (server, one) = StartReceiving();
        one.Leave();

        Assert.Equal([Nothing], Hear(server.MeetMember(2), Head));
    }

    [Fact]
    public void An_answer_that_comes_when_nothing_is_offered_is_nothing()
    {
        var server = TestServer.Alone(3);

        Assert.Empty(Hear(server.MeetMember(1), "copy-after k"));
    }


    /// <summary>A server with more keys than go out at once, and one that lacks them all: its log is
    /// short.</summary>
    private static (TestServer Server, FakePeer One, string Head) StartSending()
    {
        var server = ForgetfulServer();
        server.MeetMember(1).Leave();
        var one = Return(server);
        return (server, one, Offered(one));
    }

    private static TestServer ForgetfulServer()
    {
        var server = TestServer.Alone(
            3, options => options with { RetainBytesMax = 3_000, RecentBytesMax = 1_000 });

        for (int number = 0; number < Keys; number++)
        {
            server.Connect().Say($"write {Name(7 * number % Keys)} {new string('v', 100_000)}");
        }

        return server;
    }

    /// <summary>One comes to join, is offered a copy, and leaves.</summary>
    private static string ComeAndGo(TestServer server, int visitor)
    {
        var passing = server.Meet($"hello server {visitor} J{visitor} I3 0 waiting");
        passing.Say("have -");
        string head = Offered(passing);
        passing.Leave();
        return head;
    }

    private static FakePeer Return(TestServer server)
    {
        var one = server.Meet("hello server 1 J1 I3 0");
        one.Say("have -");
        return one;
    }

    private static string Offered(FakePeer peer) => Assert.Single(
        peer.Heard(), line => line.StartsWith("copy ", StringComparison.Ordinal));

    private static string[] ReadToEnd(TestServer server, FakePeer peer)
    {
        List<string> all = [.. peer.HeardButHave()];

        while (!all.Exists(line => line.StartsWith("copied-all ", StringComparison.Ordinal)))
        {
            server.Turn(() => { });
            all.AddRange(peer.HeardButHave());
        }

        return [.. all];
    }

    /// <summary>A server to which a part of a copy has come: the keys a and b of three.</summary>
    private static (TestServer Server, FakePeer One) StartReceiving()
    {
        var server = TestServer.Alone(3);
        var one = server.MeetMember(1);
        one.Say(Head, "copied 1@1 write a 1", "copied 2@1 write b 2");
        return (server, one);
    }

    private static FakePeer ReturnTo(TestServer server)
    {
        var one = server.Meet("hello server 1 J1 I3 0");
        one.Heard();
        return one;
    }

    private static string[] Hear(FakePeer peer, string line)
    {
        peer.Say(line);
        return peer.HeardButHave();
    }

    private static string Name(int number) => $"k{number:00}";

    private static string[] KeysIn(string[] lines) => [.. lines
        .Where(line => line.StartsWith("copied ", StringComparison.Ordinal))
        .Select(line => line.Split(' ')[3])];
}
