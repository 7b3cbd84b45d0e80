using CausalStore.Client.Live;
using CausalStore.Client.Tests.Kit;
using CausalStore.Client.Timeline;
using CausalStore.Protocol;
using CausalStore.Tracing;

namespace CausalStore.Client.Tests.Live;

public sealed class ToldClientsTests
{
    private static readonly TracedSession Alice = new("alice", 1);
    private static readonly TracedSession Bob = new("bob", 1);

    [Fact]
    public void A_session_has_a_lane_beside_its_server_and_arrows_to_and_from_it()
    {
        var run = Build(new TraceScript()
            .Server(1, 1, Accepted(Alice, "1@1", "x", "lost"))
            .Server(1, 2, new TraceEvent.Sent(V("1@1"), new ServerId(2), IsHeld: false))
            .Server(2, 3, new TraceEvent.Received(V("1@1"), new ServerId(1)))
            .Server(2, 3, Applied("1@1", "x", "lost"))
            .Server(2, 3, new TraceEvent.Pushed(Bob, "x", V("1@1")))
            .Server(2, 4, new TraceEvent.Showed(Bob, [Shown("x", "1@1"), Shown("y", null)])));

        Assert.Equal(["alice", "server 1", "bob", "server 2"], run.Lanes.Select(lane => lane.Name));
        Assert.Equal(["alice writes x = lost, which becomes 1@1"], Did(run, "alice"));
        Assert.Equal(["bob is shown x = lost", "bob reads x = lost, y missing"], Did(run, "bob"));
        Assert.Equal(
            [MessageKind.Request, MessageKind.Replication, MessageKind.Push, MessageKind.Answer],
            run.Messages.Select(message => message.Kind));
    }

    [Fact]
    public void What_its_session_saw_is_in_the_past_of_what_a_client_writes_next()
    {
        var run = Build(new TraceScript()
            .Server(1, 1, Accepted(Alice, "1@1", "x", "lost"))
            .Server(1, 2, new TraceEvent.Showed(Bob with { Number = 2 }, [Shown("x", "1@1")]))
            .Server(1, 3, Accepted(Bob with { Number = 2 }, "2@1", "z", "sad")));

        var wrote = run.Events.Single(one => one.Traced is TraceEvent.Wrote { Version: var version }
            && version == V("2@1"));
        Assert.Equal(
            ["alice writes x = lost, which becomes 1@1", "bob reads x = lost"],
            run.Causes.Past(wrote.Index).Select(index => run.Events[index])
                .Where(one => !run.Lanes[one.Lane].IsServer).OrderBy(one => one.Index)
                .Where(one => one.IsMark).Select(one => Sentence(run, one)));
    }

    [Fact]
    public void A_delete_is_seen_as_one_and_a_write_from_before_without_its_value()
    {
        var run = Build(new TraceScript()
            .Server(1, 1, Accepted(Alice, "2@1", "x", null))
            .Server(1, 2, new TraceEvent.Showed(Alice, [Shown("x", "2@1"), Shown("old", "1@1")])));

        Assert.Equal(
            ["alice writes x deleted, which becomes 2@1", "alice reads x missing, old = …"],
            Did(run, "alice"));
    }

    [Fact]
    public void Two_of_one_name_at_once_have_two_lanes_and_one_after_the_other_has_not_crashed()
    {
        var run = Build(new TraceScript()
            .Server(1, 1, Accepted(Alice, "1@1", "x", "1"))
            .Server(1, 2, Accepted(Alice with { Number = 2 }, "2@1", "x", "2"))
            .Server(1, 3, Accepted(Alice, "3@1", "x", "3"))
            .Server(1, 4, Accepted(Alice with { Number = 3 }, "4@1", "x", "4")));

        Assert.Equal(
            ["alice", "alice~2"], run.Lanes.Where(lane => !lane.IsServer).Select(lane => lane.Name));
        Assert.Equal(3, run.Lives.Count(life => !run.Lanes[life.Lane].IsServer));
        Assert.DoesNotContain(run.Lives, life => life.HasCrashed);
    }

    [Fact]
    public void A_server_that_starts_again_numbers_its_sessions_anew()
    {
        var script = new TraceScript()
            .Server(1, 1, Accepted(Alice, "1@1", "x", "1"))
            .Server(1, 2, new TraceEvent.Started(Consistency.Causal))
            .Server(1, 3, Accepted(Bob, "2@1", "x", "2"));

        Assert.Equal(
            ["bob", "alice"],
            ToldClients.Of(script.Files[0]).Select(session => session[0].Process.Name));
    }

    [Fact]
    public void Of_too_many_sessions_those_that_did_something_last_have_lanes()
    {
        TraceScript script = new();

        for (int number = 1; number <= ToldClients.SessionsMax + 3; number++)
        {
            TracedSession session = new($"{number}", number);
            script.Server(1, number, Accepted(session, $"{number}@1", "x", "v"));
        }

        script.Server(1, 1000, new TraceEvent.Showed(new TracedSession("1", 1), [Shown("x", "9@1")]));

        var names = ToldClients.Of(script.Files[0]).Select(session => session[0].Process.Name).ToList();
        Assert.Equal(ToldClients.SessionsMax, names.Count);
        Assert.Equal(["1", $"{ToldClients.SessionsMax + 3}"], names.Take(2));
        Assert.Empty(names.Intersect(["2", "3", "4"]));
    }

    [Fact]
    public void Who_only_looks_on_has_no_lane()
    {
        var run = Build(new TraceScript().Server(1, 1, new TraceEvent.Connected(new ServerId(2)))
            .Server(1, 2, new TraceEvent.Disturbed(new ServerId(2), LinkAction.Cut, 0)));

        Assert.Equal(["server 1"], run.Lanes.Select(lane => lane.Name));
    }

    /// <summary>As the page has it: all servers' lines in one, as they came.</summary>
    private static Run Build(TraceScript script)
    {
        TraceLine[] lines = [.. script.Files.SelectMany(file => file).OrderBy(line => line.Time)];
        return RunBuilder.Build([lines, .. ToldClients.Of(lines)]);
    }

    private static IEnumerable<string> Did(Run run, string name) => run.Events
        .Where(one => run.Lanes[one.Lane].Name == name && one.IsMark).Select(one => Sentence(run, one));

    private static string Sentence(Run run, RunEvent one) =>
        EventText.Sentence(run.Lanes[one.Lane].Name, one.Traced);

    private static TraceEvent.Accepted Accepted(
        TracedSession session, string version, string key, string? value) =>
        new(V(version), Context.Empty, [new TracedOperation(key, value)], session);

    private static TraceEvent.Applied Applied(string version, string key, string value) =>
        new(V(version), V(version).Origin, Context.Empty, [new TracedOperation(key, value)], null, null);

    private static Sight Shown(string key, string? version) =>
        new(key, null, version is null ? null : V(version));

    private static WriteVersion V(string text) => TraceScript.Version(text);
}
