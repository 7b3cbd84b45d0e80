namespace CausalStore.Protocol.Tests;

public sealed class ErrorCodeTests
{
    [Fact]
    public void Every_code_has_its_word_on_the_wire()
    {
        string[] words =
        [
            "syntax", "unknown-command", "too-long", "too-large", "not-yet",
            "not-allowed", "lost", "overloaded", "unavailable", "internal",
        ];

        Assert.Equal(words, Enum.GetValues<ErrorCode>().Select(code => code.Name()));
        Assert.Equal(Enum.GetValues<ErrorCode>(), words.Select(ErrorCodes.FromName));
    }

    [Fact]
    public void An_unknown_word_promises_nothing() =>
        Assert.Equal(ErrorCode.Internal, ErrorCodes.FromName("of-next-year"));
}
