using System.Text.Json;
using System.Text.RegularExpressions;
using CausalStore.Client.Tests.Kit;
using CausalStore.Client.Timeline;
using CausalStore.Tracing;

namespace CausalStore.Client.Tests.Timeline;

/// <summary>The file; what a browser makes of it is tested in one (tests/browser).</summary>
public sealed partial class HtmlPageTests
{
    [Fact]
    public void It_is_one_file_that_asks_nobody_for_anything()
    {
        string page = Page(TraceScript.LostRing("causal"));

        Assert.DoesNotMatch(@"(src|href)\s*=|@import|url\(|fetch\(|XMLHttpRequest|import\(", page);
        Assert.Contains("default-src 'none'", page);
        Assert.DoesNotContain("{{", page);
    }

    [Fact]
    public void The_run_is_in_it_as_data()
    {
        var run = Data(Page(TraceScript.LostRing("causal"), TraceScript.LostRing("eventual")));

        Assert.Equal(
            ["causal", "eventual"],
            run.EnumerateArray().Select(one => one.GetProperty("name").GetString()));
        Assert.Equal(8, run[0].GetProperty("lanes").GetArrayLength());
        Assert.Equal(
            "z = glad (3@2) waits for y = found (2@1)", run[0].GetProperty("delays")[0][2].GetString());
        Assert.Equal(
            run[0].GetProperty("events").GetArrayLength(), run[0].GetProperty("real").GetArrayLength());
    }

    [Fact]
    public void Nothing_that_was_written_is_markup_or_a_place_to_fill()
    {
        string evil = "</script><script>alert(1)</script>{{title}}";
        var run = new TraceScript().Client(evil, 0, new TraceEvent.Noted(evil)).Build();

        string page = Page(run);

        Assert.Equal(2, page.Split("</script>").Length - 1);
        Assert.Equal(evil, Data(page)[0].GetProperty("lanes")[0].GetProperty("name").GetString());
    }

    private static string Page(params Run[] runs)
    {
        StringWriter output = new();
        new HtmlPage(runs, "A <title>").Write(output);
        Assert.Contains("<h1>A &lt;title&gt;</h1>", $"{output}");
        return $"{output}";
    }

    private static JsonElement Data(string page) =>
        JsonDocument.Parse(DataOf().Match(page).Groups[1].Value).RootElement;

    [GeneratedRegex("<script type=\"application/json\" id=\"data\">(.*?)</script>", RegexOptions.Singleline)]
    private static partial Regex DataOf();
}
