using System.Net.Sockets;
using CausalStore.Protocol;
using CausalStore.Server.Network;

namespace CausalStore.Server.Tests.Network;

public sealed class ConnectionTests : IDisposable
{
    private readonly Connection _connection;
    private readonly Socket _there;

    public ConnectionTests()
    {
        (var here, _there) = Sockets.Pair();
        _connection = new Connection(here, lineBytesMax: 1 << 20);
    }

    [Fact]
    public void Nothing_is_received_where_nothing_is() =>
        Assert.Equal(Received.Nothing, _connection.Receive());

    [Fact]
    public void A_line_is_received_whole()
    {
        _there.Send("ping\n"u8);

        Receive();

        Assert.Equal(LineResult.Line, _connection.Lines.TryTake(out var line));
        Assert.Equal("ping"u8, line);
    }

    [Fact]
    public async Task Who_sends_much_is_given_much_room()
    {
        _there.SendBufferSize = 1 << 20;
        var sending = Task.Run(() => _there.Send(new byte[600_000]), TestContext.Current.CancellationToken);
        int receives = 0;

        while (_connection.Lines.Length < 600_000)
        {
            Receive();
            receives++;
        }

        // 4 KiB at a time, it would be about 150.
        Assert.InRange(receives, 2, 75);
        await sending;
    }

    [Fact]
    public void The_end_of_what_the_other_side_sends_is_noticed()
    {
        _there.Shutdown(SocketShutdown.Send);

        Receive();

        Assert.True(_connection.ReadEnded);
        Assert.Equal(Interest.None, _connection.Interest);
    }

    [Fact]
    public void A_reset_connection_is_broken_and_its_addresses_do_no_harm()
    {
        _there.LingerState = new LingerOption(enable: true, seconds: 0);
        _there.Dispose();
        _connection.Socket.Poll(TimeSpan.FromSeconds(20), SelectMode.SelectRead);

        Assert.Equal(Received.Broken, _connection.Receive());
        Assert.NotNull(_connection.LocalHost);
        Assert.NotNull(_connection.RemoteHost);
    }

    [Fact]
    public void Its_addresses_are_those_of_both_ends()
    {
        Assert.Equal("127.0.0.1", _connection.LocalHost);
        Assert.Equal("127.0.0.1", _connection.RemoteHost);
    }

    [Fact]
    public void One_that_lingers_drops_what_comes_until_the_other_side_has_closed()
    {
        byte[] scratch = new byte[100];
        _connection.IsEnding = true;
        Assert.Equal(Interest.None, _connection.Interest);

        _connection.Linger();

        Assert.Equal(Interest.Read, _connection.Interest);
        Assert.Equal(0, _there.Receive(new byte[10]));
        Assert.False(_connection.DropReceived(scratch));
        _there.Send("too late\n"u8);
        _connection.Socket.Poll(TimeSpan.FromSeconds(20), SelectMode.SelectRead);
        Assert.False(_connection.DropReceived(scratch));
        _there.Dispose();
        _connection.Socket.Poll(TimeSpan.FromSeconds(20), SelectMode.SelectRead);
        Assert.True(_connection.DropReceived(scratch));
    }

    public void Dispose()
    {
        _connection.Close();
        _there.Dispose();
    }

    private void Receive()
    {
        Assert.True(_connection.Socket.Poll(TimeSpan.FromSeconds(20), SelectMode.SelectRead));
        Assert.Equal(Received.Something, _connection.Receive());
    }
}
