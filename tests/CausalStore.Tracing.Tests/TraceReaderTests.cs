namespace CausalStore.Tracing.Tests;

public sealed class TraceReaderTests
{
    private const string Line = """{"client":"al","seq":1,"t":"2026-01-01T00:00:00.5Z","event":"stop"}""";

    private readonly List<string> _torn = [];

    [Fact]
    public void Lines_are_read_in_their_order_and_empty_ones_left_aside() =>
        Assert.Equal(2, Read($"{Line}\n\n{Line}\n").Count);

    [Fact]
    public void A_torn_line_is_left_out_and_told()
    {
        Assert.Single(Read($"{Line}\n{Line[..30]}"));

        Assert.Equal(["run.jsonl, line 2: torn by a crash, left out"], _torn);
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("""{"session":"alice","ops":[["w","x","lost","1@1"]]}""")]
    public void Something_else_is_no_trace(string text)
    {
        var error = Assert.Throws<TraceFormatException>(() => Read(text));

        Assert.StartsWith("run.jsonl, line 1, is no line of a trace: ", error.Message);
    }

    private IReadOnlyList<TraceLine> Read(string text) =>
        TraceReader.Read(new StringReader(text), "run.jsonl", _torn.Add);
}
