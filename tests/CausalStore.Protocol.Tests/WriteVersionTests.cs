using CausalStore.Protocol.Tests.Kit;

namespace CausalStore.Protocol.Tests;

public sealed class WriteVersionTests
{
    [Theory]
    [InlineData("1@1")]
    [InlineData("5@2")]
    [InlineData("1099511627776@65535")]
    [InlineData("9223372036854775799@1")]
    [InlineData("9223372036854775800@1")]
    [InlineData("9223372036854775806@1")]
    [InlineData("9223372036854775807@1")]
    public void A_version_is_a_timestamp_at_a_server(string word)
    {
        Assert.Equal(word, Wire.Version(word).ToString());
        Assert.Equal(word, Wire.Written(output => output.Append(Wire.Version(word))));
    }

    [Theory]
    [InlineData("")]
    [InlineData("@")]
    [InlineData("5")]
    [InlineData("5@")]
    [InlineData("@2")]
    [InlineData("0@2")]
    [InlineData("5@0")]
    [InlineData("05@2")]
    [InlineData("5@02")]
    [InlineData("-5@2")]
    [InlineData("+5@2")]
    [InlineData("5@65536")]
    [InlineData("5@2@3")]
    [InlineData("..5@2")]
    [InlineData("5@2 ")]
    [InlineData("x@2")]
    [InlineData("5@x")]
    public void Nothing_else_is(string word) => Assert.False(WriteVersion.TryParse(Wire.Bytes(word), out _));

    [Theory]
    [InlineData("9223372036854775808")]
    [InlineData("9223372036854775817")]
    [InlineData("18446744073709551617")]
    [InlineData("99999999999999999999999999999999")]
    public void A_number_from_2_to_the_63_on_is_the_greatest_there_is_and_never_a_small_one(string digits)
    {
        Assert.True(WriteVersion.TryParseTimestamp(Wire.Bytes(digits), out long timestamp));
        Assert.Equal(long.MaxValue, timestamp);
    }

    [Fact]
    public void A_timestamp_may_be_0_where_it_says_that_there_is_none()
    {
        Assert.True(WriteVersion.TryParseTimestamp("0"u8, out long timestamp));
        Assert.Equal(0, timestamp);
    }

    [Fact]
    public void The_timestamp_decides_and_then_the_server()
    {
        string[] rising = ["1@9", "2@1", "2@2", "2@10", "10@1"];

        Assert.Equal(rising, rising.Reverse().Select(Wire.Version).Order().Select(version => $"{version}"));
        Assert.True(Wire.Version("2@10") > Wire.Version("2@9"));
        Assert.True(Wire.Version("2@10") < Wire.Version("3@1"));
        Assert.True(Wire.Version("2@1") >= Wire.Version("2@1"));
        Assert.True(Wire.Version("2@1") <= Wire.Version("2@1"));
        Assert.False(Wire.Version("2@1") > Wire.Version("2@1"));
    }
}
