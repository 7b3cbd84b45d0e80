using CausalStore.Client.Tests.Kit;
using CausalStore.Client.Timeline;
using CausalStore.Protocol;
using CausalStore.Tracing;

namespace CausalStore.Client.Tests.Timeline;

public sealed class TraceLivesTests
{
    [Fact]
    public void Servers_stand_by_their_ids_and_clients_left_of_the_server_they_use() => Assert.Equal(
        ["alice", "server 1", "bob", "dave", "server 2", "carol", "carol~2", "server 3"],
        TraceScript.LostRing("causal").Lanes.Select(lane => lane.Name));

    [Fact]
    public void Lives_of_a_client_one_after_the_other_share_a_lane()
    {
        var run = TraceScript.LostRing("causal");

        var alice = run.Lanes.Single(lane => lane.Name == "alice");

        Assert.Equal(4, run.Lives.Count(life => life.Lane == alice.Index));
    }

    [Fact]
    public void Who_begins_again_without_having_stopped_has_crashed()
    {
        var run = new TraceScript()
            .Server(1, 0, new TraceEvent.Started(Consistency.Causal))
            .Server(1, 1, new TraceEvent.Noted("busy"))
            .Server(1, 100, new TraceEvent.Started(Consistency.Causal))
            .Server(1, 101, new TraceEvent.Stopped())
            .Server(1, 200, new TraceEvent.Started(Consistency.Causal))
            .Build();

        Assert.Equal([true, false, false], run.Lives.Select(life => life.HasCrashed));
        Assert.Single(run.Lanes);
    }

    [Fact]
    public void Lines_of_one_life_stand_in_its_own_order_whatever_the_clock_said()
    {
        var script = new TraceScript().Client("al", 5, new TraceEvent.Noted("one"))
            .Client("al", 3, new TraceEvent.Noted("two"));
        var turned = script.Files.Select(
            file => (IReadOnlyList<TraceLine>)[file[0], .. file.Skip(1).Reverse()]);

        var life = TraceLives.Of(turned).Single();

        Assert.Equal([1, 2, 3], life.Lines.Select(line => line.Sequence));
        Assert.Equal(life.Lines[1].Time, life.Lines[2].Time);
    }
}
