using System.Net.Sockets;
using CausalStore.Client.Tests.Kit;
using CausalStore.Protocol;
using static CausalStore.Client.Tests.Kit.Versions;

namespace CausalStore.Client.Tests;

public sealed class ConnectionTests : IAsyncDisposable
{
    private readonly FakeServer _server = FakeServer.Start();
    private readonly SessionState _state = new("alice");
    private readonly List<string> _heard = [];

    [Fact]
    public async Task Replies_belong_to_requests_by_their_order_with_pushes_between_them()
    {
        _server.Answer = (_, line) => line switch
        {
            "read a b" => "update p 1 1@9\nvalue a 1 2@9\nmissing b\nremoved p 3@9\n",
            "scan x" => "value x 1 4@9\nend 1\nupdate q 1 5@9\n",
            _ => null,
        };
        await using var connection = await DialAsync();

        var read = connection.AskAsync(Request("read a b"), Hear, Eventually.Stop);
        var scan = connection.AskAsync(Request("scan x"), Hear, Eventually.Stop);
        var ping = connection.AskAsync(Request("ping"), Hear, Eventually.Stop);
        await Task.WhenAll(read, scan, ping).InTime();

        Assert.Equal(
            [
                "update p 1 1@9", "value a 1 2@9", "missing b", "removed p 3@9", "value x 1 4@9", "end 1",
                "update q 1 5@9", "pong",
            ],
            _heard);
        Assert.Equal("1@9,2@9,3@9,4@9,5@9", _state.Seen.Current.ToString());
    }

    [Fact]
    public async Task Lines_may_arrive_byte_by_byte()
    {
        _server.Answer = (connection, line) =>
        {
            foreach (char character in "update é \"a b\" 1@1\r\nvalue x \"\\\"\" 2@1\r\n")
            {
                connection.Send(character.ToString());
            }

            return "";
        };
        await using var connection = await DialAsync();

        var reply = await connection.AskAsync(Request("read x"), Hear, Eventually.Stop).InTime();

        Assert.Equal("\"", ((Word)((Response.Value)reply.Lines[0].Meaning).Data).ToString());
        Assert.Equal("update é \"a b\" 1@1", _heard[0]);
    }

    [Fact]
    public async Task A_reply_that_nobody_waits_for_any_more_is_still_told_apart()
    {
        using CancellationTokenSource stop = new();
        _server.Answer = (_, line) => line == "read slow" ? "" : null;
        await using var connection = await DialAsync();
        var slow = connection.AskAsync(Request("read slow"), inOrder: null, stop.Token);
        await _server.ReceivesAsync("read slow");

        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => slow);
        var ping = connection.AskAsync(Request("ping"), inOrder: null, Eventually.Stop);
        _server.Push("value slow 1 7@7");

        Assert.IsType<Response.Pong>((await ping.InTime()).Lines[0].Meaning);
        Assert.Equal("7@7", _state.Seen.Current.ToString());
    }

    [Fact]
    public async Task The_end_of_a_connection_is_told_to_all_who_wait_on_it()
    {
        int attention = 0;
        _server.Answer = (_, line) => line == "ping" ? "" : null;
        await using var connection = await DialAsync(() => Interlocked.Increment(ref attention));
        var first = connection.AskAsync(Request("ping"), inOrder: null, Eventually.Stop);
        var second = connection.AskAsync(Request("ping"), inOrder: null, Eventually.Stop);
        await Eventually.TrueAsync(() => _server.Received.Count == 2, "both asked");

        _server.BreakConnections();

        Assert.True((await Assert.ThrowsAsync<ConnectionBrokenException>(() => first.InTime())).WasSent);
        Assert.True((await Assert.ThrowsAsync<ConnectionBrokenException>(() => second.InTime())).WasSent);
        Assert.False(connection.IsOpen);
        Assert.True(connection.IsIdle);
        await Eventually.TrueAsync(() => attention > 0, "its owner knows");
    }

    [Fact]
    public async Task After_the_end_nothing_is_sent()
    {
        await using var connection = await DialAsync();
        _server.BreakConnections();
        await Eventually.TrueAsync(() => !connection.IsOpen, "ended");

        var late = connection.AskAsync(Request("write x y"), inOrder: null, Eventually.Stop);

        Assert.False((await Assert.ThrowsAsync<ConnectionBrokenException>(() => late.InTime())).WasSent);
    }

    [Fact]
    public async Task A_farewell_of_the_server_is_part_of_the_reason()
    {
        await using var connection = await DialAsync();
        await Eventually.TrueAsync(() => _server.Connections.Any(), "connected");

        _server.Push("error overloaded too slow for the pushes");
        _server.BreakConnections();

        await Eventually.TrueAsync(() => !connection.IsOpen, "ended");
        Assert.Contains("too slow for the pushes", connection.WhyEnded);
    }

    [Fact]
    public async Task Many_requests_wait_for_room_and_all_are_answered()
    {
        await using var connection = await DialAsync();

        var requests = Enumerable.Range(0, 3_000).Select(number => Request($"read k{number}"));
        var replies = await Task.WhenAll(requests.Select(
            request => connection.AskAsync(request, inOrder: null, Eventually.Stop))).InTime();

        Assert.All(replies.Index(), entry =>
            Assert.Equal($"k{entry.Index}", (Word)((Response.Missing)entry.Item.Lines[0].Meaning).Key));
    }

    [Fact]
    public async Task It_wants_attention_when_much_was_seen()
    {
        int attention = 0;
        await using var connection = await DialAsync(() => Interlocked.Increment(ref attention));
        await Eventually.TrueAsync(() => _server.Connections.Any(), "connected");

        _server.Push([.. Enumerable.Range(1, 70).Select(number => $"update k v {number}@1")]);

        await Eventually.TrueAsync(() => attention > 0, "attention");
        Assert.True(connection.IsOpen);
    }

    [Fact]
    public async Task Where_nothing_listens_there_is_no_connection()
    {
        ServerAddress nobody = new("127.0.0.1", await FakeServer.ClosedPortAsync());

        await Assert.ThrowsAsync<SocketException>(
            () => Connection.DialAsync(nobody, _state, _ => { }, () => { }, Eventually.Stop));
    }

    [Fact]
    public async Task It_may_be_closed_twice()
    {
        var connection = await DialAsync();

        await connection.DisposeAsync();
        await connection.DisposeAsync();

        Assert.False(connection.IsOpen);
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private Task<Connection> DialAsync(Action? onAttention = null) =>
        Connection.DialAsync(_server.Address, _state, Hear, onAttention ?? (() => { }), Eventually.Stop);

    private void Hear(Reply reply)
    {
        foreach (var line in reply.Lines)
        {
            Hear(line);
        }
    }

    private void Hear(ReplyLine line) => _heard.Add(((Word)line.Bytes.ToArray()).ToString());
}
