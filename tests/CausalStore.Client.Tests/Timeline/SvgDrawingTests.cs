using System.Xml.Linq;
using CausalStore.Client.Tests.Kit;
using CausalStore.Client.Timeline;
using CausalStore.Tracing;

namespace CausalStore.Client.Tests.Timeline;

public sealed class SvgDrawingTests
{
    [Fact]
    public void Both_runs_are_drawn_with_their_lanes_the_delay_and_the_anomaly()
    {
        string[] texts = Texts(Draw(TraceScript.LostRing("causal"), TraceScript.LostRing("eventual")));

        Assert.Contains("Causal consistency", texts);
        Assert.Contains("Eventual consistency", texts);
        Assert.Equal(2, texts.Count(text => text == "server 3"));
        Assert.Contains("2.35 s for 2@1", texts);
        Assert.Contains("before 2@1, its cause", texts);
    }

    [Fact]
    public void Nothing_that_was_written_is_markup()
    {
        var run = new TraceScript()
            .Client("<b>&", 0, new TraceEvent.Saw([new Sight("</svg>", "'\"", TraceScript.Version("1@1"))]))
            .Delay(1, 2, 5, "3@2", "<script>", missing: "1@1").Build();

        Assert.Contains("<b>&", Texts(Draw(run)));
    }

    [Fact]
    public void A_crash_and_all_shapes_are_well_formed()
    {
        var run = new TraceScript().Server(1, 0, new TraceEvent.Started(Protocol.Consistency.Causal))
            .Write("al", 1, 1, "1@1", "x")
            .Server(1, 5, new TraceEvent.Disturbed(new Protocol.ServerId(2), Protocol.LinkAction.Cut, 0))
            .Server(1, 100, new TraceEvent.Started(Protocol.Consistency.Causal)).Build();

        Assert.Contains("to 2: cut", Texts(Draw(run)));
    }

    private static XDocument Draw(params Run[] runs)
    {
        StringWriter output = new();
        new SvgDrawing(runs).Write(output);
        return XDocument.Parse($"{output}");
    }

    private static string[] Texts(XDocument svg) =>
        [.. svg.Descendants().Where(element => element.Name.LocalName == "text").Select(text => text.Value)];
}
