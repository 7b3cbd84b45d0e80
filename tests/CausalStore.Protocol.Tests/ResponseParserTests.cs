using CausalStore.Protocol.Tests.Kit;

namespace CausalStore.Protocol.Tests;

public sealed class ResponseParserTests
{
    private static readonly string[] Canonicals =
    [
        "welcome 1 k7Qm2wXp", "welcome 1 -", "ok", "ok 5@2", "value x lost 5@2", "value \"a b\" \"\" 5@2",
        "missing x", "missing x 6@2", "update x lost 5@2", "update x \"\\n\" 5@2", "removed x 6@2",
        "traced {\"k\":\"a \\\"b\"}", "context -", "context ..7@1,9@2", "end 0", "end 10000",
        "pong", "error syntax a quote \" in it, and  two spaces", "error internal ", "clock 7",
        "delayed 5@2 0.25 4@1 write z glad", "5@2 is applied here",
    ];

    public static TheoryData<string> Responses => [.. Canonicals];

    [Theory]
    [MemberData(nameof(Responses))]
    public void A_line_comes_back_as_it_was(string line) =>
        Assert.Equal(line, Canonical.OfResponse(Wire.Response(line)));

    [Fact]
    public void No_kind_of_response_is_forgotten_here() =>
        Family.HasAnExampleOfEach(Canonicals.Select(Wire.Response), "ResponseParserTests");

    [Fact]
    public void Every_code_of_an_error_is_known() => Assert.All(
        Enum.GetValues<ErrorCode>(),
        code => Assert.Equal(
            new Response.Error(code, "why so"), Wire.Response($"error {code.Name()} why so")));

    [Theory]
    [InlineData("error syntax", ErrorCode.Syntax, "")]
    [InlineData("error of-next-year what then", ErrorCode.Internal, "what then")]
    public void An_error_is_one_whatever_it_lacks(string line, ErrorCode code, string reason) =>
        Assert.Equal(new Response.Error(code, reason), Wire.Response(line));

    [Theory]
    [InlineData("")]
    [InlineData("error")]
    [InlineData("ok 5")]
    [InlineData("ok 5@2 x")]
    [InlineData("end x")]
    [InlineData("end 5x")]
    [InlineData("value x lost")]
    [InlineData("value x lost 5")]
    [InlineData("update x lost 5@2 more")]
    [InlineData("removed x")]
    [InlineData("context x")]
    [InlineData("welcome 0 x")]
    [InlineData("keys 3")]
    [InlineData("waiting for \"nobody, or empty /srv/a \"b")]
    public void What_is_nothing_else_is_text_for_people(string line) =>
        Assert.Equal(new Response.Text(line), Wire.Response(line));

    [Theory]
    [InlineData("value x \"lost 5@2")]
    [InlineData("update x lo\"st 5@2")]
    public void A_line_for_programs_is_words_or_nothing(string line) =>
        Wire.Refused(ErrorCode.Syntax, () => Wire.Response(line));

    [Fact]
    public void Keys_and_values_are_any_bytes()
    {
        byte[] bytes = [.. Enumerable.Range(0, 256).Select(value => (byte)value)];
        OutputBuffer output = new();
        ResponseWriter.Value(output, bytes, bytes, Wire.Version("5@2"));

        var value = Assert.IsType<Response.Value>(new ResponseParser().Parse(output.Written[..^1]));

        Assert.Equal(bytes, value.Key);
        Assert.Equal(bytes, value.Data);
    }
}
