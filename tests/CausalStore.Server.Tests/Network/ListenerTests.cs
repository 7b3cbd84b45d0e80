using System.Net.Sockets;
using CausalStore.Server.Network;

namespace CausalStore.Server.Tests.Network;

public sealed class ListenerTests
{
    [Fact]
    public void Port_0_is_a_free_one()
    {
        using var first = Listener.Open("127.0.0.1", 0);
        using var second = Listener.Open("localhost", 0);

        Assert.InRange(first.Port, 1, 65535);
        Assert.NotEqual(first.Port, second.Port);
    }

    [Fact]
    public void Nobody_waits()
    {
        using var listener = Listener.Open("127.0.0.1", 0);

        Assert.Null(listener.Accept());
    }

    [Fact]
    public void A_port_in_use_is_said_with_what_to_do()
    {
        using var first = Listener.Open("127.0.0.1", 0);

        var failure = Assert.Throws<SocketException>(() => Listener.Open("127.0.0.1", first.Port));

        Assert.Equal(
            $"port {first.Port} is in use. Stop the program that uses it, or choose another --port"
            + " (0: a free one).",
            Listener.Advice(failure, "127.0.0.1", first.Port));
    }

    [Fact]
    public void A_foreign_address_is_said_with_what_to_do()
    {
        var failure = Assert.Throws<SocketException>(() => Listener.Open("192.0.2.1", 0));

        Assert.StartsWith(
            "'192.0.2.1' is no address of this machine.", Listener.Advice(failure, "192.0.2.1", 0));
    }
}
