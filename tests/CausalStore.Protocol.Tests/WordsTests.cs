using CausalStore.Protocol.Tests.Kit;

namespace CausalStore.Protocol.Tests;

public sealed class WordsTests
{
    [Fact]
    public void A_word_that_must_be_there_is_named_when_it_is_not()
    {
        Assert.Equal("x", Wire.Text(new WordSplitter().Split("read x"u8).Required(1, "the key")));
        Assert.Equal(
            "the key is missing",
            Wire.Refused(ErrorCode.Syntax, () => new WordSplitter().Split("read"u8).Required(1, "the key")));
    }

    [Fact]
    public void Too_many_words_are_answered_with_what_it_should_be()
    {
        new WordSplitter().Split("ping"u8).NoMoreThan(1, "ping");

        Assert.Equal(
            "too many words; it is: ping",
            Wire.Refused(ErrorCode.Syntax, () => new WordSplitter().Split("ping x"u8).NoMoreThan(1, "ping")));
    }
}
