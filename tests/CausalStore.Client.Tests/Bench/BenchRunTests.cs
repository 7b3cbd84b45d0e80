using System.Text.Json;
using CausalStore.Client.Bench;
using CausalStore.Client.Tests.Kit;

namespace CausalStore.Client.Tests.Bench;

public sealed class BenchRunTests
{
    private static readonly Load Small = new() { Connections = 2, Depth = 2, Keys = 20, ReadPercent = 100 };

    [Fact]
    public async Task What_is_preloaded_is_not_missing()
    {
        await using var server = FakeServer.Start();
        string output = Run(Options(server) with { IsPreloading = true, Operations = 100 });

        Assert.Contains("100 operations", output);
        Assert.Contains(" 0 reads of missing keys, 0 errors", output);
        Assert.Equal(20, server.Values.Count);
    }

    [Fact]
    public async Task What_is_not_there_is_counted()
    {
        string output = await RunOneAsync(options => options with { Operations = 30 });
        Assert.Contains(" 30 reads of missing keys", output);
    }

    [Fact]
    public async Task The_warm_up_does_not_count()
    {
        string output = await RunOneAsync(
            options => options with { WarmUp = TimeSpan.FromSeconds(0.05), Operations = 30 });
        Assert.Contains("  30 operations", output);
    }

    [Fact]
    public async Task Json_has_the_figures_and_what_was_asked()
    {
        var json = JsonDocument.Parse(
            await RunOneAsync(options => options with { IsJson = true, Operations = 30 })).RootElement;

        Assert.Equal(30, json.GetProperty("run").GetProperty("operations").GetInt32());
        Assert.True(json.GetProperty("run").GetProperty("p999_us").GetDouble() > 0);
        Assert.Equal(30, json.GetProperty("run").GetProperty("missing").GetInt32());
        Assert.Equal("uniform", json.GetProperty("load").GetProperty("distribution").GetString());
        Assert.Equal(2, json.GetProperty("load").GetProperty("depth").GetInt32());
    }

    [Fact]
    public async Task Pairs_are_two_servers_in_turn_with_the_same_requests()
    {
        await using var lines = FakeServer.Start();
        await using var resp = FakeServer.Start();
        resp.Answer = new RespAnswers().Answer;
        BenchOptions options = Options(lines) with
        {
            Load = Small with { ReadPercent = 0 },
            Versus = new BenchTarget(resp.Address, IsResp: true),
            Operations = 40,
            Pairs = 3,
            IsJson = true,
        };

        var json = JsonDocument.Parse(Run(options)).RootElement;

        Assert.Equal(3, json.GetProperty("pairs").GetArrayLength());
        Assert.True(json.GetProperty("median").GetProperty("throughput").GetDouble() > 0);
        Assert.Equal(
            lines.Received.Select(line => line.Split(' ')[1]).Order(),
            resp.Received.Where(line => line.StartsWith("key:", StringComparison.Ordinal)).Order());
        Assert.Equal(3 * 40, lines.Received.Count);
    }

    [Fact]
    public async Task Pairs_are_shown_with_their_median()
    {
        await using var one = FakeServer.Start();
        await using var two = FakeServer.Start();
        string output = Run(Options(one) with
        {
            Versus = new BenchTarget(two.Address, IsResp: false),
            Operations = 40,
            Pairs = 2,
        });

        string[] rows = [.. output.Split('\n').Select(line => line.Split(' ')[0])];
        Assert.Equal(["pair", "1", "2", "median", "medians:"], rows[2..7]);
    }

    [Fact]
    public async Task Progress_is_told_once_a_second()
    {
        await using var server = FakeServer.Start();
        StringWriter errors = new();
        BenchOptions options = Options(server) with
        {
            Load = Small with { Rate = 1000 },
            Operations = 1500,
            IsQuiet = false,
        };
        new BenchRun(options, new StringWriter(), errors, TimeProvider.System).Run(Eventually.Stop);

        Assert.Matches("1 s, [0-9,]+ operations", $"{errors}");
    }

    private static async Task<string> RunOneAsync(Func<BenchOptions, BenchOptions> with)
    {
        await using var server = FakeServer.Start();
        return Run(with(Options(server)));
    }

    private static BenchOptions Options(FakeServer server) => new()
    {
        Target = new BenchTarget(server.Address, IsResp: false),
        Load = Small,
        Duration = TimeSpan.Zero,
        WarmUp = TimeSpan.Zero,
        IsQuiet = true,
    };

    private static string Run(BenchOptions options)
    {
        StringWriter output = new();
        new BenchRun(options, output, new StringWriter(), TimeProvider.System).Run(Eventually.Stop);
        return output.ToString().ReplaceLineEndings("\n");
    }
}
