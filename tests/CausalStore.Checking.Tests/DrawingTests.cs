using System.Xml.Linq;

namespace CausalStore.Checking.Tests;

public sealed class DrawingTests
{
    [Fact]
    public void Causes_stand_above_their_effects_and_what_contradicts_that_is_red()
    {
        var picture = Draw(
            [("b#1", "read x = 1"), ("a#1", "wrote x = 1, wrote y = <1>"), ("b#2", "read y missing")],
            [("a#1", "b#1", "read by"), ("b#1", "b#2", "then"), ("b#2", "a#1", "shows the state before")]);

        Assert.Equal(["a#1", "b#1", "b#2"], Texts(picture).Where(text => text is [_, '#', _]));
        Assert.Contains("wrote y = <1>", Texts(picture));
        Assert.Equal(["a", "b"], Texts(picture).Where(text => text.Length == 1));
        var arrows = picture.Descendants().Where(one => one.Attribute("marker-end") is not null).ToList();
        Assert.Equal(
            [("a#1 -> b#1", "#334455"), ("b#1 -> b#2", "#334455"), ("b#2 -> a#1", "#cc0000")],
            arrows.Select((arrow, i) => (
                new[] { "a#1 -> b#1", "b#1 -> b#2", "b#2 -> a#1" }[i], arrow.Attribute("stroke")!.Value)));
    }

    [Fact]
    public void A_session_may_have_any_name()
    {
        var picture = Draw([("a#b & <c>#1", "wrote x = \"1\"")], []);

        Assert.Contains("a#b & <c>", Texts(picture));
        Assert.Contains("a#b & <c>#1", Texts(picture));
    }

    private static XDocument Draw(
        (string Name, string Text)[] nodes, (string From, string To, string Label)[] edges)
        => XDocument.Parse(new Drawing("what is wrong", nodes, edges).ToSvg());

    private static IEnumerable<string> Texts(XDocument picture)
        => picture.Descendants().Where(one => one.Name.LocalName == "text").Select(one => one.Value);
}
