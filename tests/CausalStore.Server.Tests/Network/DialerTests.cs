using System.Net.Sockets;
using CausalStore.Protocol;
using CausalStore.Server.Network;
using CausalStore.Server.Tests.Kit;

namespace CausalStore.Server.Tests.Network;

public sealed class DialerTests
{
    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("localhost")]
    public async Task A_listener_is_reached(string host)
    {
        using var listener = Listener.Open("127.0.0.1", 0);
        await using Dialer dialer = new(() => { });
        ServerAddress address = new(host, listener.Port);

        dialer.Dial(address);
        var result = await TakeAsync(dialer);

        using var socket = result.Socket;
        Assert.NotNull(socket);
        Assert.Equal(address, result.Address);
        Assert.False(socket.Blocking);
        Assert.True(socket.NoDelay);
        using var accepted = await AcceptAsync(listener);
        accepted.Send("pong\n"u8);
        Assert.True(socket.Poll(TimeSpan.FromSeconds(20), SelectMode.SelectRead));
        Assert.Equal(5, socket.Receive(new byte[10]));
    }

    [Fact]
    public async Task Nobody_there_is_told_at_once()
    {
        int port = FreePort();
        await using Dialer dialer = new(() => { });

        dialer.Dial(new ServerAddress("127.0.0.1", port));
        var result = await TakeAsync(dialer);

        Assert.Null(result.Socket);
        Assert.Equal("nobody listens there", result.Reason);
    }

    [Fact]
    public async Task A_name_that_nobody_knows_is_told()
    {
        await using Dialer dialer = new(() => { });

        dialer.Dial(new ServerAddress("no-such-host.invalid", 60001));
        var result = await TakeAsync(dialer);

        Assert.Null(result.Socket);
        Assert.NotEmpty(result.Reason);
    }

    [Fact]
    public async Task Each_result_wakes_the_loop()
    {
        int wakes = 0;
        int port = FreePort();
        await using Dialer dialer = new(() => Interlocked.Increment(ref wakes));

        dialer.Dial(new ServerAddress("127.0.0.1", port));
        dialer.Dial(new ServerAddress("127.0.0.1", port));
        await TakeAsync(dialer);
        await TakeAsync(dialer);

        await Eventually.TrueAsync(() => Volatile.Read(ref wakes) == 2, "two wakes");
    }

    [Fact]
    public async Task What_nobody_has_taken_is_closed_at_the_end()
    {
        using var listener = Listener.Open("127.0.0.1", 0);
        Dialer dialer = new(() => { });
        dialer.Dial(new ServerAddress("127.0.0.1", listener.Port));
        using var accepted = await AcceptAsync(listener);

        await dialer.DisposeAsync();

        Assert.True(accepted.Poll(TimeSpan.FromSeconds(20), SelectMode.SelectRead));
        Assert.Equal(0, accepted.Receive(new byte[10]));
    }

    private static async Task<DialResult> TakeAsync(Dialer dialer)
    {
        DialResult result = default;
        await Eventually.TrueAsync(() => dialer.TryTake(out result), "the result of a dial");
        return result;
    }

    private static async Task<Socket> AcceptAsync(Listener listener)
    {
        Socket? socket = null;
        await Eventually.TrueAsync(() => (socket = listener.Accept()) is not null, "a connection");
        return socket!;
    }

    private static int FreePort()
    {
        using var listener = Listener.Open("127.0.0.1", 0);
        return listener.Port;
    }
}
