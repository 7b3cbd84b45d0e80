namespace CausalStore.Checking.Tests;

public sealed class HistoryReaderTests
{
    [Fact]
    public void The_example_of_the_documentation_is_read()
    {
        var history = HistoryReader.Read(
            """{"session":"s1","ops":[["w","x","v1","5@2"],["r","y","v7","3@1"],["r","z",null,null]]}""");

        var operation = Assert.Single(Assert.Single(history.Sessions).Operations);
        Assert.Equal(
            [
                new HistoryStep.Write("x", "v1", new HistoryVersion(5, 2)),
                new HistoryStep.Read("y", "v7", new HistoryVersion(3, 1)),
                new HistoryStep.Read("z", null),
            ],
            operation.Steps);
    }

    [Fact]
    public void A_session_goes_on_in_the_next_file()
    {
        var history = new History();
        HistoryReader.ReadInto(history, new StringReader("""{"session":"s","ops":[["w","x","1"]]}"""), "one");
        HistoryReader.ReadInto(
            history, new StringReader("""{"session":"s","ops":[["r","x",null]]}"""), "two");

        Assert.IsType<Verdict.Violated>(CausalChecker.Check(history));
    }

    [Theory]
    [InlineData("nonsense", "not JSON")]
    [InlineData("[]", "a line is an object")]
    [InlineData("""{"ops":[["w","x","1"]]}""", "\"session\" is missing")]
    [InlineData("""{"session":"s"}""", "\"ops\" is missing")]
    [InlineData("""{"session":"s","ops":[]}""", "says nothing")]
    [InlineData("""{"session":"s","ops":[["x","x","1"]]}""", "\"x\" is no kind of step")]
    [InlineData("""{"session":"s","ops":[["w","x"]]}""", "expected [\"w\",KEY,VALUE,VERSION]")]
    [InlineData("""{"session":"s","ops":[["w","x",null]]}""", "the value is text in quotes or {\"b64\":")]
    [InlineData("""{"session":"s","ops":[["w","","1"]]}""", "a key has at least one byte")]
    [InlineData("""{"session":"s","ops":[["w","x",{"b64":"?"}]]}""", "the value is text in quotes or")]
    [InlineData("""{"session":"s","ops":[["w","x","1","five"]]}""", "\"five\" is not a version")]
    [InlineData("""{"session":"s","ops":[["w","x","1","1@1"],["w","y","1","2@1"]]}""", "has one version")]
    [InlineData("""{"session":"s","ops":[["s","x",[["x"]]]]}""", "expected [KEY,VALUE,VERSION]")]
    [InlineData("""{"session":"s","ops":[["r","x","1"]],"status":"unknown"}""", "only writes")]
    [InlineData("""{"session":"s","ops":[["w","x","1"]],"status":"maybe"}""", "\"ok\" or \"unknown\"")]
    [InlineData("""{"session":"s","ops":[["w","x","1"]],"final":true}""", "scans can be final")]
    [InlineData("""{"session":"s","ops":[["r","x","1"]],"finale":true}""", "\"finale\" is not known")]
    [InlineData("""{"session":"s","ops":[["p","x","1"],["r","x","1"]]}""", "come unasked")]
    [InlineData("""{"session":"z","ops":[["w","x","1"]]}""", "goes on after its final reads")]
    [InlineData("{\"session\":\"s\",\"ops\":[[\"w\",\"x\",\"\\ud800\"]]}", "surrogate")]
    public void A_malformed_line_is_named_with_its_number_and_its_fault(string line, string fault)
    {
        var text = """{"session":"z","ops":[["r","x",null]],"final":true}""" + "\n\n" + line + "\n";

        var exception = Assert.Throws<HistoryFormatException>(() => HistoryReader.Read(text));

        Assert.Equal(3, exception.Line);
        Assert.StartsWith("history, line 3: ", exception.Message);
        Assert.Contains(fault, exception.Message);
    }
}
