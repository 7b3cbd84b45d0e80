using CausalStore.Client.Bench;
using CausalStore.Client.Tests.Kit;

namespace CausalStore.Client.Tests.Bench;

public sealed class VisibilityProbeTests
{
    [Fact]
    public async Task A_write_is_timed_until_its_push()
    {
        await using var written = FakeServer.Start();
        await using var watched = FakeServer.Start("2");
        written.Answer = (_, line) =>
        {
            string[] words = line.Split(' ');
            watched.Push("update other 1 1@1", $"update {words[1]} {words[2]} 5@1");
            return null;
        };

        using var probe = VisibilityProbe.Connect(written.Address, watched.Address, TimeProvider.System);
        var run = probe.Run(new RunLimits(10, TimeSpan.Zero), progress: null, Eventually.Stop);

        Assert.Equal(10, run.Operations);
        Assert.True(run.P50Us > 0);
        Assert.Equal(["watch bench.visible"], watched.Received);
        Assert.Equal("write bench.visible 10", written.Received.Last());
    }

    [Fact]
    public async Task A_refusal_ends_it_with_the_servers_words()
    {
        await using var written = FakeServer.Start();
        await using var watched = FakeServer.Start("2");
        watched.Cluster = "-";

        var failure = Assert.Throws<BenchFailedException>(
            () => VisibilityProbe.Connect(written.Address, watched.Address, TimeProvider.System));
        Assert.Contains("waits for server 2", failure.Message);
    }

    [Fact]
    public async Task A_server_that_is_gone_ends_it()
    {
        await using var written = FakeServer.Start();
        await using var watched = FakeServer.Start("2");
        written.Answer = (_, _) =>
        {
            watched.BreakConnections();
            return null;
        };

        using var probe = VisibilityProbe.Connect(written.Address, watched.Address, TimeProvider.System);
        Assert.Throws<BenchFailedException>(
            () => probe.Run(new RunLimits(10, TimeSpan.Zero), progress: null, Eventually.Stop));
    }
}
