using CausalStore.Server.Tests.Kit;

namespace CausalStore.Server.Tests;

/// <summary>Servers that lost their data, or what is newest of them; people do what is printed.</summary>
public sealed class LostDataTests : IAsyncDisposable
{
    private readonly ServerSites _sites = new();

    public ValueTask DisposeAsync() => _sites.DisposeAsync();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Two_of_three_that_lost_everything_serve_nobody_until_the_third_tells_them_what_to_do(
        bool isPaused)
    {
        Assert.SkipWhen(isPaused && OperatingSystem.IsWindows(), "no signals by name");
        await _sites.StartClusterAsync(3);
        var (one, two, three) = (_sites[1], _sites[2], _sites[3]);
        await one.WriteAsync("x", "lost");
        await two.WriteAsync("y", "found");
        using (var carol = await three.ConnectAsync())
        {
            await carol.ShowsAsync("x", "lost");
            await carol.ShowsAsync("y", "found");
        }

        await (isPaused ? three.SignalAsync("STOP") : three.KillAsync());
        await LoseDataAsync(one, two);
        await Task.WhenAll(one.StartAsync(), two.StartAsync());
        await WaitForAsync(three, one, two);
        await Task.WhenAll(one.RestartAsync(), two.RestartAsync());
        await WaitForAsync(three, one, two);

        await (isPaused ? three.SignalAsync("CONT") : three.StartAsync());

        string[] advice = await Task.WhenAll(one.EndsWithAdviceAsync(), two.EndsWithAdviceAsync());
        using var live = await three.ServesAsync();

        // What is forgotten is settled before anybody joins, so the commands are typed in the order in which
        // they end the waiting.
        foreach (string said in advice)
        {
            Assert.Equal("ok", await live.AskAsync(PrintedAdvice.In(said).Forget!));
        }

        await one.FollowAsync(advice[0], live, isForgotten: true);
        (await one.ServesAsync()).Dispose();

        // Both were told of the same unused id, which the first has taken.
        await two.FollowAsync(advice[1], live, isForgotten: true);
        await two.FollowAsync(await two.EndsWithAdviceAsync(), live, isForgotten: true);
        Assert.NotEqual(one.Id, two.Id);

        foreach (var site in new[] { one, two })
        {
            using var client = await site.ServesAsync();
            await client.ShowsAsync("x", "lost");
            await client.ShowsAsync("y", "found");
            await site.SaysAsync("members", said => said == "3");
            Assert.Equal("1,2", await site.StatusAsync("forgotten"));
        }
    }

    [Fact]
    public async Task One_that_runs_on_an_old_copy_of_its_data_leaves_them_and_comes_back_as_another()
    {
        await _sites.StartClusterAsync(2);
        var (one, two) = (_sites[1], _sites[2]);
        await two.WriteAsync("x", "lost");
        await two.KillAsync();
        string copy = _sites.In("copy");
        TemporaryDirectory.Copy(two.Data, copy);
        await two.StartAsync();
        await two.WriteAsync("y", "found");
        using var live = await one.ConnectAsync();
        await live.ShowsAsync("y", "found");
        await two.KillAsync();
        two.LoseData();
        TemporaryDirectory.Copy(copy, two.Data);

        string advice = await two.StartInVainAsync();

        Assert.Contains("it runs on old data: another server has its write ", advice);
        var (exitCode, left, _) = await ServerProcess.RunAsync("inspect", "--data", two.Data);
        Assert.Equal(0, exitCode);
        Assert.Contains("write x lost", left);
        Assert.DoesNotContain("write y found", left);
        await two.FollowAsync(advice, live);
        using var client = await two.ServesAsync();
        await client.ShowsAsync("x", "lost");
        await client.ShowsAsync("y", "found");
        Assert.StartsWith("ok ", await client.AskAsync("write z glad"));
    }

    private static async Task LoseDataAsync(params IEnumerable<ServerSite> sites)
    {
        foreach (var site in sites)
        {
            await site.KillAsync();
            site.LoseData();
        }
    }

    /// <summary>They have known each other for seconds, serve nobody, and say for whom they wait.</summary>
    private static async Task WaitForAsync(ServerSite silent, ServerSite one, ServerSite two)
    {
        await one.SaysAsync("link.2", HasLasted);
        await two.SaysAsync("link.1", HasLasted);

        foreach (var site in new[] { one, two })
        {
            Assert.Equal("waiting", await site.StatusAsync("state"));
            using var client = await site.ConnectAsync();
            string answer = (await client.AskAsync("read x"))!;
            Assert.StartsWith($"error unavailable server {site.Id} does not serve yet: ", answer);
            Assert.Contains($"waiting for the server at 127.0.0.1:{silent.Port}; start it", answer);
        }
    }

    private static bool HasLasted(string link) => link.Split(" for ") is [_, var rest]
        && double.Parse(rest.Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture) > 2;
}
