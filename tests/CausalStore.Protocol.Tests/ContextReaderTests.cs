using CausalStore.Protocol.Tests.Kit;

namespace CausalStore.Protocol.Tests;

public sealed class ContextReaderTests
{
    [Theory]
    [InlineData("-", "")]
    [InlineData("7@1", "7@1")]
    [InlineData("..7@1,9@2,3@1,..2@4", "..7@1 9@2 3@1 ..2@4")]
    public void It_reads_entry_by_entry(string word, string entries) =>
        Assert.Equal((entries, false), Read(word));

    [Theory]
    [InlineData("", "")]
    [InlineData("7@1,", "7@1")]
    [InlineData(",7@1", "")]
    [InlineData("7@1,-", "7@1")]
    [InlineData("7@1,...8@1", "7@1")]
    [InlineData("x", "")]
    public void It_ends_where_an_entry_is_none_and_says_so(string word, string before) =>
        Assert.Equal((before, true), Read(word));

    private static (string Entries, bool IsMalformed) Read(string word)
    {
        List<string> entries = [];
        ContextReader reader = new(Wire.Bytes(word));

        while (reader.MoveNext())
        {
            entries.Add($"{(reader.IsUpTo ? ".." : "")}{reader.Current}");
        }

        Assert.False(reader.MoveNext());
        return (string.Join(' ', entries), reader.IsMalformed);
    }
}
