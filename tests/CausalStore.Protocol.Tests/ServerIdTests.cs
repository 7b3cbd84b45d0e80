using CausalStore.Protocol.Tests.Kit;

namespace CausalStore.Protocol.Tests;

public sealed class ServerIdTests
{
    [Theory]
    [InlineData("1")]
    [InlineData("42")]
    [InlineData("65535")]
    public void An_id_is_a_number(string word)
    {
        Assert.True(ServerId.TryParse(Wire.Bytes(word), out var id));
        Assert.Equal(word, id.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("01")]
    [InlineData("-1")]
    [InlineData("+1")]
    [InlineData("1 ")]
    [InlineData("1x")]
    [InlineData("65536")]
    [InlineData("99999999999999999999")]
    [InlineData("one")]
    public void Nothing_else_is(string word) => Assert.False(ServerId.TryParse(Wire.Bytes(word), out _));

    [Fact]
    public void Ids_are_ordered_as_numbers() =>
        Assert.Equal([new(2), new(9), new(10)], new ServerId[] { new(10), new(9), new(2) }.Order());
}
