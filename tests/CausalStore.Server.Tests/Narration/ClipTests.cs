using System.Text;
using CausalStore.Server.Narration;

namespace CausalStore.Server.Tests.Narration;

public sealed class ClipTests
{
    [Theory]
    [InlineData("lost", "lost")]
    [InlineData("", "\"\"")]
    [InlineData("my ring", "\"my ring\"")]
    [InlineData("a\nb\tc\r", "a\\nb\\tc\\r")]
    [InlineData("\x1b[31mred", "\\x1B[31mred")]
    [InlineData("\u009b31m", "\\u009B31m")]
    [InlineData("\u202Egnp", "\\u202Egnp")]
    [InlineData("grün 💍", "\"grün 💍\"")]
    public void A_word_is_shown_without_anything_that_a_terminal_obeys(string word, string shown) =>
        Assert.Equal(shown, Clip.Word(Encoding.UTF8.GetBytes(word)));

    [Fact]
    public void Bytes_that_are_no_text_are_shown_as_numbers() =>
        Assert.Equal("a\\xFFb\\xC3", Clip.Word([(byte)'a', 0xFF, (byte)'b', 0xC3]));

    [Fact]
    public void A_long_value_is_cut_and_its_length_is_said()
    {
        byte[] value = new byte[1 << 20];
        value.AsSpan().Fill((byte)'v');

        string shown = Clip.Word(value);

        Assert.Equal(new string('v', 60) + "... (1048576 bytes)", shown);
    }

    [Fact]
    public void A_text_is_cut_and_stays_on_one_line()
    {
        string shown = Clip.Text("a\n" + new string('b', 100_000));

        Assert.StartsWith("a\\nbbb", shown);
        Assert.EndsWith("b...", shown);
        Assert.InRange(shown.Length, 300, 500);
    }
}
