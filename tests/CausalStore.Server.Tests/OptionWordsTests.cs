using CausalStore.Protocol;

namespace CausalStore.Server.Tests;

public sealed class OptionWordsTests
{
    [Theory]
    [InlineData("0", 0)]
    [InlineData("60001", 60001)]
    [InlineData("65535", 65535)]
    [InlineData("65536", null)]
    [InlineData("-1", null)]
    [InlineData(" 1", null)]
    [InlineData("", null)]
    public void A_port(string word, int? port) => Assert.Equal(port, OptionWords.Port(word));

    [Theory]
    [InlineData("1", true)]
    [InlineData("65535", true)]
    [InlineData("0", false)]
    [InlineData("65536", false)]
    [InlineData("one", false)]
    public void An_id(string word, bool isOne) => Assert.Equal(isOne, OptionWords.Id(word) is not null);

    [Theory]
    [InlineData("0", 0.0)]
    [InlineData("5", 5.0)]
    [InlineData("0.25", 0.25)]
    [InlineData("1e9", null)]
    [InlineData("99999999999", null)]
    [InlineData("-1", null)]
    [InlineData("1,5", null)]
    public void Seconds(string word, double? seconds) =>
        Assert.Equal(seconds, OptionWords.Seconds(word)?.TotalSeconds);

    [Fact]
    public void Peers_with_spaces_or_commas_between_them()
    {
        ServerAddress[] expected = [new("127.0.0.1", 60002), new("otherhost", 60003), new("::1", 60004)];

        Assert.Equal(expected, OptionWords.Peers("60002 otherhost:60003, [::1]:60004"));
        Assert.Empty(OptionWords.Peers("")!);
        Assert.Null(OptionWords.Peers("60002 0"));
        Assert.Null(OptionWords.Peers("otherhost"));
    }

    [Theory]
    [InlineData("otherhost:60003", true)]
    [InlineData("60003", false)]
    [InlineData(":60003", false)]
    [InlineData("otherhost:0", false)]
    public void An_address(string word, bool isOne) =>
        Assert.Equal(isOne, OptionWords.Address(word) is not null);
}
