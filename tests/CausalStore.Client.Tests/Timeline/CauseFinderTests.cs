using CausalStore.Client.Tests.Kit;
using CausalStore.Client.Timeline;
using CausalStore.Tracing;

namespace CausalStore.Client.Tests.Timeline;

/// <summary>Also of <see cref="CausalOrder"/>.</summary>
public sealed class CauseFinderTests
{
    [Fact]
    public void In_the_story_the_past_of_z_at_server_3_is_y_there_and_all_that_bob_had_seen()
    {
        var run = TraceScript.LostRing("causal");

        string[] past = PastOf(run, Applied(run, "server 3", "3@2"));

        Assert.Superset(
            new HashSet<string>(
            [
                "alice writes x = lost, which becomes 1@1",
                "alice writes y = found, which becomes 2@1",
                "server 2 applies y = found (2@1) from server 1",
                "bob reads y = found",
                "bob writes z = glad, which becomes 3@2",
                "server 3 holds back z = glad (3@2) from server 2: 2@1 is not here",
                "server 3 applies y = found (2@1) from server 1",
            ]),
            past.ToHashSet());
        Assert.DoesNotContain(past, sentence => sentence.Contains("weather") || sentence.Contains("carol"));
    }

    [Fact]
    public void What_came_earlier_at_the_same_server_is_no_cause()
    {
        var run = TraceScript.LostRing("causal");
        int dave = Applied(run, "server 3", "4@2");

        Assert.DoesNotContain(PastOf(run, dave), sentence => sentence.Contains("x = lost"));
        Assert.DoesNotContain(dave, run.Causes.Past(Applied(run, "server 3", "3@2")));
    }

    [Fact]
    public void The_future_is_the_past_turned_round()
    {
        var run = TraceScript.LostRing("causal");

        foreach (var one in run.Events)
        {
            Assert.All(
                run.Causes.Past(one.Index).Where(cause => cause < run.Events.Count),
                cause => Assert.Contains(one.Index, run.Causes.Future(cause)));
        }
    }

    [Fact]
    public void A_need_for_all_up_to_a_write_gathers_all_of_them_and_no_more()
    {
        var script = new TraceScript();
        string[] writers = ["al", "bo", "cy", "di"];

        for (int number = 1; number <= 4; number++)
        {
            script.Write(writers[number - 1], 1, 10 * number, $"{number}@1", $"k{number}");
        }

        var run = script.Write("eve", 1, 100, "9@1", "z", needs: "..2@1")
            .Write("fay", 1, 200, "10@1", "zz", needs: "..3@1").Build();

        Assert.Equal(["1@1", "2@1"], WritesBefore(run, "9@1"));
        Assert.Equal(["1@1", "2@1", "3@1"], WritesBefore(run, "10@1"));
    }

    [Fact]
    public void Where_a_servers_trace_is_missing_a_write_comes_from_where_it_was_accepted()
    {
        var run = new TraceScript().Write("alice", 1, 0, "1@1", "x")
            .Client("bob", 5, new TraceEvent.Saw([new Sight("x", "v", TraceScript.Version("1@1"))])).Build();

        int read = run.Events.Single(one => one.Traced is TraceEvent.Saw).Index;

        Assert.Contains("alice writes x = v, which becomes 1@1", PastOf(run, read));
    }

    private static IEnumerable<string> WritesBefore(Run run, string version)
    {
        int accepted = run.Events.Single(
            one => one.Traced is TraceEvent.Accepted && $"{one.Version}" == version).Index;
        return run.Causes.Past(accepted).Where(cause => cause < run.Events.Count)
            .Select(cause => run.Events[cause]).Where(one => one.Traced is TraceEvent.Accepted)
            .Select(one => $"{one.Version}").Order();
    }

    private static int Applied(Run run, string lane, string version) => run.Events.Single(one =>
        one.Traced is TraceEvent.Applied && $"{one.Version}" == version
        && run.Lanes[one.Lane].Name == lane).Index;

    private static string[] PastOf(Run run, int index) =>
    [
        .. run.Causes.Past(index).Where(cause => cause < run.Events.Count).Select(cause => run.Events[cause])
            .Select(one => EventText.Sentence(run.Lanes[one.Lane].Name, one.Traced)),
    ];
}
