using System.Diagnostics;
using CausalStore.Server.Tests.Kit;

namespace CausalStore.Server.Tests.Network;

/// <summary>What the disk lets the loop do, over raw TCP.</summary>
public sealed class AdmissionTests : IAsyncDisposable
{
    private readonly HandJournal _journal = new();
    private readonly RunningLoop _loop;

    public AdmissionTests() => _loop = new RunningLoop(wake =>
    {
        _journal.Changed = wake;
        return _journal;
    });

    public ValueTask DisposeAsync() => _loop.DisposeAsync();

    [Fact]
    public async Task Neither_a_reply_nor_a_read_of_it_leaves_before_the_write_is_durable()
    {
        using var alice = await ConnectAsync();
        using var bob = await ConnectAsync();
        await SettleAsync();

        long before = _journal.Last;
        await alice.SendAsync("write x lost\n");
        await Eventually.TrueAsync(() => _journal.Last > before, "the write is journaled");
        await bob.SendAsync("read x\n");
        var reply = alice.ReadLineAsync();
        var value = bob.ReadLineAsync();
        await TurnsAsync(20);
        Assert.False(reply.IsCompleted || value.IsCompleted);

        _journal.MakeDurable(_journal.Last);
        Assert.Equal("ok 1@1", await reply);
        Assert.Equal("value x lost 1@1", await value);
    }

    [Fact]
    public async Task Nothing_is_executed_while_the_disk_is_far_behind_and_the_loop_does_not_spin()
    {
        using var client = await ConnectAsync();
        await SettleAsync();
        _journal.IsBehind = true;
        await client.SendAsync("ping\nping\n");
        var answer = client.ReadLineAsync();

        int before = _journal.Turns;
        var watch = Stopwatch.StartNew();
        await Eventually.TrueAsync(() => watch.ElapsedMilliseconds > 500, "half a second");
        Assert.InRange(_journal.Turns - before, 0, 30);
        Assert.False(answer.IsCompleted);

        _journal.IsBehind = false;
        Assert.Equal("pong", await answer);
        Assert.Equal("pong", await client.ReadLineAsync());
    }

    [Fact]
    public async Task While_the_disk_is_full_writes_are_refused_reads_go_on_and_servers_wait()
    {
        using var client = await ConnectAsync();
        await client.SendAsync("write x lost\n");
        await SettleAsync();
        Assert.Equal("ok 1@1", await client.ReadLineAsync());
        using var server = await ConnectAsync();
        await server.SendAsync("hello server 2 other k7Qm2wXp 0 waiting\n");
        await SaysAsync(server, "have ");

        _journal.IsFull = true;
        await Eventually.TrueAsync(
            async () => (await client.AskAsync("write x found"))!.Contains("error unavailable "),
            "writes are refused");
        Assert.Equal("value x lost 1@1", await client.AskAsync("read x"));
        await server.SendAsync("bogus\n");
        await NoErrorComesAsync(server, TimeSpan.FromSeconds(1.5));

        _journal.IsFull = false;
        await SaysAsync(server, "error unknown-command ");
    }

    [Fact]
    public async Task A_journal_that_has_failed_ends_the_loop()
    {
        _journal.Failure = "the disk fails";

        Assert.Equal("the disk fails", (await _loop.End).Advice);
    }

    private async Task<LineClient> ConnectAsync() => await LineClient.ConnectAsync(_loop.Port);

    /// <summary>What the founding and the writes so far have journaled is durable.</summary>
    private async Task SettleAsync()
    {
        await Eventually.TrueAsync(() => _journal.Last > 0, "something is journaled");
        await TurnsAsync(3);
        _journal.MakeDurable(_journal.Last);
    }

    private async Task TurnsAsync(int count)
    {
        int before = _journal.Turns;
        await Eventually.TrueAsync(
            () =>
            {
                _journal.Changed();
                return _journal.Turns >= before + count;
            },
            "the loop goes round");
    }

    private static Task SaysAsync(LineClient server, string expected) => Eventually.TrueAsync(
        async () => (await server.ReadLineAsync())!.StartsWith(expected, StringComparison.Ordinal), expected);

    private static async Task NoErrorComesAsync(LineClient server, TimeSpan time)
    {
        for (var watch = Stopwatch.StartNew(); watch.Elapsed < time;)
        {
            Assert.DoesNotContain("error", await server.ReadLineAsync());
        }
    }
}
