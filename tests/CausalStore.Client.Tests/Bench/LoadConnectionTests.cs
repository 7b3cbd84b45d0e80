using System.Net;
using System.Net.Sockets;
using System.Text;
using CausalStore.Client.Bench;
using CausalStore.Client.Tests.Kit;

namespace CausalStore.Client.Tests.Bench;

public sealed class LoadConnectionTests : IDisposable
{
    private readonly Socket _near = new(SocketType.Stream, ProtocolType.Tcp);
    private readonly Socket _far;
    private readonly LoadConnection _connection;
    private readonly byte[] _buffer = new byte[4096];

    public LoadConnectionTests()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        _near.Connect(listener.LocalEndpoint);
        _far = listener.AcceptSocket();
        _near.Blocking = false;
        _connection = new LoadConnection(_near, ReplyReader.Create(isResp: false, new ReplyTally()));
    }

    [Fact]
    public void What_the_socket_does_not_take_is_sent_later_in_order()
    {
        byte[] batch = new byte[32 << 20];
        new Random(1).NextBytes(batch);
        _connection.Send(batch, requests: 1, sentAt: 5);
        Assert.True(_connection.HasUnsent);

        byte[] arrived = new byte[batch.Length];
        int length = 0;

        while (length < arrived.Length)
        {
            _connection.SendUnsent();
            length += _far.Receive(arrived, length, arrived.Length - length, SocketFlags.None);
        }

        Assert.False(_connection.HasUnsent);
        Assert.True(arrived.AsSpan().SequenceEqual(batch));
        Assert.Equal((1, 5), (_connection.Awaited, _connection.SentAt));
    }

    [Fact]
    public async Task Replies_are_counted_off()
    {
        _connection.Send("read x\nread y\n"u8, requests: 2, sentAt: 0);
        Assert.Equal(0, _connection.Receive(_buffer));

        await ReceiveAsync("missing x\nmis");
        Assert.Equal(1, _connection.Awaited);

        await ReceiveAsync("sing y\n");
        Assert.Equal(0, _connection.Awaited);
    }

    [Fact]
    public async Task More_replies_than_requests_are_no_answer()
    {
        _connection.Send("read x\n"u8, requests: 1, sentAt: 0);
        await Assert.ThrowsAsync<BenchFailedException>(() => ReceiveAsync("missing x\nmissing y\n"));
    }

    [Fact]
    public async Task A_closed_connection_is_said()
    {
        _far.Dispose();
        var failure = await Assert.ThrowsAsync<BenchFailedException>(() => ReceiveAsync(""));
        Assert.Equal("the server closed a connection", failure.Message);
    }

    public void Dispose()
    {
        _near.Dispose();
        _far.Dispose();
    }

    private async Task ReceiveAsync(string text)
    {
        if (text.Length > 0)
        {
            _far.Send(Encoding.ASCII.GetBytes(text));
        }

        await Eventually.TrueAsync(() => _near.Poll(0, SelectMode.SelectRead), "something has come");
        _connection.Receive(_buffer);
    }
}
