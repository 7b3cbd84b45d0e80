using CausalStore.Client.Tests.Kit;
using CausalStore.Client.Timeline;

namespace CausalStore.Client.Tests.Timeline;

public sealed class LayoutTests
{
    private readonly Run _run = TraceScript.LostRing("causal");
    private readonly Layout _layout;

    public LayoutTests() => _layout = Layout.Of(_run);

    [Fact]
    public void No_message_goes_upwards_in_real_or_in_logical_time() => Assert.All(
        _run.Messages,
        message =>
        {
            Assert.True(_layout.Real[message.From] <= _layout.Real[message.To]);
            Assert.True(
                _layout.Logical[message.From] < _layout.Logical[message.To]
                || message.Kind == MessageKind.Answer);
        });

    [Fact]
    public void Marks_of_one_lane_stand_below_each_other_with_room_for_their_labels()
    {
        foreach (var lane in _run.Events.Where(one => one.IsMark).GroupBy(one => one.Lane))
        {
            Assert.All(lane.Zip(lane.Skip(1)), pair =>
            {
                Assert.True(_layout.Real[pair.Second.Index] - _layout.Real[pair.First.Index] >= 23.8);
                Assert.True(_layout.Logical[pair.Second.Index] > _layout.Logical[pair.First.Index]);
            });
        }
    }

    [Fact]
    public void A_client_reads_in_logical_time_after_what_it_is_shown_became_visible()
    {
        var read = _run.Events.Single(one => EventOf(one) == "bob reads y = found");
        var applied = _run.Events.Single(
            one => EventOf(one) == "server 2 applies y = found (2@1) from server 1");

        Assert.True(_layout.Logical[read.Index] > _layout.Logical[applied.Index]);
    }

    [Fact]
    public void A_longer_while_is_a_longer_way_but_a_minute_does_not_fill_the_page()
    {
        double second = Way(1000);
        double minute = Way(60_000);

        Assert.InRange(second, 40, 90);
        Assert.InRange(minute, second + 40, 250);
    }

    private static double Way(double ms)
    {
        var run = new TraceScript().Write("al", 1, 0, "1@1", "x").Write("bo", 2, ms, "1@2", "y").Build();
        var layout = Layout.Of(run);
        double[] wrote = [.. run.Events.Where(one => one.Traced is Tracing.TraceEvent.Wrote)
            .Select(one => layout.Real[one.Index])];
        return wrote[1] - wrote[0];
    }

    private string EventOf(RunEvent one) => EventText.Sentence(_run.Lanes[one.Lane].Name, one.Traced);
}
