using CausalStore.Protocol.Tests.Kit;

namespace CausalStore.Protocol.Tests;

public sealed class ContextTests
{
    [Theory]
    [InlineData("-")]
    [InlineData("7@1")]
    [InlineData("7@1,9@2,8@1")]
    [InlineData("..7@1")]
    [InlineData("..7@1,..3@2,9@1,4@3")]
    public void A_context_comes_back_as_it_was(string word)
    {
        var context = Context.Parse(Wire.Bytes(word));

        Assert.Equal(word, context.ToString());
        Assert.Equal(word, Wire.Written(context.AppendTo));
    }

    [Fact]
    public void What_is_written_has_the_ranges_first() =>
        Assert.Equal("..7@1,..2@2,9@2,8@3", Context.Parse("9@2,..7@1,8@3,..2@2"u8).ToString());

    [Theory]
    [InlineData("")]
    [InlineData("7")]
    [InlineData(",")]
    [InlineData("7@1,")]
    [InlineData(",7@1")]
    [InlineData("7@1,,8@1")]
    [InlineData("-,7@1")]
    [InlineData("7@1,-")]
    [InlineData("..")]
    [InlineData("...7@1")]
    [InlineData("....7@1")]
    [InlineData("7@1,8@1,......")]
    [InlineData("7@1..")]
    [InlineData("0@1")]
    [InlineData("7@1;8@1")]
    public void Nothing_else_is_one(string word) => Assert.Contains(
        "it looks like -, 7@1 or", Wire.Refused(ErrorCode.Syntax, () => Context.Parse(Wire.Bytes(word))));

    [Fact]
    public void It_tells_both_kinds_apart_and_the_greatest_timestamp()
    {
        var context = Context.Parse("..7@1,3@2,9@1"u8);

        Assert.Equal([Wire.Version("7@1")], context.UpTo.ToArray());
        Assert.Equal([Wire.Version("3@2"), Wire.Version("9@1")], context.Exact.ToArray());
        Assert.Equal(3, context.Count);
        Assert.Equal(9, context.TimestampMax);
        Assert.Equal(70, Context.Parse("..70@1,9@1"u8).TimestampMax);
        Assert.Equal(long.MaxValue, Context.Parse("9223372036854775808@1"u8).TimestampMax);
    }

    [Fact]
    public void Nothing_is_the_empty_context()
    {
        Assert.True(Context.Parse("-"u8).IsEmpty);
        Assert.Same(Context.Empty, Context.Of());
        Assert.Equal(0, Context.Empty.TimestampMax);
        Assert.Equal("7@1", Context.Of(Wire.Version("7@1")).ToString());
    }
}
