namespace CausalStore.Checking.Tests;

public sealed class HistoryWriterTests
{
    [Fact]
    public void Every_kind_of_line_is_written_as_it_was_read()
    {
        const string Lines = """
            {"session":"s1","ops":[["w","x","v1","5@2"],["d","y","5@2"]]}
            {"session":"s1","ops":[["w","é<","{\"b64\"}",null]],"status":"unknown"}
            {"session":"s2","ops":[["r",{"b64":"/wA="},{"b64":"gA=="},"5@2"],["r","z",null,"6@1"]]}
            {"session":"s2","ops":[["s","a",[["a1","1","1@1"],["a2","2",null]]],["s","",[],"a",null]]}
            {"session":"s2","ops":[["p","x","v1","5@2"],["p","y",null,"5@2"]]}
            {"session":"s2","ops":[["r","x","v1",null]],"final":true}

            """;
        var written = new StringWriter();

        HistoryWriter.Write(HistoryReader.Read(Lines), written);

        Assert.Equal(Lines.ReplaceLineEndings("\n"), written.ToString());
    }

    [Fact]
    public void A_long_history_is_the_same_after_it_was_written_and_read()
    {
        var history = new ToyStore(seed: 3, servers: 3, keys: 5).Run(operations: 5_000, sessions: 6);
        var written = new StringWriter();
        HistoryWriter.Write(history, written);

        var again = new StringWriter();
        HistoryWriter.Write(HistoryReader.Read(written.ToString()), again);

        Assert.Equal(written.ToString(), again.ToString());
    }
}
