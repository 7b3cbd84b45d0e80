using CausalStore.Client.Tests.Kit;
using CausalStore.Tracing;

namespace CausalStore.Client.Tests.Timeline;

public sealed class EventOrderTests
{
    [Fact]
    public void No_message_arrives_before_it_is_sent_however_wrong_the_clocks_are()
    {
        // Server 2's clock is 500 ms behind.
        var run = new TraceScript().Write("alice", 1, 1000, "1@1", "x").Send(1, 2, 1002, "1@1")
            .Receive(2, 1, 503, "1@1").Apply(2, 1, 503, "1@1", "x").Send(2, 3, 504, "1@1").Build();

        Assert.Equal(2, run.Messages.Count);
        Assert.All(run.Messages, message => Assert.True(message.From < message.To));
    }

    [Fact]
    public void Without_messages_the_clock_orders()
    {
        var run = new TraceScript().Server(1, 5, new TraceEvent.Noted("b"))
            .Server(2, 3, new TraceEvent.Noted("a")).Server(1, 9, new TraceEvent.Noted("d"))
            .Server(2, 7, new TraceEvent.Noted("c")).Build();

        Assert.Equal(
            ["a", "b", "c", "d"], run.Events.Select(one => one.Traced).OfType<TraceEvent.Noted>()
                .Select(note => note.Text));
    }

    [Fact]
    public void Ends_that_were_paired_wrongly_lose_their_message_and_nothing_else()
    {
        // Each server receives before it sends, what cannot have been.
        var run = new TraceScript().Receive(1, 2, 1, "1@2").Send(1, 2, 2, "1@1")
            .Receive(2, 1, 1, "1@1").Send(2, 1, 2, "1@2").Build();

        Assert.Equal(6, run.Events.Count);
        Assert.Single(run.Messages);
    }
}
