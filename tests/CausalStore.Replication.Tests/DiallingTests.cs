using CausalStore.Protocol;
using CausalStore.Replication.Tests.Kit;

namespace CausalStore.Replication.Tests;

public sealed class DiallingTests
{
    private static readonly ServerAddress Two = new("127.0.0.1", 60002);
    private static readonly ServerAddress Three = new("127.0.0.1", 60003);

    [Fact]
    public void Its_peers_are_dialled_at_once_and_once_while_that_is_under_way()
    {
        var server = TestServer.Waiting(1, 60002, 60003);

        server.Pass(60);

        Assert.Equal([Two, Three], server.Dials);
    }

    [Fact]
    public void Who_is_not_reached_is_dialled_again_after_pauses_that_grow_to_two_seconds()
    {
        var server = TestServer.Waiting(1, 60002);
        List<double> pauses = [];

        for (int attempt = 0; attempt < 9; attempt++)
        {
            var failedAt = server.Now;
            Fail(server, Two);
            pauses.Add(PassUntilDialled(server, Two) - failedAt.TotalMilliseconds);
        }

        Assert.Equal([50, 100, 200, 400, 800, 1600, 2000, 2000, 2000], pauses);
    }

    [Fact]
    public void That_nobody_answers_is_news_once()
    {
        var server = TestServer.Waiting(1, 60002);

        Fail(server, Two);
        server.Pass(1);
        Fail(server, Two);

        Assert.Single(server.Notices.OfType<Notice.PeerUnreachable>());
    }

    [Fact]
    public void After_a_greeting_the_pauses_begin_anew()
    {
        var server = TestServer.Waiting(1, 60002);

        for (int attempt = 0; attempt < 5; attempt++)
        {
            Fail(server, Two);
            PassUntilDialled(server, Two);
        }

        double leftAt = server.Now.TotalMilliseconds;
        server.Dial(60002, "hello server 2 J2 - 60002").Leave();
        Assert.Equal(leftAt + 50, PassUntilDialled(server, Two));
        Fail(server, Two);
        Assert.Equal(leftAt + 150, PassUntilDialled(server, Two));
    }

    [Fact]
    public void A_connection_that_ended_without_a_greeting_counts_as_a_failure()
    {
        var server = TestServer.Waiting(1, 60002);

        server.Dial(60002, "").Leave();
        Assert.Equal(50, PassUntilDialled(server, Two));
        server.Dial(60002, "").Leave();

        Assert.Equal(150, PassUntilDialled(server, Two));
    }

    [Fact]
    public void Its_own_address_is_dialled_no_more()
    {
        var server = TestServer.Waiting(1, 60001, 60002);

        server.Dial(60001, "hello server 1 I1 - 60001").Leave();
        server.Dials.Clear();
        server.Pass(60);

        Assert.DoesNotContain(new ServerAddress("127.0.0.1", 60001), server.Dials);
    }

    [Fact]
    public void Without_a_name_it_dials_also_where_a_connection_from_there_stands()
    {
        var server = TestServer.Waiting(1, 60002);

        server.Meet("hello server 2 J2 - 60002");
        server.Meet("hello server 3 J3 - 60003");

        Assert.Equal([Two, Three], server.Dials);
    }

    [Fact]
    public void With_a_name_it_dials_the_members_to_which_no_connection_stands()
    {
        var server = TestServer.Alone(1);
        var two = server.MeetMember(2);

        two.Say("member 2 J2 127.0.0.1 60002", "member 3 J3 127.0.0.1 60003", "member 4 J4 127.0.0.1 0");
        Assert.Equal([Three], server.Dials);

        two.Leave();
        Assert.Equal([Three, Two], server.Dials);
    }

    [Fact]
    public void A_member_that_has_not_answered_the_hello_yet_is_not_dialled_again()
    {
        var server = TestServer.Alone(1);
        server.MeetMember(2).Say("member 3 J3 127.0.0.1 60003");
        server.Dial(60003, "");

        server.Pass(60);

        Assert.Empty(server.Dials);
    }

    [Fact]
    public void A_member_that_has_connected_by_itself_is_not_dialled()
    {
        var server = TestServer.Alone(1);
        server.MeetMember(2).Say("member 3 J3 127.0.0.1 60003");
        Fail(server, Three);

        var three = server.Meet($"hello server 3 J3 {server.Cluster} 60003");
        server.Dials.Clear();
        server.Pass(60);
        Assert.Empty(server.Dials);

        three.Leave();
        Assert.Equal([Three], server.Dials);
    }

    [Fact]
    public void A_forgotten_member_is_dialled_no_more()
    {
        var server = TestServer.Alone(1);
        server.MeetMember(2).Say("member 3 J3 127.0.0.1 60003");
        Fail(server, Three);

        server.Connect().Say("forget 3");
        server.Dials.Clear();
        server.Pass(60);

        Assert.Empty(server.Dials);
    }

    private static void Fail(TestServer server, ServerAddress address)
    {
        Assert.True(server.Dials.Remove(address), $"{address} was not dialled");
        server.Turn(() => server.Replica.DialFailed(address, "nobody listens there"));
    }

    /// <returns>When it was dialled, in milliseconds.</returns>
    private static double PassUntilDialled(TestServer server, ServerAddress address)
    {
        for (int wake = 0; wake < 100 && !server.Dials.Contains(address); wake++)
        {
            server.Now = server.Replica.NextWake;
            server.Turn(() => { });
        }

        return server.Now.TotalMilliseconds;
    }
}
