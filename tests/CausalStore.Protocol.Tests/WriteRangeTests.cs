using CausalStore.Protocol.Tests.Kit;

namespace CausalStore.Protocol.Tests;

public sealed class WriteRangeTests
{
    [Theory]
    [InlineData("-", 0)]
    [InlineData("0-5@4", 1)]
    [InlineData("0-5@4,7-9@4,0-1@6", 3)]
    public void A_list_comes_back_as_it_was(string word, int count)
    {
        var ranges = WriteRange.ParseList(Wire.Bytes(word));

        Assert.Equal(count, ranges.Count);
        Assert.Equal(word, WriteRange.Format(ranges));
    }

    [Theory]
    [InlineData("")]
    [InlineData("5@4")]
    [InlineData("-5@4")]
    [InlineData("5-@4")]
    [InlineData("5-5@4")]
    [InlineData("6-5@4")]
    [InlineData("0-5")]
    [InlineData("0-5@0")]
    [InlineData("00-5@4")]
    [InlineData("0-5@4,")]
    [InlineData("-,0-5@4")]
    public void Nothing_else_is_one(string word) => Assert.Contains(
        "it looks like -, 0-5@4",
        Wire.Refused(ErrorCode.Syntax, () => WriteRange.ParseList(Wire.Bytes(word))));

    [Fact]
    public void It_names_the_origin_what_lies_before_and_the_last_write()
    {
        Assert.True(WriteRange.TryParse("5-9@4"u8, out var range));
        Assert.Equal(new WriteRange(new ServerId(4), After: 5, UpTo: 9), range);
    }
}
