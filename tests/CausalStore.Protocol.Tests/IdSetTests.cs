using CausalStore.Protocol.Tests.Kit;

namespace CausalStore.Protocol.Tests;

public sealed class IdSetTests
{
    [Theory]
    [InlineData("-", "-")]
    [InlineData("3", "3")]
    [InlineData("3,4,10", "3,4,10")]
    [InlineData("10,3,4,3", "3,4,10")]
    public void A_set_is_written_in_rising_order_each_once(string word, string written) =>
        Assert.Equal(written, IdSet.Parse(Wire.Bytes(word)).ToString());

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("3,")]
    [InlineData("3,,4")]
    [InlineData("-,3")]
    [InlineData("x")]
    public void Nothing_else_is_one(string word) => Assert.Contains(
        "it looks like - or 3,4", Wire.Refused(ErrorCode.Syntax, () => IdSet.Parse(Wire.Bytes(word))));

    [Fact]
    public void Sets_are_equal_by_what_is_in_them()
    {
        var set = IdSet.Parse("3,4"u8);

        Assert.Equal(set, IdSet.Of([new ServerId(4), new ServerId(3)]));
        Assert.Equal(set.GetHashCode(), IdSet.Parse("4,3"u8).GetHashCode());
        Assert.NotEqual(set, IdSet.Parse("3"u8));
        Assert.False(set.Equals(null));
        Assert.True(set.Contains(new ServerId(4)));
        Assert.False(set.Contains(new ServerId(5)));
        Assert.True(IdSet.Parse("-"u8).IsEmpty);
        Assert.Equal(2, set.Ids.Length);
    }
}
