using CausalStore.Client.Timeline;
using CausalStore.Protocol;
using CausalStore.Tracing;

namespace CausalStore.Client.Tests.Timeline;

public sealed class EventTextTests
{
    private static readonly ServerId Three = new(3);

    [Theory]
    [InlineData(1, "1 ms")]
    [InlineData(0.25, "0.25 ms")]
    [InlineData(999, "999 ms")]
    [InlineData(2349.51, "2.35 s")]
    [InlineData(60000, "60 s")]
    public void Times_are_said_as_people_say_them(double ms, string text) =>
        Assert.Equal(text, EventText.Seconds(TimeSpan.FromMilliseconds(ms)));

    [Fact]
    public void A_fault_is_said_in_a_few_words_and_in_a_sentence()
    {
        TraceEvent.Disturbed delay = new(Three, LinkAction.Delay, 60000);
        TraceEvent.Disturbed cut = new(Three, LinkAction.Cut, 0);
        TraceEvent.Disturbed heal = new(Three, LinkAction.Heal, 0);

        Assert.Equal("to 3: 60 s", EventText.Label(isServer: true, delay));
        Assert.Equal("to 3: cut", EventText.Label(isServer: true, cut));
        Assert.Equal("to 3: healed", EventText.Label(isServer: true, heal));
        Assert.Equal(
            "server 1: from now on what goes to server 3 takes 60 s", EventText.Sentence("server 1", delay));
        Assert.Equal("server 1: the link to server 3 is cut", EventText.Sentence("server 1", cut));
    }

    [Fact]
    public void Of_many_operations_the_first_are_shown()
    {
        TracedOperation[] five = [.. "abcde".Select(key => new TracedOperation($"{key}", null))];

        Assert.Equal(
            "a deleted, b deleted, c deleted and 2 more",
            EventText.Writes(new TraceEvent.Wrote(null, five, TimeSpan.Zero)));
    }

    [Fact]
    public void Every_kind_of_event_has_a_sentence()
    {
        TracedOperation[] one = [new("x", "1")];
        WriteVersion version = new(5, new ServerId(2));
        TracedSession session = new("al", 1);
        TraceEvent[] all =
        [
            new TraceEvent.Started(null), new TraceEvent.Started(Consistency.Eventual),
            new TraceEvent.Stopped(), new TraceEvent.Dropped(3), new TraceEvent.Connected(Three),
            new TraceEvent.Disconnected(Three), new TraceEvent.Noted("founded"),
            new TraceEvent.Wrote(null, one, TimeSpan.Zero), new TraceEvent.Wrote(version, one, TimeSpan.Zero),
            new TraceEvent.Saw([]), new TraceEvent.WasPushed(new Sight("x", null, version)),
            new TraceEvent.Accepted(version, Context.Of(version), one, session),
            new TraceEvent.Sent(version, Three, IsHeld: true), new TraceEvent.Received(version, Three),
            new TraceEvent.Delayed(version, Three, Context.Empty, Context.Of(version), one),
            new TraceEvent.Applied(version, Three, Context.Empty, one, TimeSpan.FromSeconds(2), version),
            new TraceEvent.Showed(session, [new Sight("x", null, null)]),
            new TraceEvent.Pushed(session, "x", version), new TraceEvent.Disturbed(Three, LinkAction.Step, 1),
        ];

        Assert.Equal(
            [
                "S starts", "S starts, eventual", "S stops",
                "S: 3 events happened here that were not traced", "S is connected with server 3",
                "S has lost server 3", "S: founded", "S writes x = 1; whether it happened is not known",
                "S writes x = 1, which becomes 5@2", "S reads nothing", "S is shown x missing",
                "S accepts x = 1 of al as 5@2, to be shown after 5@2",
                "S sends 5@2 to server 3; the link holds it", "S receives 5@2 from server 3",
                "S holds back x = 1 (5@2) from server 3: 5@2 is not here",
                "S applies x = 1 (5@2) from server 3 after 2 s, released by 5@2",
                "S shows al that x is missing", "S pushes x (5@2) to al",
                "S: the link to server 3 is stepped",
            ],
            all.Select(traced => EventText.Sentence("S", traced)));
        Assert.Equal(
            typeof(TraceEvent).GetNestedTypes().Length,
            all.Select(traced => traced.GetType()).Distinct().Count());
    }
}
