using CausalStore.Client.Tests.Kit;
using CausalStore.Protocol;
using static CausalStore.Client.Tests.Kit.Versions;

namespace CausalStore.Client.Tests;

public sealed class SessionOpenerTests : IAsyncDisposable
{
    private readonly FakeServer _server = FakeServer.Start();
    private readonly ManualTime _time = new();
    private readonly SessionState _state = new("alice in wonderland");
    private int _gaps;

    [Fact]
    public async Task A_new_session_says_its_name_and_nothing_else()
    {
        await using var connection = await OpenAsync(_server.Address);

        Assert.Equal(["hello client \"alice in wonderland\""], _server.Received);
        Assert.Equal("blue", _state.Cluster);
        Assert.Equal(new ServerId(1), connection.Welcome!.Server);
    }

    [Fact]
    public async Task A_session_on_the_move_names_its_cluster_then_what_it_has_seen_then_what_it_watches()
    {
        SeeMuch();

        await using var connection = await OpenAsync(_server.Address);

        Assert.Equal(
            [
                "hello client \"alice in wonderland\" blue", "context ..5@2", "context 7@1,9@3", "watch a",
                "watch \"\"",
            ],
            _server.Received);
        Assert.Equal(1, _gaps);
        Assert.Equal("..5@2,7@1,9@3", _state.Seen.Current.ToString());
    }

    [Fact]
    public async Task A_large_context_goes_in_portions_that_a_server_takes()
    {
        _state.Cluster = "blue";

        for (int timestamp = 1; timestamp <= 5_000; timestamp++)
        {
            _state.Seen.Saw(new WriteVersion(timestamp, new ServerId(1)));
        }

        await using var connection = await OpenAsync(_server.Address);

        var sent = _server.Received.Skip(1).Select(line => Request(line).Context).ToList();
        Assert.All(sent, context => Assert.InRange(context.Count, 1, 1024));
        Assert.Equal(5_000, sent.Sum(context => context.Count));
    }

    [Fact]
    public async Task Another_cluster_does_not_get_the_session()
    {
        _state.Cluster = "red";
        await using var blue = FakeServer.Start("2");
        blue.Cluster = "red";

        await using var connection = await OpenAsync(_server.Address, blue.Address);

        Assert.Equal(new ServerId(2), connection.Welcome!.Server);
    }

    [Fact]
    public async Task A_session_that_knows_no_name_cannot_move()
    {
        _state.Seen.Saw(Version("7@1"));

        await Assert.ThrowsAsync<ConnectionLostException>(() => OpenAsync(_server.Address));

        Assert.Empty(_server.Received);
    }

    [Fact]
    public async Task Who_has_not_got_what_was_seen_is_passed_over()
    {
        SeeMuch();
        _server.Answer = (_, line) => line.StartsWith("context", StringComparison.Ordinal)
            ? "error not-yet 9@3 is not here\n"
            : null;
        await using var other = FakeServer.Start("2");

        await using var connection = await OpenAsync(_server.Address, other.Address);

        Assert.Equal(other.Address, connection.Address);
        Assert.DoesNotContain("watch a", _server.Received);
    }

    [Fact]
    public async Task When_nobody_takes_it_the_reasons_are_told_for_each()
    {
        SeeMuch();
        _server.Answer = (_, line) => line.StartsWith("context", StringComparison.Ordinal)
            ? "error lost 9@3 was lost\n"
            : null;
        int closed = await FakeServer.ClosedPortAsync();

        var error = await Assert.ThrowsAsync<ConnectionLostException>(
            () => OpenAsync(_server.Address, new ServerAddress("127.0.0.1", closed)));

        Assert.Contains("lost: 9@3 was lost", error.Message);
        Assert.Contains($"127.0.0.1:{closed}: nothing listens there", error.Message);
    }

    [Fact]
    public async Task A_server_that_serves_nobody_yet_is_waited_for()
    {
        SeeMuch();
        _server.Cluster = "-";
        var opening = OpenAsync(_server.Address);
        await Eventually.TrueAsync(() => !_server.Received.IsEmpty && _time.Waiting > 0, "it waits");

        _server.Cluster = "blue";
        await _time.UntilAsync(opening, TimeSpan.FromSeconds(0.1));

        await using var connection = await opening;
        Assert.Contains("context 7@1,9@3", _server.Received);
    }

    [Fact]
    public async Task But_not_for_ever()
    {
        SeeMuch();
        _server.Cluster = "-";
        var opening = OpenAsync(_server.Address);

        await _time.UntilAsync(opening, TimeSpan.FromSeconds(0.1));

        await Assert.ThrowsAsync<ConnectionLostException>(() => opening);
        Assert.InRange(_time.GetElapsedTime(0), TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(60));
        Assert.DoesNotContain("context 7@1,9@3", _server.Received);
    }

    [Fact]
    public async Task Who_accepts_and_says_nothing_is_given_up()
    {
        _server.Answer = (_, _) => "";
        var opening = OpenAsync(_server.Address);
        await _server.ReceivesAsync("hello client \"alice in wonderland\"");

        _time.Advance(TimeSpan.FromSeconds(5));

        var error = await Assert.ThrowsAsync<ConnectionLostException>(() => opening.InTime());
        Assert.Contains("no answer within 5 s", error.Message);
    }

    [Fact]
    public async Task Who_speaks_another_protocol_is_told_apart()
    {
        _server.Answer = (_, _) => "HTTP/1.1 400 Bad Request\n";

        var error = await Assert.ThrowsAsync<ConnectionLostException>(() => OpenAsync(_server.Address));

        Assert.Contains("does not speak", error.Message);
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private void SeeMuch()
    {
        _state.Cluster = "blue";
        _state.Seen.Add(Context.Parse("..5@2,7@1,9@3"u8));
        _state.TakeReply(Request("watch a"), Reply("ok"));
        _state.TakeReply(Request("watch \"\""), Reply("ok"));
    }

    private async Task<Connection> OpenAsync(params ServerAddress[] servers)
    {
        StoreClientOptions options = new() { Servers = servers, Time = _time };
        SessionOpener opener = new(options, _state, _ => { }, () => _gaps++, () => { });
        return await opener.OpenAsync(new Patience(options), Eventually.Stop);
    }
}
