using System.Net.Sockets;
using System.Text;
using CausalStore.Replication;
using CausalStore.Server.Network;

namespace CausalStore.Server.Tests.Network;

public sealed class OutboxTests : IDisposable
{
    private readonly Outbox _outbox = new();
    private readonly Effects _effects = new();
    private readonly Connection _connection;
    private readonly Socket _there;

    public OutboxTests()
    {
        (var here, _there) = Sockets.Pair();
        _connection = new Connection(here, lineBytesMax: 1024);
        _there.ReceiveTimeout = 20_000;
    }

    [Fact]
    public void Nothing_leaves_before_the_batch_of_its_turn_is_durable()
    {
        Turn("ok 1@1\n", batch: 1);

        _outbox.Release(durable: 0);
        Assert.Equal(0, _there.Available);

        _outbox.Release(durable: 1);
        Assert.Equal("ok 1@1\n", Receive());
    }

    [Fact]
    public void A_read_of_what_is_not_durable_waits_as_well()
    {
        Turn("ok 1@1\n", batch: 7);
        Turn("value x lost 1@1\n", batch: 7);

        _outbox.Release(durable: 6);
        Assert.Equal(0, _there.Available);

        _outbox.Release(durable: 7);
        Assert.Equal("ok 1@1\nvalue x lost 1@1\n", Receive());
    }

    [Fact]
    public void A_later_turn_does_not_hold_back_an_earlier_one()
    {
        Turn("ok 1@1\n", batch: 1);
        Turn("ok 2@1\n", batch: 2);

        _outbox.Release(durable: 1);
        Assert.Equal("ok 1@1\n", Receive());

        _outbox.Release(durable: 2);
        Assert.Equal("ok 2@1\n", Receive());
    }

    [Fact]
    public void What_a_full_socket_does_not_take_goes_later()
    {
        string line = new string('x', 1 << 20) + "\n";
        int expected = 0;

        while (_connection.Interest == Interest.Read)
        {
            Turn(line, batch: 0);
            expected += line.Length;
            _outbox.Release(durable: 0);
        }

        Assert.Equal(Interest.Read | Interest.Write, _connection.Interest);
        int received = 0;

        while (received < expected)
        {
            received += Receive().Length;
            _outbox.Add(_connection);
            _outbox.Release(durable: 0);
        }

        Assert.Equal(expected, received);
        Assert.Equal(Interest.Read, _connection.Interest);
    }

    [Fact]
    public void A_closed_connection_is_left_out()
    {
        Turn("ok 1@1\n", batch: 1);
        _connection.Close();

        _outbox.Release(durable: 1);

        Assert.Empty(_outbox.Served);
    }

    public void Dispose()
    {
        _connection.Close();
        _there.Dispose();
    }

    private void Turn(string line, long batch)
    {
        _connection.Output.Append(line);
        _outbox.Touch(_connection);
        _outbox.Seal(_effects, batch, durable: 0);
    }

    private string Receive()
    {
        byte[] bytes = new byte[4 << 20];
        return Encoding.UTF8.GetString(bytes, 0, _there.Receive(bytes));
    }
}
