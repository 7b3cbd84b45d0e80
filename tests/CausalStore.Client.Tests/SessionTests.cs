using System.Collections.Concurrent;
using CausalStore.Client.Tests.Kit;
using CausalStore.Protocol;
using static CausalStore.Client.Tests.Kit.Versions;

namespace CausalStore.Client.Tests;

public sealed class SessionTests : IAsyncDisposable
{
    private readonly FakeServer _first = FakeServer.Start("1");
    private readonly FakeServer _second = FakeServer.Start("2");
    private readonly ManualTime _time = new();
    private readonly ConcurrentQueue<string> _notices = new();
    private readonly ConcurrentQueue<string> _pushed = new();

    [Fact]
    public async Task A_read_is_asked_again_at_another_server_after_what_was_seen()
    {
        await using var session = await OpenAsync(_first, _second);
        await AskAsync(session, "write x lost");
        _first.Answer = (connection, line) => Break(connection, line == "read x");

        var reply = await AskAsync(session, "read x");

        Assert.IsType<Response.Missing>(reply.Lines[0].Meaning);
        Assert.Equal(["hello client alice blue", "context 1@1", "read x"], _second.Received);
        Assert.Equal(_second.Address, session.Connection.Address);
    }

    [Theory]
    [InlineData("write x lost")]
    [InlineData("delete x")]
    [InlineData("write x lost write y found delete z")]
    [InlineData("forget 3")]
    [InlineData("link 3 step 5")]
    public async Task A_write_in_flight_has_an_unknown_outcome_and_is_not_tried_again(string write)
    {
        await using var session = await OpenAsync(_first, _second);
        _first.Answer = (connection, line) => Break(connection, line == write);

        var error = await Assert.ThrowsAsync<UnknownOutcomeException>(() => AskAsync(session, write));

        Assert.Contains(_first.Address.ToString(), error.Message);
        await AskAsync(session, "ping");
        Assert.DoesNotContain(write, _second.Received);
    }

    [Fact]
    public async Task A_write_after_the_loss_goes_to_the_next_server()
    {
        await using var session = await OpenAsync(_first, _second);
        await _first.DisposeAsync();
        await Eventually.TrueAsync(() => session.Connection.Address == _second.Address, "moved");

        var reply = await AskAsync(session, "write x lost");

        Assert.Equal("ok 1@2", Text(reply));
    }

    [Fact]
    public async Task While_nobody_asks_the_connection_is_replaced_and_what_was_watched_is_watched_again()
    {
        await using var session = await OpenAsync(_first, _second);
        await AskAsync(session, "watch \"\"");
        _first.Push("update x lost 1@1");
        await Eventually.TrueAsync(() => !_pushed.IsEmpty, "pushed");

        await _first.DisposeAsync();
        await _second.ReceivesAsync("watch \"\"");
        await Eventually.TrueAsync(() => session.Connection.Address == _second.Address, "moved");
        _second.Push("update y found 2@1");

        await Eventually.TrueAsync(() => _pushed.Count == 3, "pushed again");
        Assert.Equal(["update x lost 1@1", "gap", "update y found 2@1"], _pushed);
        Assert.Equal(["hello client alice blue", "context 1@1", "watch \"\""], _second.Received);
    }

    [Fact]
    public async Task A_request_that_breaks_every_connection_is_asked_no_more()
    {
        await using var session = await OpenAsync(_first, _second);
        _first.Answer = _second.Answer = (connection, line) => Break(connection, line == "read poison");

        await Assert.ThrowsAsync<ConnectionLostException>(() => AskAsync(session, "read poison"));

        Assert.InRange(_first.Received.Concat(_second.Received).Count(line => line == "read poison"), 2, 5);
    }

    [Fact]
    public async Task Unavailable_is_waited_for_and_said_once()
    {
        await using var session = await OpenAsync(_first);
        _first.Cluster = "-";
        var asking = AskAsync(session, "write x lost");
        await _first.ReceivesAsync("write x lost");

        _first.Cluster = "blue";
        await _time.UntilAsync(asking, TimeSpan.FromSeconds(0.1));

        Assert.Equal("ok 1@1", Text(await asking));
        Assert.Single(_notices, notice => notice.Contains("waits for server 2", StringComparison.Ordinal));
        Assert.Equal(1, _first.ConnectionsMade);
    }

    [Fact]
    public async Task After_ten_seconds_unavailable_is_the_reply()
    {
        await using var session = await OpenAsync(_first);
        _first.Cluster = "-";
        List<Reply> shown = [];

        var asking = session.AskAsync(Request("read x"), shown.Add, Eventually.Stop);
        await _time.UntilAsync(asking, TimeSpan.FromSeconds(0.1));

        Assert.True((await asking).IsUnavailable);
        Assert.Same(await asking, Assert.Single(shown));
        Assert.InRange(_time.GetElapsedTime(0), TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(60));
    }

    [Fact]
    public async Task A_server_that_is_unavailable_is_left_for_one_that_is_not()
    {
        _first.Cluster = "-";
        await using var session = await OpenAsync(_first, _second);

        var asking = AskAsync(session, "write x lost");
        await _time.UntilAsync(asking, TimeSpan.FromSeconds(0.1));

        Assert.Equal("ok 1@2", Text(await asking));
    }

    [Fact]
    public async Task A_server_that_had_no_cluster_is_asked_again_for_its_name()
    {
        _first.Cluster = "-";
        await using var session = await OpenAsync(_first);
        Assert.Null(session.State.Cluster);

        _first.Cluster = "blue";
        await AskAsync(session, "write x lost");

        Assert.Equal("blue", session.State.Cluster);
        Assert.Equal(["hello client alice", "hello client alice", "write x lost"], _first.Received);
    }

    [Fact]
    public async Task What_was_seen_is_pruned_by_the_server_when_it_is_much()
    {
        await using var session = await OpenAsync(_first);
        _first.Answer = (_, line) => line == "context" ? "context ..70@1\n" : null;

        _first.Push([.. Enumerable.Range(1, 70).Select(number => $"update k v {number}@1")]);

        await Eventually.TrueAsync(() => session.State.Seen.Current.ToString() == "..70@1", "pruned");
    }

    [Fact]
    public async Task What_the_server_will_not_prune_is_asked_for_later()
    {
        await using var session = await OpenAsync(_first);
        _first.Answer = (_, line) => line == "context" ? "error internal no\n" : null;

        _first.Push([.. Enumerable.Range(1, 70).Select(number => $"update k v {number}@1")]);

        await Eventually.TrueAsync(() => _first.Received.Contains("context"), "asked");
        await Eventually.TrueAsync(() => !session.State.Seen.IsLarge, "put off");
        Assert.Equal(70, session.State.Seen.Current.Count);
    }

    [Fact]
    public async Task It_goes_on_trying_until_the_server_is_back()
    {
        await using var session = await OpenAsync(_first);
        await AskAsync(session, "write x lost");
        await _first.DisposeAsync();
        await Eventually.TrueAsync(() => _notices.Any(text => text.Contains("trying again")), "said");

        await using var back = FakeServer.Start("1", _first.Port);
        var returned = Eventually.TrueAsync(() => session.Connection.IsOpen, "back");
        await _time.UntilAsync(returned, TimeSpan.FromSeconds(1));

        Assert.Contains("context 1@1", back.Received);
        Assert.False(session.Lost.IsCompleted);
    }

    [Theory]
    [InlineData(WhenLost.End)]
    [InlineData(WhenLost.TryOnce)]
    public async Task Or_says_that_it_is_lost(WhenLost whenLost)
    {
        await using var session = await OpenAsync(whenLost, _first);

        await _first.DisposeAsync();

        await session.Lost.InTime();
        await Assert.ThrowsAsync<ConnectionLostException>(() => AskAsync(session, "read x"));
    }

    [Fact]
    public async Task Where_a_loss_is_the_end_no_other_connection_is_made()
    {
        await using var session = await OpenAsync(WhenLost.End, _first);

        _first.BreakConnections();

        await session.Lost.InTime();
        Assert.Equal(1, _first.ConnectionsMade);
    }

    [Fact]
    public async Task Cancelling_ends_the_waiting_and_leaves_the_session_as_it_is()
    {
        await using var session = await OpenAsync(_first);
        _first.Answer = (_, line) => line == "read slow" ? "" : null;
        using CancellationTokenSource stop = new();
        var slow = session.AskAsync(Request("read slow"), inOrder: null, stop.Token);
        await _first.ReceivesAsync("read slow");

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => slow);
        var ping = AskAsync(session, "ping");
        _first.Push("missing slow");
        Assert.Equal("pong", Text(await ping));
    }

    [Fact]
    public async Task After_it_is_disposed_nothing_is_asked()
    {
        var session = await OpenAsync(_first);

        await session.DisposeAsync();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => AskAsync(session, "ping"));
        await Eventually.TrueAsync(() => !_first.Connections.Any(), "closed");
    }

    public async ValueTask DisposeAsync()
    {
        await _first.DisposeAsync();
        await _second.DisposeAsync();
    }

    private static string? Break(FakeConnection connection, bool now)
    {
        if (now)
        {
            connection.Close();
        }

        return now ? "" : null;
    }

    private static string Text(Reply reply) => ((Word)reply.Lines[0].Bytes.ToArray()).ToString();

    private static Task<Reply> AskAsync(Session session, string line) =>
        session.AskAsync(Request(line), inOrder: null, Eventually.Stop).InTime();

    private Task<Session> OpenAsync(params FakeServer[] servers) => OpenAsync(WhenLost.KeepTrying, servers);

    private Task<Session> OpenAsync(WhenLost whenLost, params FakeServer[] servers) => Session.OpenAsync(
        new StoreClientOptions
        {
            Servers = [.. servers.Select(server => server.Address)],
            Name = "alice",
            WhenLost = whenLost,
            OnNotice = _notices.Enqueue,
            Time = _time,
        },
        line => _pushed.Enqueue(((Word)line.Bytes.ToArray()).ToString()),
        () => _pushed.Enqueue("gap"),
        Eventually.Stop);
}
