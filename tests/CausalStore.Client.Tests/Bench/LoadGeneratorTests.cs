using CausalStore.Client.Bench;
using CausalStore.Client.Tests.Kit;

namespace CausalStore.Client.Tests.Bench;

public sealed class LoadGeneratorTests
{
    private static readonly Load Small = new() { Connections = 3, Depth = 4, Keys = 50 };

    [Fact]
    public async Task Lines_are_asked_and_answered()
    {
        await using var server = FakeServer.Start();
        var run = Run(Lines(server), Small with { ReadPercent = 0 }, operations: 101);

        Assert.Equal((101, 0, 0), (run.Operations, run.Missing, run.Errors));
        Assert.Equal(101, server.Received.Count);
        Assert.All(server.Received, line => Assert.Matches("^write key:[0-9]{12} x{16}$", line));
        Assert.True(run is { P50Us: > 0, Seconds: > 0, LongestGapUs: > 0 });
        Assert.True(run.P50Us <= run.P999Us && run.P999Us <= run.MaxUs);
    }

    [Fact]
    public async Task Resp_is_asked_and_answered()
    {
        RespAnswers answers = new();
        await using var server = FakeServer.Start();
        server.Answer = answers.Answer;
        BenchTarget target = new(server.Address, IsResp: true);

        var missing = Run(target, Small with { ReadPercent = 100 }, operations: 40);
        var written = Run(
            target, Small with { ReadPercent = 0, Distribution = Distribution.Sequential }, operations: 50);
        var read = Run(target, Small with { ReadPercent = 100 }, operations: 40);

        Assert.Equal((40, 40, 0), (missing.Operations, missing.Missing, missing.Errors));
        Assert.Equal((50, 0), (written.Operations, written.Errors));
        Assert.Equal((40, 0, 0), (read.Operations, read.Missing, read.Errors));
        Assert.Equal(50, answers.Keys.Count);
    }

    [Fact]
    public async Task Batches_larger_than_a_socket_takes_arrive_whole()
    {
        await using var server = FakeServer.Start();
        Load load = new() { Connections = 2, Depth = 40, Keys = 10, ValueBytes = 200_000, ReadPercent = 0 };
        var run = Run(Lines(server), load, operations: 160);

        Assert.Equal((160, 0), (run.Operations, run.Errors));
        Assert.All(server.Received, line => Assert.Equal(200_023, line.Length));
    }

    [Fact]
    public async Task A_rate_is_kept()
    {
        await using var server = FakeServer.Start();
        var run = Run(Lines(server), Small with { Rate = 2000, Depth = 1 }, operations: 500);

        // The last of 500 is due after 0.2495 s; a late machine only makes it longer.
        Assert.True(run.Seconds >= 0.249, $"{run.Seconds} s");
    }

    [Fact]
    public async Task A_request_allocates_nothing()
    {
        await using var server = FakeServer.Start();
        using var generator = LoadGenerator.Connect(
            Lines(server), connections: 3, idle: 0, TimeProvider.System);
        Allocated(100);
        long few = Allocated(100);
        long many = Allocated(10_100);

        Assert.True(many - few < 10_000, $"{many - few} bytes for 10,000 operations more");

        long Allocated(long operations)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            generator.Run(Small, new RunLimits(operations, TimeSpan.Zero), progress: null, Eventually.Stop);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }

    [Fact]
    public async Task A_server_that_only_refuses_ends_the_run_with_its_words()
    {
        await using var server = FakeServer.Start();
        server.Cluster = "-";

        var failure = Assert.Throws<BenchFailedException>(
            () => Run(Lines(server), Small, operations: 100_000));
        Assert.Contains("error unavailable waits for server 2", failure.Message);
    }

    [Fact]
    public async Task A_server_of_the_other_protocol_is_found_out()
    {
        await using var server = FakeServer.Start();
        server.Answer = (_, _) => "+OK\r\n";
        Assert.Throws<BenchFailedException>(
            () => Run(Lines(server), Small, operations: 100_000));
    }

    [Fact]
    public async Task A_server_that_hangs_up_ends_the_run()
    {
        await using var server = FakeServer.Start();
        server.Answer = (connection, _) =>
        {
            connection.Close();
            return "";
        };
        Assert.Throws<BenchFailedException>(
            () => Run(Lines(server), Small, operations: 100));
    }

    [Fact]
    public async Task Nobody_there_is_said_at_once()
    {
        int port = await FakeServer.ClosedPortAsync();
        var failure = Assert.Throws<BenchFailedException>(
            () => Run(new BenchTarget(new("127.0.0.1", port), IsResp: false), Small, operations: 1));
        Assert.Contains($"127.0.0.1:{port}", failure.Message);
    }

    [Fact]
    public async Task Idle_connections_say_nothing()
    {
        await using var server = FakeServer.Start();
        using var generator = LoadGenerator.Connect(
            Lines(server), connections: 1, idle: 5, TimeProvider.System);
        await Eventually.TrueAsync(() => server.ConnectionsMade == 6, "all are connected");
        generator.Run(Small, new RunLimits(20, TimeSpan.Zero), progress: null, Eventually.Stop);

        Assert.Equal(20, server.Received.Count);
    }

    [Fact]
    public async Task A_run_can_be_interrupted()
    {
        await using var server = FakeServer.Start();
        using CancellationTokenSource stop = new();
        server.Answer = (_, _) =>
        {
            stop.Cancel();
            return null;
        };
        using var generator = LoadGenerator.Connect(
            Lines(server), connections: 1, idle: 0, TimeProvider.System);
        Assert.Throws<OperationCanceledException>(
            () => generator.Run(Small, default, progress: null, stop.Token));
    }

    private static BenchTarget Lines(FakeServer server) => new(server.Address, IsResp: false);

    private static RunResult Run(BenchTarget target, Load load, long operations)
    {
        using var generator = LoadGenerator.Connect(target, load.Connections, idle: 0, TimeProvider.System);
        return generator.Run(
            load, new RunLimits(operations, TimeSpan.Zero), progress: null, Eventually.Stop);
    }
}
