using CausalStore.Checking;
using CausalStore.Client.Recording;
using static CausalStore.Client.Tests.Kit.Versions;

namespace CausalStore.Client.Tests.Recording;

public sealed class HistoryStepsTests
{
    [Theory]
    [InlineData("write x 1", """[["w","x","1","5@2"]]""")]
    [InlineData(
        "write x \"a b\" delete y write x 2",
        """[["w","x","a b","5@2"],["d","y","5@2"],["w","x","2","5@2"]]""")]
    [InlineData("delete \"\\xFF\"", """[["d",{"b64":"/w=="},"5@2"]]""")]
    public void A_write_is_what_was_asked(string line, string steps) =>
        Assert.Equal(steps, Text(HistorySteps.Written(Request(line), Version("5@2"))));

    [Theory]
    [InlineData("write x")]
    [InlineData("write \"\" 1")]
    [InlineData("delete x y")]
    public void A_malformed_one_is_nothing(string line) =>
        Assert.Empty(HistorySteps.Written(Request(line), version: null));

    [Theory]
    [InlineData("value x 1 5@2", """[["r","x","1","5@2"]]""")]
    [InlineData("missing x", """[["r","x",null,null]]""")]
    [InlineData("missing x 6@1", """[["r","x",null,"6@1"]]""")]
    public void A_read_is_what_was_answered(string line, string steps) =>
        Assert.Equal(steps, Text(HistorySteps.Seen(Request("read x"), Reply(line))));

    [Theory]
    [InlineData("scan a", """[["s","a",[["a1","1","1@1"],["a2","2","2@1"]]]]""")]
    [InlineData("scan a 3", """[["s","a",[["a1","1","1@1"],["a2","2","2@1"]]]]""")]
    [InlineData("scan a 2", """[["s","a",[["a1","1","1@1"],["a2","2","2@1"]],null,"a2"]]""")]
    [InlineData("scan a 3 a0", """[["s","a",[["a1","1","1@1"],["a2","2","2@1"]],"a0",null]]""")]
    [InlineData("scan \"\" 2 a0", """[["s","",[["a1","1","1@1"],["a2","2","2@1"]],"a0","a2"]]""")]
    public void Of_a_scan_it_is_said_where_it_began_and_ended(string request, string steps) =>
        Assert.Equal(
            steps,
            Text(HistorySteps.Seen(Request(request), Reply("value a1 1 1@1", "value a2 2 2@1", "end 2"))));

    [Fact]
    public void An_empty_scan_is_one() =>
        Assert.Equal("""[["s","a",[]]]""", Text(HistorySteps.Seen(Request("scan a"), Reply("end 0"))));

    [Theory]
    [InlineData("update x 1 5@2", """[["r","x","1","5@2"]]""")]
    [InlineData("removed x 6@1", """[["r","x",null,"6@1"]]""")]
    public void A_push_is_a_read(string line, string steps) =>
        Assert.Equal(steps, Text([HistorySteps.Pushed(Line(line).Meaning)]));

    private static string Text(HistoryStep[] steps) =>
        HistoryWriter.Line("s", steps)["""{"session":"s","ops":""".Length..^1];
}
