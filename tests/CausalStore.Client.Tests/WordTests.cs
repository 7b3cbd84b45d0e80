namespace CausalStore.Client.Tests;

public sealed class WordTests
{
    [Fact]
    public void Words_are_equal_by_content()
    {
        Word text = "ring";
        Word bytes = "ring"u8.ToArray();

        Assert.Equal(text, bytes);
        Assert.True(text == bytes);
        Assert.True(text != "rung");
        Assert.Equal(text.GetHashCode(), bytes.GetHashCode());
        Assert.Equal("", default(Word));
    }

    [Fact]
    public void A_text_is_utf8() => Assert.Equal("é"u8.ToArray(), ((Word)"é").Bytes.ToArray());

    [Fact]
    public void Shown_as_text_bytes_that_are_none_are_replaced() =>
        Assert.Equal("a\uFFFD", ((Word)(byte[])[0x61, 0xFF]).ToString());
}
