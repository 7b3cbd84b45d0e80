using CausalStore.Protocol.Tests.Kit;

namespace CausalStore.Protocol.Tests;

public sealed class ServerAddressTests
{
    [Theory]
    [InlineData("60001", "here", 60001, "here:60001")]
    [InlineData("0", "here", 0, "here:0")]
    [InlineData("otherhost:60003", "otherhost", 60003, "otherhost:60003")]
    [InlineData("10.0.0.7:1", "10.0.0.7", 1, "10.0.0.7:1")]
    [InlineData("[::1]:60001", "::1", 60001, "[::1]:60001")]
    [InlineData("[fe80::1%eth0]:65535", "fe80::1%eth0", 65535, "[fe80::1%eth0]:65535")]
    public void An_address_is_a_port_or_a_host_and_a_port(string word, string host, int port, string written)
    {
        Assert.True(ServerAddress.TryParse(Wire.Bytes(word), defaultHost: "here", out var address));
        Assert.Equal(new ServerAddress(host, port), address);
        Assert.Equal(written, address.ToString());
        Assert.Equal(port != 0, address.Listens);
        Assert.True(ServerAddress.TryParse(Wire.Bytes(written), defaultHost: "", out var again));
        Assert.Equal(address, again);
    }

    [Theory]
    [InlineData("")]
    [InlineData(":")]
    [InlineData(":60001")]
    [InlineData("host:")]
    [InlineData("host")]
    [InlineData("65536")]
    [InlineData("host:65536")]
    [InlineData("host:-1")]
    [InlineData("::1")]
    [InlineData("::1:60001")]
    [InlineData("2001:db8::5")]
    [InlineData("[]:60001")]
    [InlineData("[::1]")]
    [InlineData("[::1:60001")]
    [InlineData("[host]:60001")]
    [InlineData("a host:60001")]
    [InlineData("host\n:60001")]
    public void Nothing_else_is(string word) =>
        Assert.False(ServerAddress.TryParse(Wire.Bytes(word), defaultHost: "here", out _));

    [Fact]
    public void A_host_has_at_most_255_bytes()
    {
        Assert.True(ServerAddress.TryParse(Wire.Bytes(new string('h', 255) + ":1"), "", out _));
        Assert.False(ServerAddress.TryParse(Wire.Bytes(new string('h', 256) + ":1"), "", out _));
    }
}
