using System.Text;
using CausalStore.Protocol;
using CausalStore.Replication;
using CausalStore.Server.Narration;

namespace CausalStore.Server.Tests.Narration;

public sealed class StoryTests
{
    private static readonly ServerId One = new(1);
    private static readonly ServerId Two = new(2);
    private static readonly Write Found = Parse("replicate 4@1 3 - write y found");
    private static readonly Write Glad = Parse("replicate 5@2 0 4@1 write z glad");

    private readonly LogLines _log = new();

    [Fact]
    public void A_delayed_write_says_what_it_needs() =>
        Tells(
            "delaying z = glad (5@2): needs 4@1, not here yet",
            new Notice.WriteDelayed(Glad, Two, Glad.Needs));

    [Fact]
    public void A_released_write_says_how_long_it_waited_and_for_what() =>
        Tells(
            "applied z = glad (5@2) after 2.1 s: 4@1 arrived",
            new Notice.WriteApplied(Glad, Two, TimeSpan.FromSeconds(2.1), Found.Version));

    [Fact]
    public void A_released_write_says_who_brought_what_it_waited_for()
    {
        var released = new Notice.WriteApplied(Glad, Two, TimeSpan.FromSeconds(2.1), Found.Version);
        WriteVersion older = new(3, One);

        Tells(
            "applied z = glad (5@2) after 2.1 s: 4@1 arrived from server 1",
            released with { Arrival = (Found.Version, One) });
        Tells(
            "applied z = glad (5@2) after 2.1 s: 4@1 arrived by way of server 2",
            released with { Arrival = (Found.Version, Two) });
        Tells(
            "applied z = glad (5@2) after 2.1 s: 4@1 was released, by 3@1 that arrived from server 1",
            released with { Arrival = (older, One) });
    }

    [Fact]
    public void A_write_from_its_origin_says_so() =>
        Tells(
            "applied y = found (4@1) from server 1: nothing to wait for",
            new Notice.WriteApplied(Found, One, null, null));

    [Fact]
    public void A_write_that_came_round_says_by_whom() =>
        Tells(
            "applied y = found (4@1) by way of server 2: nothing to wait for",
            new Notice.WriteApplied(Found, Two, null, null));

    [Fact]
    public void A_write_that_need_not_wait_says_what_was_checked() =>
        Tells(
            "applied z = glad (5@2) from server 2: it needs 4@1, which is here",
            new Notice.WriteApplied(Glad, Two, null, null));

    [Fact]
    public void An_eventual_server_does_not_claim_that_a_write_needs_nothing() =>
        Tells(
            "applied y = found (4@1) from server 1: nobody asks what it needs (--consistency eventual)",
            new Notice.WriteApplied(Found, One, null, null), Consistency.Eventual);

    [Fact]
    public void An_eventual_server_does_not_claim_to_have_checked() =>
        Tells(
            "applied z = glad (5@2) from server 2: it needs 4@1, but nobody looks (--consistency eventual)",
            new Notice.WriteApplied(Glad, Two, null, null), Consistency.Eventual);

    [Fact]
    public void A_client_is_called_by_its_name()
    {
        var session = Session("hello client alice");

        Tells("alice is connected (session 1)", new Notice.ClientNamed(session));
        Tells("alice: z = glad (5@2), to be shown after 4@1", new Notice.WriteAccepted(session, Glad));
        Tells("alice: y = found (4@1), nothing to wait for", new Notice.WriteAccepted(session, Found));
    }

    [Fact]
    public void A_client_without_a_name_is_called_by_its_number() =>
        Tells(
            "client 1: y = found (4@1), nothing to wait for",
            new Notice.WriteAccepted(Session("ping"), Found));

    [Fact]
    public void A_conflict_says_who_wins() =>
        Tells(
            "conflict on x: 5@2 wins over 4@1, the last writer",
            new Notice.ConflictDecided("x"u8.ToArray(), Glad.Version, Found.Version));

    [Fact]
    public void A_read_shows_the_first_keys_and_how_many_more() =>
        Tells(
            "client 1 reads y; the store: x = lost, y = found, and 3 more",
            new Notice.KeysRead(
                Session("ping"), [Bytes("y")],
                [(Bytes("x"), Bytes("lost")), (Bytes("y"), Bytes("found"))], 5));

    [Fact]
    public void A_read_that_shows_what_it_showed_before_is_told_once()
    {
        Story story = new(_log.Logger, Consistency.Causal);
        var session = Session("ping");
        Notice.KeysRead nothing = new(session, [Bytes("y")], [], 0);
        Notice.KeysRead found = new(session, [Bytes("y")], [(Bytes("y"), Bytes("found"))], 1);

        foreach (var read in new[] { nothing, nothing, nothing, found, found, nothing })
        {
            story.Tell(read);
        }

        Assert.Equal(
            [
                "client 1 reads y; the store: empty", "client 1 reads y; the store: y = found",
                "client 1 reads y; the store: empty",
            ],
            _log.Lines);
    }

    [Fact]
    public void An_empty_store_is_called_so() =>
        Tells(
            "client 1 reads y; the store: empty",
            new Notice.KeysRead(Session("ping"), [Bytes("y")], [], 0));

    [Fact]
    public void An_atomic_write_shows_ten_operations_and_how_many_more()
    {
        string operations = string.Join(' ', Enumerable.Range(0, 12).Select(number => $"write k{number} v"));

        Tells(
            "applied k0 = v, k1 = v, k2 = v, k3 = v, k4 = v, k5 = v, k6 = v, k7 = v, k8 = v, k9 = v"
            + ", and 2 more (6@1) from server 1: nothing to wait for",
            new Notice.WriteApplied(Parse($"replicate 6@1 0 - {operations}"), One, null, null));
    }

    [Fact]
    public void A_delete_is_called_so() =>
        Tells(
            "applied x deleted (6@1) from server 1: nothing to wait for",
            new Notice.WriteApplied(Parse("replicate 6@1 0 - delete x"), One, null, null));

    [Fact]
    public void Nothing_is_printed_whole_however_long_it_is()
    {
        string value = new('v', 1 << 20);

        new Story(_log.Logger, Consistency.Causal).Tell(
            new Notice.WriteApplied(Parse($"replicate 6@1 0 - write x {value}"), One, null, null));

        Assert.InRange(Assert.Single(_log.Lines).Length, 60, 200);
    }

    [Fact]
    public void What_happens_between_servers_is_told()
    {
        ServerAddress address = new("127.0.0.1", 60002);

        Tells(
            "connected to server 2 at 127.0.0.1:60002",
            new Notice.PeerConnected(Two, address, Dialled: true));
        Tells(
            "server 2 at 127.0.0.1:60002 has connected",
            new Notice.PeerConnected(Two, address, Dialled: false));
        Tells("server 2 is disconnected; what it lacks is kept for it", new Notice.PeerDisconnected(Two));
        Tells(
            "nobody answers at 127.0.0.1:60002: nobody listens there; is that server started? Trying again"
            + " until it answers",
            new Notice.PeerUnreachable(address, "nobody listens there"));
        Tells("skipped a bad line of server 2: no such verb", new Notice.BadLine("server 2", "no such verb"));
        Tells("joined\\nthe cluster", new Notice.Cluster("joined\nthe cluster", IsWarning: false));
    }

    private void Tells(string expected, Notice notice, Consistency consistency = Consistency.Causal)
    {
        _log.Lines.Clear();

        new Story(_log.Logger, consistency).Tell(notice);

        Assert.Equal(expected, Assert.Single(_log.Lines));
    }

    private static Session Session(string line)
    {
        Replica replica = new(new ReplicaOptions { Id = One, Instance = "a" }, new Effects());
        replica.Advance(TimeSpan.Zero);
        var session = replica.OpenSession();
        replica.Receive(session, Encoding.UTF8.GetBytes(line));
        return session;
    }

    private static Write Parse(string line) =>
        Write.Parse(new WordSplitter().Split(Encoding.UTF8.GetBytes(line)), new OutputBuffer());

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
