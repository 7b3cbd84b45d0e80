using System.Text;

namespace CausalStore.Client.Tests;

public sealed class ReadableTests
{
    [Theory]
    [InlineData("lost", "lost")]
    [InlineData("hello world", "\"hello world\"")]
    [InlineData("", "\"\"")]
    [InlineData("a\"b\\c", "\"a\\\"b\\\\c\"")]
    [InlineData(@"C:\ring", @"C:\ring")]
    [InlineData("a\nb\t\u001b[31m", "\"a\\nb\\t\\x1B[31m\"")]
    [InlineData("nice é 💍", "\"nice é 💍\"")]
    [InlineData("\u202Eevil", "\"\\xE2\\x80\\xAEevil\"")]
    [InlineData("\u0085", "\"\\xC2\\x85\"")]
    public void A_word_is_shown_as_typed_and_does_nothing_to_a_terminal(string word, string shown) =>
        Assert.Equal(shown, Readable.Of(Encoding.UTF8.GetBytes(word)));

    [Fact]
    public void What_is_no_text_is_shown_in_hex() =>
        Assert.Equal("\"a\\xFF\\xC3\"", Readable.Of([0x61, 0xFF, 0xC3]));

    [Fact]
    public void A_long_word_is_cut_between_characters_and_its_size_is_said()
    {
        string shown = Readable.Of(Encoding.UTF8.GetBytes("x" + new string('é', 5_000)));

        Assert.Equal("x" + new string('é', 99) + "... (10,001 bytes)", shown);
    }

    [Fact]
    public void A_line_keeps_its_quotes() =>
        Assert.Equal("value \"a \\\" b\" \\x07", Readable.Line("value \"a \\\" b\" \u0007"));
}
