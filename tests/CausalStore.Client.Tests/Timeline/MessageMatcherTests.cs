using CausalStore.Client.Tests.Kit;
using CausalStore.Client.Timeline;
using CausalStore.Tracing;

namespace CausalStore.Client.Tests.Timeline;

public sealed class MessageMatcherTests
{
    [Fact]
    public void A_write_goes_from_its_client_to_its_server_and_on_to_the_others()
    {
        var run = new TraceScript().Write("alice", 1, 0, "1@1", "x").Replicate(1, 2, 2, "1@1", "x").Build();

        Assert.Equal(
            ["alice Request server 1", "server 1 Replication server 2"], run.Messages.Select(Text(run)));
    }

    [Fact]
    public void Of_a_message_that_was_lost_and_sent_again_the_second_one_arrives()
    {
        var run = new TraceScript().Write("alice", 1, 0, "1@1", "x").Send(1, 2, 2, "1@1")
            .Send(1, 2, 9000, "1@1").Receive(2, 1, 9001, "1@1").Build();

        var message = run.Messages.Single(message => message.Kind == MessageKind.Replication);

        Assert.Equal(9000, run.Events[message.From].Time.TotalMilliseconds);
    }

    [Fact]
    public void Of_a_message_that_was_sent_again_needlessly_the_first_one_arrives()
    {
        var run = new TraceScript().Write("alice", 1, 0, "1@1", "x").Send(1, 2, 2, "1@1")
            .Receive(2, 1, 3, "1@1").Send(1, 2, 9000, "1@1").Build();

        var message = run.Messages.Single(message => message.Kind == MessageKind.Replication);

        Assert.Equal(2, run.Events[message.From].Time.TotalMilliseconds);
    }

    [Fact]
    public void Answers_and_pushes_go_to_the_client_that_saw_them()
    {
        var run = new TraceScript().Write("alice", 1, 0, "1@1", "x").Read("alice", 1, 3, "x", "1@1")
            .Server(1, 3, new TraceEvent.Pushed(
                new TracedSession("bob", 2), "x", TraceScript.Version("1@1")))
            .Client("bob", 4, new TraceEvent.WasPushed(new Sight("x", "v", TraceScript.Version("1@1"))))
            .Build();

        Assert.Equal(
            ["alice Request server 1", "server 1 Answer alice", "server 1 Push bob"],
            run.Messages.Select(Text(run)).Order());
    }

    [Fact]
    public void A_write_without_an_outcome_and_one_end_alone_are_no_message()
    {
        var run = new TraceScript()
            .Client("alice", 0, new TraceEvent.Wrote(null, [new TracedOperation("x", "v")], TimeSpan.Zero))
            .Send(1, 2, 1, "1@1").Receive(3, 1, 2, "1@1").Build();

        Assert.Empty(run.Messages);
    }

    private static Func<Message, string> Text(Run run) => message =>
        $"{run.Lanes[run.Events[message.From].Lane].Name} {message.Kind} "
        + run.Lanes[run.Events[message.To].Lane].Name;
}
