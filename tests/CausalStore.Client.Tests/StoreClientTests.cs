using CausalStore.Client.Tests.Kit;
using CausalStore.Protocol;
using static CausalStore.Client.Tests.Kit.Versions;

namespace CausalStore.Client.Tests;

public sealed class StoreClientTests : IAsyncDisposable
{
    private readonly FakeServer _server = FakeServer.Start();

    [Fact]
    public async Task What_is_written_is_read()
    {
        await using var client = await StoreClient.ConnectAsync(_server.Port, "alice", Eventually.Stop);

        var version = await client.WriteAsync("x", "lost", Eventually.Stop);

        Assert.Equal(new Entry("x", "lost", version), await client.ReadAsync("x", Eventually.Stop));
        Assert.Equal(new Entry("y", null, null), await client.ReadAsync("y", Eventually.Stop));
        Assert.Equal("1@1", client.Seen.ToString());
        Assert.Equal("blue", client.Cluster);
        Assert.Equal((new ServerId(1), _server.Address), (client.Server, client.Address));
    }

    [Fact]
    public async Task Several_keys_are_one_request_and_keep_their_order()
    {
        await using var client = await _server.ClientAsync();
        await client.WriteAsync("x", "lost", Eventually.Stop);

        var entries = await client.ReadAsync(["y", "x"], Eventually.Stop);

        Assert.Equal([new Entry("y", null, null), new Entry("x", "lost", Version("1@1"))], entries);
        Assert.Contains("read y x", _server.Received);
    }

    [Fact]
    public async Task Several_changes_are_one_write()
    {
        await using var client = await _server.ClientAsync();

        await client.WriteAsync(
            [Change.Write("x", "a b"), Change.Delete("y"), Change.Write("z", "")], Eventually.Stop);
        await client.DeleteAsync("x", Eventually.Stop);

        Assert.Contains("write x \"a b\" delete y write z \"\"", _server.Received);
        Assert.Contains("delete x", _server.Received);
    }

    [Fact]
    public async Task A_scan_says_whether_there_may_be_more()
    {
        _server.Answer = (_, line) => line switch
        {
            "scan k 2" => "value k1 a 1@1\nvalue k2 b 2@1\nend 2\n",
            "scan k 2 k2" => "value k3 c 3@1\nend 1\n",
            _ => null,
        };
        await using var client = await _server.ClientAsync();

        var first = await client.ScanAsync("k", 2, stop: Eventually.Stop);
        var second = await client.ScanAsync("k", 2, first.Entries[^1].Key, Eventually.Stop);

        Assert.True(first.MayHaveMore);
        Assert.Equal([new Entry("k3", "c", Version("3@1"))], second.Entries);
        Assert.False(second.MayHaveMore);
    }

    [Fact]
    public async Task Pushes_come_in_order_and_a_gap_is_said()
    {
        await using var other = FakeServer.Start("2");
        await using var client = await StoreClient.ConnectAsync(_server.Options(other), Eventually.Stop);
        await client.WatchAsync("", Eventually.Stop);
        await using var pushes = client.PushesAsync(Eventually.Stop).GetAsyncEnumerator(Eventually.Stop);

        _server.Push("update x lost 1@1", "removed x 2@1");
        Assert.Equal(new Push.Updated("x", "lost", Version("1@1")), await NextAsync(pushes));
        Assert.Equal(new Push.Removed("x", Version("2@1")), await NextAsync(pushes));

        await _server.DisposeAsync();
        Assert.Equal(new Push.Gap(), await NextAsync(pushes));
        await other.ReceivesAsync("watch \"\"");
        other.Push("update y found 3@1");
        Assert.Equal(new Push.Updated("y", "found", Version("3@1")), await NextAsync(pushes));
    }

    [Fact]
    public async Task Who_does_not_take_pushes_can_still_read_and_is_told_in_the_end()
    {
        await using var client = await StoreClient.ConnectAsync(
            new StoreClientOptions { Servers = [_server.Address], WaitingPushesMax = 3 }, Eventually.Stop);
        await client.WatchAsync("", Eventually.Stop);
        _server.Push([.. Enumerable.Range(1, 10).Select(number => $"update k v {number}@1")]);

        await client.ReadAsync("x", Eventually.Stop);

        await using var pushes = client.PushesAsync(Eventually.Stop).GetAsyncEnumerator(Eventually.Stop);
        Assert.Equal(
            [Version("1@1"), Version("2@1"), Version("3@1")],
            [await VersionAsync(pushes), await VersionAsync(pushes), await VersionAsync(pushes)]);
        await Assert.ThrowsAsync<PushesCutOffException>(async () => await NextAsync(pushes));
    }

    [Fact]
    public async Task After_unwatch_nothing_is_set_again()
    {
        await using var other = FakeServer.Start("2");
        await using var client = await StoreClient.ConnectAsync(_server.Options(other), Eventually.Stop);
        await client.WatchAsync("a", Eventually.Stop);
        await client.UnwatchAsync("a", Eventually.Stop);
        await _server.DisposeAsync();

        await client.ReadAsync("x", Eventually.Stop);

        Assert.DoesNotContain("watch a", other.Received);
    }

    [Fact]
    public async Task Contexts_are_told_and_set()
    {
        _server.Answer = (_, line) => line == "context" ? "context ..4@1,7@2\n" : null;
        await using var client = await _server.ClientAsync();

        var context = await client.GetContextAsync(Eventually.Stop);
        await client.SetContextAsync(Context.Of(Version("9@3")), Eventually.Stop);

        Assert.Equal("..4@1,7@2", context.ToString());
        Assert.Equal("..4@1,7@2,9@3", client.Seen.ToString());
    }

    [Fact]
    public async Task A_refusal_says_why()
    {
        _server.Answer = (_, line) => line switch
        {
            "context 9@3" => "error not-yet 9@3 is not here\n",
            "write x lost" => "error internal the journal failed\n",
            _ => null,
        };
        await using var client = await _server.ClientAsync();

        var notYet = await Assert.ThrowsAsync<RefusedException>(
            () => client.SetContextAsync(Context.Of(Version("9@3")), Eventually.Stop));
        Assert.Equal((ErrorCode.NotYet, "9@3 is not here"), (notYet.Code, notYet.Reason));

        await Assert.ThrowsAsync<UnknownOutcomeException>(
            () => client.WriteAsync("x", "lost", Eventually.Stop));
    }

    [Fact]
    public async Task A_value_is_awaited()
    {
        await using var client = await _server.ClientAsync();
        await using var other = await _server.ClientAsync();
        var awaiting = client.AwaitAsync("z", "glad", TimeSpan.FromSeconds(30), Eventually.Stop);
        await _server.ReceivesAsync("read z");

        await other.WriteAsync("z", "sad", Eventually.Stop);
        await other.WriteAsync("z", "glad", Eventually.Stop);

        Assert.Equal(Version("2@1"), (await awaiting.InTime()).Version);
        Assert.Contains(Version("2@1"), client.Seen.Exact.ToArray());
    }

    [Fact]
    public async Task But_not_for_ever()
    {
        ManualTime time = new();
        await using var client = await StoreClient.ConnectAsync(
            new StoreClientOptions { Servers = [_server.Address], Time = time }, Eventually.Stop);
        await client.WriteAsync("z", "sad", Eventually.Stop);
        var awaiting = client.AwaitAsync("z", "glad", TimeSpan.FromSeconds(10), Eventually.Stop);

        await time.UntilAsync(awaiting, TimeSpan.FromSeconds(0.1));

        var error = await Assert.ThrowsAsync<TimeoutException>(() => awaiting);
        Assert.Equal("after 10 s, z is sad (1@1)", error.Message);
    }

    [Fact]
    public async Task A_server_that_does_not_answer_does_not_hold_an_await()
    {
        ManualTime time = new();
        await using var client = await StoreClient.ConnectAsync(
            new StoreClientOptions { Servers = [_server.Address], Time = time }, Eventually.Stop);
        _server.Answer = (_, line) => line == "read z" ? "" : null;
        var awaiting = client.AwaitAsync("z", "glad", TimeSpan.FromSeconds(10), Eventually.Stop);
        await _server.ReceivesAsync("read z");

        time.Advance(TimeSpan.FromSeconds(11));

        await Assert.ThrowsAsync<TimeoutException>(() => awaiting.InTime());
    }

    [Fact]
    public async Task Any_request_can_be_asked()
    {
        await using var client = await _server.ClientAsync();

        var status = await client.AskAsync("status", Eventually.Stop);
        var error = await client.AskAsync("bogus", Eventually.Stop);

        Assert.Equal(3, status.Lines.Count);
        Assert.Equal(ErrorCode.UnknownCommand, error.Error!.Code);
        await Assert.ThrowsAsync<ProtocolException>(() => client.AskAsync("read \"x", Eventually.Stop));
        await Assert.ThrowsAsync<ArgumentException>(() => client.AskAsync("quit", Eventually.Stop));
    }

    [Fact]
    public async Task Without_servers_there_is_no_client() =>
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(
            () => StoreClient.ConnectAsync(new StoreClientOptions { Servers = [] }, Eventually.Stop));

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private static async Task<Push> NextAsync(IAsyncEnumerator<Push> pushes)
    {
        Assert.True(await pushes.MoveNextAsync().AsTask().InTime());
        return pushes.Current;
    }

    private static async Task<WriteVersion> VersionAsync(IAsyncEnumerator<Push> pushes) =>
        ((Push.Updated)await NextAsync(pushes)).Version;
}
