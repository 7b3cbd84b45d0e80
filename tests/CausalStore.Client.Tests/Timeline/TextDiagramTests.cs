using CausalStore.Client.Tests.Kit;
using CausalStore.Client.Timeline;

namespace CausalStore.Client.Tests.Timeline;

public sealed class TextDiagramTests
{
    [Fact]
    public void The_late_y_arrives_last_and_releases_z()
    {
        string[] rows = Draw(TraceScript.LostRing("causal"));

        string[] east = [.. rows.Where(row => row.Contains("server 3 holds back z = glad")
            || row.Contains("server 3 applies"))];

        Assert.Collection(
            east,
            row => Assert.Contains("applies x = lost", row),
            row => Assert.Contains("▶◆  ", row),
            row => Assert.Contains("applies weather = sunny", row),
            row => Assert.Matches(
                @"├─.*▶● .* applies y = found \(2@1\) from server 1 \(on its way for 2\.9. s\)", row),
            row => Assert.Contains("applies z = glad (3@2) from server 2 after 2.35 s, released by", row));
    }

    [Fact]
    public void While_it_waits_the_line_is_thick()
    {
        string[] rows = Draw(TraceScript.LostRing("causal"));
        int from = Array.FindIndex(rows, row => row.Contains('◆'));
        int to = Array.FindIndex(rows, row => row.Contains("applies z = glad (3@2) from server 2 after"));
        int column = rows[from].IndexOf('◆');

        Assert.All(rows[(from + 1)..to], row => Assert.Contains(row[column], "┃┤●"));
        Assert.DoesNotContain(rows[(to + 1)..^2], row => row.Contains('┃'));
    }

    [Fact]
    public void Every_row_is_as_wide_as_the_lanes()
    {
        string[] rows = Draw(TraceScript.LostRing("eventual"));
        int texts = rows[1].IndexOf("server 1 starts", StringComparison.Ordinal);

        Assert.All(rows[1..^2], row => Assert.Equal(' ', row[texts - 1]));
        Assert.Contains(
            rows, row => row.Contains('▲') && row.EndsWith("before its cause 2@1, which is not here"));
    }

    [Fact]
    public void A_message_to_the_left_points_to_the_left() => Assert.Contains(
        Draw(new TraceScript().Write("al", 2, 0, "1@2", "x").Replicate(2, 1, 2, "1@2", "x").Build()),
        row => row.Contains("●◀──"));

    private static string[] Draw(Run run)
    {
        StringWriter output = new() { NewLine = "\n" };
        new TextDiagram(run).Write(output);
        return $"{output}".TrimEnd('\n').Split('\n');
    }
}
