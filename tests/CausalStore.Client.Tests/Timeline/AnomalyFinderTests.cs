using CausalStore.Client.Tests.Kit;
using CausalStore.Protocol;
using CausalStore.Tracing;

namespace CausalStore.Client.Tests.Timeline;

public sealed class AnomalyFinderTests
{
    [Fact]
    public void The_eventual_story_shows_z_before_y_and_the_causal_one_does_not()
    {
        var run = TraceScript.LostRing("eventual");

        var anomaly = Assert.Single(run.Anomalies);

        Assert.Equal(TraceScript.Version("2@1"), anomaly.Missing);
        Assert.Equal("server 3", run.Lanes[run.Events[anomaly.Event].Lane].Name);
        Assert.True(run.IsEventual);
        Assert.Empty(TraceScript.LostRing("causal").Anomalies);
    }

    [Theory]
    [InlineData("y", 1)]
    [InlineData("other", 0)]
    public void What_the_writer_had_not_seen_is_no_cause(string read, int anomalies)
    {
        var run = new TraceScript { Consistency = Consistency.Eventual }
            .Write("alice", 1, 0, "2@1", "y").Replicate(1, 2, 2, "2@1", "y")
            .Read("bob", 2, 10, read, read == "y" ? "2@1" : null).Write("bob", 2, 20, "3@2", "z")
            .Replicate(2, 3, 22, "3@2", "z").Build();

        Assert.Equal(anomalies, run.Anomalies.Count);
    }

    [Fact]
    public void A_push_counts_as_seen()
    {
        var run = new TraceScript { Consistency = Consistency.Eventual }
            .Write("alice", 1, 0, "2@1", "y").Replicate(1, 2, 2, "2@1", "y")
            .Server(2, 3, new TraceEvent.Pushed(
                new TracedSession("bob", 2), "y", TraceScript.Version("2@1")))
            .Write("bob", 2, 20, "3@2", "z").Replicate(2, 3, 22, "3@2", "z").Build();

        Assert.Single(run.Anomalies);
    }
}
