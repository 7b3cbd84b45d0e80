using CausalStore.Client.Tests.Kit;
using CausalStore.Client.Timeline;
using CausalStore.Tracing;

namespace CausalStore.Client.Tests.Timeline;

public sealed class RunBuilderTests
{
    [Fact]
    public void Every_line_of_every_trace_is_an_event_and_every_message_of_the_story_is_found()
    {
        var run = TraceScript.LostRing("causal");
        var kinds = run.Messages.CountBy(message => message.Kind).ToDictionary();

        Assert.Equal(
            Directory.EnumerateFiles(TraceScript.Folder("causal")).Sum(file => File.ReadLines(file).Count()),
            run.Events.Count);
        Assert.Equal(4, kinds[MessageKind.Request]);
        Assert.Equal(8, kinds[MessageKind.Replication]);
        Assert.Equal(4, kinds[MessageKind.Push]);
        Assert.Equal(run.Events.Count(one => one.Traced is TraceEvent.Saw), kinds[MessageKind.Answer]);
    }

    [Fact]
    public void The_run_begins_with_its_first_event() =>
        Assert.Equal(TimeSpan.Zero, TraceScript.LostRing("causal").Events[0].Time);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Where_nothing_runs_any_more_who_has_not_said_that_it_stops_has_crashed(bool isOver)
    {
        DateTime begin = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        TraceLine start = new(TracedProcess.Client("alice"), 1, begin, new TraceEvent.Started(null));
        var bob = start with { Process = TracedProcess.Client("bob") };

        var run = RunBuilder.Build(
            [[start], [bob, bob with { Sequence = 2, Event = new TraceEvent.Stopped() }]], isOver);

        Assert.Equal(isOver ? ["alice"] : (string[])[], run.Lives.Where(life => life.HasCrashed)
            .Select(life => run.Lanes[life.Lane].Name));
    }

    [Fact]
    public void Of_nothing_there_is_no_picture() =>
        Assert.Throws<TraceFormatException>(() => RunBuilder.Build([[]]));
}
