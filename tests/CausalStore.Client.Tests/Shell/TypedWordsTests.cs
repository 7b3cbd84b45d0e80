using CausalStore.Client.Shell;

namespace CausalStore.Client.Tests.Shell;

public sealed class TypedWordsTests
{
    [Theory]
    [InlineData("", "", "", 0)]
    [InlineData("re", "", "re", 0)]
    [InlineData("read ", "read", "", 5)]
    [InlineData("read  x gr", "read|x", "gr", 8)]
    [InlineData("write \"two words\" lo", "write|two words", "lo", 18)]
    [InlineData("read \"two wo", "read", "two wo", 5)]
    [InlineData("read \"a \\\" b", "read", "a \" b", 5)]
    [InlineData("read \"two words\"", "read", "two words", 5)]
    public void The_last_word_is_still_being_typed(string line, string whole, string begun, int start)
    {
        var typed = TypedWords.Of(line);

        Assert.NotNull(typed);
        Assert.Equal(whole, string.Join('|', typed.Whole));
        Assert.Equal((begun, start, line[start..]), (typed.Begun, typed.Start, typed.Last));
    }

    [Theory]
    [InlineData("read \"a\"b c")]
    [InlineData("read a\"b")]
    [InlineData("read \"a\\")]
    [InlineData("read \"\\x4")]
    public void What_is_no_line_yet_has_no_words(string line) => Assert.Null(TypedWords.Of(line));
}
