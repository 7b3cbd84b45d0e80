using System.Buffers;
using System.Text;
using CausalStore.Protocol;

namespace CausalStore.Tracing.Tests;

public sealed class TraceParserTests
{
    private const string Head = """
        {"server":1,"seq":1,"t":"2026-01-01T00:00:00.000000Z","event":
        """;

    public static TheoryData<string> Lines { get; } =
    [
        Server("""start","consistency":"causal"}"""),
        Server("""start","consistency":"eventual"}"""),
        Client("""start"}"""),
        Server("""stop"}"""),
        Server("""dropped","count":7}"""),
        Server("""connect","to":2}"""),
        Server("""disconnect","to":2}"""),
        Server("""note","text":"é is \"quoted\""}"""),
        Server("""write","version":"5@1","needs":"4@2,3@1","ops":[["w","x","1"],["d","y"]]"""
            + ""","session":7,"name":"al"}"""),
        Server("""send","version":"5@1","to":3,"held":true}"""),
        Server("""receive","version":"5@2","from":2}"""),
        Server("""delay","version":"5@2","from":2,"needs":"..3@1,4@3","""
            + """ "missing":"4@3","ops":[["w","x",""]]}""".TrimStart()),
        Server("""apply","version":"5@2","from":2,"needs":"-","ops":[["d","x"]]}"""),
        Server("""apply","version":"5@2","from":2,"needs":"-","ops":[["d","x"]]"""
            + ""","waited":2349.51,"released-by":"4@3"}"""),
        Server("""read","shown":[["x",null,"5@2"],["y",null,null]],"session":7,"name":"al"}"""),
        Server("""push","shown":[["x",null,"5@2"]],"session":7,"name":"al"}"""),
        Server("""fault","to":3,"action":"delay","amount":60000}"""),
        Server("""fault","to":3,"action":"cut","amount":0}"""),
        Server("""fault","to":3,"action":"heal","amount":0}"""),
        Server("""fault","to":3,"action":"step","amount":1}"""),
        Client("""write","version":null,"ops":[["w","x","1"]],"took":1.25}"""),
        Client("""write","version":"5@2","ops":[["d","x"]],"took":1}"""),
        Client("""read","shown":[["x","1","5@2"],["y",null,null]]}"""),
        Client("""push","shown":[["x","1","5@2"]]}"""),
    ];

    [Theory]
    [MemberData(nameof(Lines))]
    public void What_was_written_is_read_and_written_the_same(string line)
    {
        ArrayBufferWriter<byte> output = new();

        TraceWriter.Write(TraceParser.Parse(line), output);

        Assert.Equal(line + "\n", Encoding.UTF8.GetString(output.WrittenSpan));
    }

    [Fact]
    public void Every_kind_of_event_is_among_them() => Assert.Equal(
        typeof(TraceEvent).GetNestedTypes().Select(type => type.Name).Order(),
        Lines.Select(line => TraceParser.Parse(line).Event.GetType().Name).Distinct().Order());

    [Fact]
    public void A_later_version_may_say_more() => Assert.Equal(
        new TraceEvent.Stopped(), TraceParser.Parse(Server("""stop","why":"tired"}""")).Event);

    [Theory]
    [InlineData("", "")]
    [InlineData("[1]", "")]
    [InlineData("""{"seq":1}""", "a member is missing")]
    [InlineData(Head + "\"fly\"}", "no event is called 'fly'")]
    [InlineData(Head + "\"stop\"", "")]
    [InlineData(Head + "\"receive\",\"version\":\"5\",\"from\":2}", "'5' is no version; it looks like 5@2")]
    [InlineData(Head + "\"receive\",\"version\":null,\"from\":2}", "the version is null")]
    [InlineData(Head + "\"fault\",\"to\":3,\"action\":\"bend\",\"amount\":0}", "'bend' is not cut, delay")]
    [InlineData(
        Head + "\"write\",\"version\":\"5@1\",\"needs\":\"all\",\"ops\":[]}", "'all' is no context")]
    public void What_is_none_is_told(string line, string reason) => Assert.Contains(
        reason, Assert.Throws<TraceFormatException>(() => TraceParser.Parse(line.Trim())).Message);

    [Fact]
    public void Needs_are_contexts()
    {
        string line = Lines.First(line => line.Data.Contains("delay"));
        var delayed = (TraceEvent.Delayed)TraceParser.Parse(line).Event;

        Assert.Equal([new WriteVersion(4, new ServerId(3))], delayed.Missing.Exact.ToArray());
        Assert.Equal([new WriteVersion(3, new ServerId(1))], delayed.Needs.UpTo.ToArray());
    }

    private static string Server(string rest) =>
        $$"""{"server":1,"seq":12,"t":"2026-01-01T00:00:00.123456Z","event":"{{rest}}""";

    private static string Client(string rest) =>
        $$"""{"client":"al","seq":12,"t":"2026-01-01T00:00:00.123456Z","event":"{{rest}}""";
}
