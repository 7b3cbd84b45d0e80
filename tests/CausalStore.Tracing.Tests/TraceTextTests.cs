using System.Text;
using CausalStore.Protocol;

namespace CausalStore.Tracing.Tests;

public sealed class TraceTextTests
{
    [Theory]
    [InlineData("lost ring", "lost ring")]
    [InlineData("", "")]
    [InlineData("é 日本", "é 日本")]
    [InlineData("a\nb\u001b[2J", "a\\x0Ab\\x1B[2J")]
    public void Text_stays_text_and_nothing_in_it_is_obeyed(string text, string kept) =>
        Assert.Equal(kept, TraceText.Of(Encoding.UTF8.GetBytes(text)));

    [Fact]
    public void Bytes_that_are_no_text_are_written_as_numbers() =>
        Assert.Equal("\\xFF\\x00a", TraceText.Of([0xFF, 0, (byte)'a']));

    [Fact]
    public void What_is_long_is_cut()
    {
        string kept = TraceText.Of(new byte[1_000_000].Select(_ => (byte)'x').ToArray());

        Assert.Equal(new string('x', TraceText.CharactersMax) + "... (1000000 bytes)", kept);
    }

    [Fact]
    public void Of_many_operations_the_first_are_kept()
    {
        string line = string.Join(' ', Enumerable.Range(0, 100).Select(key => $"write {key} v delete {key}"));

        var kept = TraceText.Of(new Operations(new WordSplitter().Split(Encoding.UTF8.GetBytes(line)), 0));

        Assert.Equal(TraceText.PartsMax, kept.Count);
        Assert.Equal([new TracedOperation("0", "v"), new TracedOperation("0", null)], kept.Take(2));
    }
}
