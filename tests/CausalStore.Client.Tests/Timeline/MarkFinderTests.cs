using CausalStore.Client.Tests.Kit;
using CausalStore.Protocol;
using CausalStore.Tracing;

namespace CausalStore.Client.Tests.Timeline;

public sealed class MarkFinderTests
{
    [Fact]
    public void A_write_is_sent_where_it_is_accepted_and_received_where_it_is_applied() => Assert.Equal(
        ["Wrote", "Accepted", "Applied"],
        Marks(new TraceScript().Write("alice", 1, 0, "1@1", "x").Replicate(1, 2, 2, "1@1", "x")));

    [Fact]
    public void What_is_sent_long_after_it_was_accepted_has_a_mark_of_its_own() => Assert.Equal(
        ["Wrote", "Accepted", "Sent"],
        Marks(new TraceScript().Write("alice", 1, 0, "1@1", "x").Send(1, 2, 5000, "1@1")));

    [Fact]
    public void A_receipt_of_what_was_here_has_a_mark_of_its_own() => Assert.Equal(
        ["Wrote", "Accepted", "Applied", "Received"],
        Marks(new TraceScript().Write("alice", 1, 0, "1@1", "x").Replicate(1, 2, 2, "1@1", "x")
            .Receive(2, 3, 9, "1@1")));

    [Fact]
    public void What_was_read_stands_at_the_client()
    {
        var run = new TraceScript().Write("alice", 1, 0, "1@1", "x").Read("alice", 1, 3, "x", "1@1").Build();

        var showed = run.Events.Single(one => one.Traced is TraceEvent.Showed);

        Assert.IsType<TraceEvent.Saw>(run.Events[showed.Mark].Traced);
    }

    [Fact]
    public void A_cluster_that_is_founded_and_clients_that_come_and_go_take_no_room() => Assert.Equal(
        ["Started", "Wrote", "Accepted", "Connected"],
        Marks(
            new TraceScript().Server(1, 0, new TraceEvent.Connected(new ServerId(2)))
                .Server(1, 0, new TraceEvent.Noted("serving"))
                .Client("alice", 1, new TraceEvent.Connected(new ServerId(1)))
                .Write("alice", 1, 2, "1@1", "x").Client("alice", 4, new TraceEvent.Stopped())
                .Server(1, 9, new TraceEvent.Connected(new ServerId(3))),
            withStarts: true));

    private static IEnumerable<string> Marks(TraceScript script, bool withStarts = false) =>
        from one in script.Build().Events
        where one.IsMark && (withStarts || one.Traced is not TraceEvent.Started)
        select one.Traced.GetType().Name;
}
