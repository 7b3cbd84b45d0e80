using CausalStore.Client.Tests.Kit;
using CausalStore.Tracing;

namespace CausalStore.Client.Tests.Timeline;

public sealed class DelayFinderTests
{
    [Fact]
    public void A_delay_lasts_from_the_arrival_to_the_application_and_says_why()
    {
        var run = TraceScript.LostRing("causal");

        var delay = Assert.Single(run.Delays);

        Assert.Equal("z = glad (3@2) waits for y = found (2@1)", delay.Reason);
        Assert.IsType<TraceEvent.Delayed>(run.Events[delay.From].Traced);
        Assert.IsType<TraceEvent.Applied>(run.Events[delay.To!.Value].Traced);
        Assert.InRange(run.Events[delay.To.Value].Time - run.Events[delay.From].Time,
            TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(3));
    }

    [Fact]
    public void One_that_is_not_over_has_no_end_and_what_nobody_wrote_down_is_called_by_its_version()
    {
        var run = new TraceScript().Delay(3, 2, 5, "3@2", "z", missing: "..7@4,2@1").Build();

        var delay = Assert.Single(run.Delays);

        Assert.Null(delay.To);
        Assert.Equal("z = v (3@2) waits for 2@1, all of server 4 up to 7@4", delay.Reason);
    }
}
