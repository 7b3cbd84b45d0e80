using CausalStore.Client.Bench;
using CausalStore.Client.Shell;
using CausalStore.Client.Tests.Kit;

namespace CausalStore.Client.Tests.Shell;

public sealed class BenchCommandTests
{
    [Theory]
    [InlineData(true, "bench")]
    [InlineData(true, "bench", "--port", "1")]
    [InlineData(false, "--port", "1", "bench")]
    [InlineData(false, "read", "bench")]
    [InlineData(false)]
    public void It_is_meant_where_it_is_the_first_argument(bool isMeant, params string[] arguments) =>
        Assert.Equal(isMeant, BenchCommand.IsMeant(arguments));

    [Fact]
    public void What_is_not_said_is_as_usual()
    {
        var options = Parse("--port", "60001");

        Assert.Equal(new BenchTarget(new("127.0.0.1", 60001), IsResp: false), options.Target);
        Assert.Equal(new Load(), options.Load);
        Assert.Equal(TimeSpan.FromSeconds(10), options.Duration);
        Assert.Equal(TimeSpan.FromSeconds(1), options.WarmUp);
        Assert.Null(options.Versus);
    }

    [Fact]
    public void Everything_can_be_said()
    {
        var options = Parse(
            "--server", "there:60001", "--resp", "--vs-resp", "6379", "--connections", "7", "--depth", "8",
            "--keys", "90", "--key-size", "10", "--value-size", "11", "--read-percent", "12",
            "--distribution", "zipfian", "--operations", "13", "--seconds", "1.5", "--warm-up", "0",
            "--preload", "--rate", "16", "--idle", "17", "--pairs", "18", "--seed", "19",
            "--json", "--quiet");

        Assert.Equal(
            new BenchOptions
            {
                Target = new BenchTarget(new("there", 60001), IsResp: true),
                Versus = new BenchTarget(new("127.0.0.1", 6379), IsResp: true),
                Load = new Load
                {
                    Connections = 7,
                    Depth = 8,
                    Keys = 90,
                    KeyBytes = 10,
                    ValueBytes = 11,
                    ReadPercent = 12,
                    Distribution = Distribution.Zipfian,
                    Rate = 16,
                    Seed = 19,
                },
                Operations = 13,
                Duration = TimeSpan.FromSeconds(1.5),
                WarmUp = TimeSpan.Zero,
                IsPreloading = true,
                Idle = 17,
                Pairs = 18,
                IsJson = true,
                IsQuiet = true,
            },
            options);
    }

    [Fact]
    public void So_many_operations_are_not_cut_short_by_the_usual_time() =>
        Assert.Equal(TimeSpan.Zero, Parse("--port", "1", "--operations", "5").Duration);

    [Theory]
    [InlineData("Which server? Say '--port 60001'")]
    [InlineData("One server at a time", "--port", "1", "--server", "here:2")]
    [InlineData("Two servers at most", "--port", "1", "--vs", "2", "--vs-resp", "3")]
    [InlineData("--port takes a port from 1 to 65535", "--port", "0")]
    [InlineData("--vs-resp takes a port", "--port", "1", "--vs-resp", "redis")]
    [InlineData("--depth takes a number from 1 to 100,000", "--port", "1", "--depth", "0")]
    [InlineData("--depth takes a number", "--port", "1", "--depth", "many")]
    [InlineData("--read-percent takes a number from 0 to 100", "--port", "1", "--read-percent", "101")]
    [InlineData("--seconds takes seconds", "--port", "1", "--seconds", "0")]
    [InlineData("--distribution takes uniform, seq", "--port", "1", "--distribution", "even")]
    [InlineData("--distribution takes uniform, seq", "--port", "1", "--distribution", "7")]
    [InlineData("ask for fewer '--keys' or a greater '--key-size'", "--port", "1", "--key-size", "8")]
    [InlineData("lower '--depth' or", "--port", "1", "--depth", "99999", "--value-size", "99999")]
    [InlineData("leave out '--resp' and '--vs'", "--port", "1", "--visible-at", "2", "--resp")]
    [InlineData("'bench --help' shows", "--port", "1", "--speed", "2")]
    [InlineData("'bench --help' shows", "--port", "1", "again")]
    public void Wrong_usage_is_told_what_to_do(string told, params string[] arguments)
    {
        var (exitCode, output, errors) = Run(arguments);

        Assert.Equal((2, ""), (exitCode, output));
        Assert.Contains(told, errors);
    }

    [Fact]
    public void Help_names_every_option()
    {
        var (exitCode, output, _) = Run("--help");

        Assert.Equal(0, exitCode);
        Assert.All(
            ["--resp", "--vs", "--vs-resp", "--depth", "--visible-at", "--json", "docs/performance.md"],
            word => Assert.Contains(word, output));
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_a_failure()
    {
        int port = await FakeServer.ClosedPortAsync();
        var (exitCode, _, errors) = Run("--port", $"{port}");

        Assert.Equal(1, exitCode);
        Assert.Contains($"cannot connect to 127.0.0.1:{port}", errors);
    }

    [Fact]
    public async Task The_program_benches()
    {
        await using var server = FakeServer.Start();
        var ended = await ClientProcess.RunAsync(
            "", "bench", "--port", $"{server.Port}", "--operations", "200", "--warm-up", "0", "--keys", "10");

        Assert.Equal(0, ended.ExitCode);
        Assert.Contains("200 operations", ended.Output);
        Assert.NotEmpty(server.Received);
    }

    private static BenchOptions Parse(params string[] arguments)
    {
        BenchCommand command = new(TextWriter.Null, TextWriter.Null);
        return command.Options(command.Parse(arguments));
    }

    private static (int ExitCode, string Output, string Errors) Run(params string[] arguments)
    {
        StringWriter output = new();
        StringWriter errors = new();
        int exitCode = new BenchCommand(output, errors).Run(["bench", .. arguments], Eventually.Stop);
        return (exitCode, $"{output}", $"{errors}");
    }
}
