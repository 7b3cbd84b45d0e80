using System.Text.RegularExpressions;
using CausalStore.Server.Storage;
using CausalStore.Server.Tests.Kit;

namespace CausalStore.Server.Tests;

/// <summary>Servers join, are put back from a backup, and meet those of other clusters; real
/// processes.</summary>
public sealed partial class ComingAndGoingTests : IAsyncDisposable
{
    private readonly ServerSites _sites = new();

    public ValueTask DisposeAsync() => _sites.DisposeAsync();

    [Fact]
    public async Task One_that_is_killed_while_it_joins_goes_on_where_it_was()
    {
        // It gets a copy of the state: nothing is kept for those who lack it.
        await _sites.StartClusterAsync(2, "--retain", "0");
        await _sites[1].WriteAsync("x", "lost");
        await _sites[2].ShowsAsync("x", "lost");
        await _sites[2].KillAsync();
        var joiner = _sites.Add(3, peers: [_sites[1].Port]);

        await joiner.StartAsync();
        await DemandWaitsForTwoAsync(joiner);
        string instance = await joiner.StatusAsync("instance");
        string cluster = await joiner.StatusAsync("cluster");
        await joiner.KillAsync();
        await _sites[1].KillAsync();
        await joiner.StartAsync();

        // Nobody is there to tell it again.
        Assert.Equal(instance, await joiner.StatusAsync("instance"));
        Assert.Equal(cluster, await joiner.StatusAsync("cluster"));
        await _sites[1].StartAsync();
        await DemandWaitsForTwoAsync(joiner);
        await joiner.RestartAsync();
        await _sites[2].StartAsync();

        await joiner.ShowsAsync("x", "lost");
        await joiner.WriteAsync("y", "found");
        await _sites[1].ShowsAsync("y", "found");
        await _sites[2].ShowsAsync("y", "found");
        await joiner.RestartAsync();
        await joiner.ShowsAsync("y", "found");
    }

    [Fact]
    public async Task A_restored_backup_is_a_new_cluster_that_has_forgotten_the_old_one()
    {
        await _sites.StartClusterAsync(2);
        await _sites[1].WriteAsync("x", "lost");
        string old = await _sites[1].StatusAsync("cluster");
        string file = _sites.In("backup");
        Assert.Equal(0, await RunAsync("backup", "--data", _sites[1].Data, "--to", file));
        await _sites[2].WriteAsync("y", "found");
        await _sites[1].ShowsAsync("y", "found");
        var restored = _sites.Add(3, peers: []);

        var refused = await ServerProcess.RunAsync(
            "restore", "--from", file, "--data", restored.Data, "--id", "2");
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("One that is unused: --id 3", refused.Error);
        Assert.Equal(
            0, await RunAsync("restore", "--from", file, "--data", restored.Data, "--id", $"{restored.Id}"));
        await restored.StartAsync();
        var newcomer = _sites.Add(4, peers: [restored.Port]);
        await newcomer.StartAsync();

        foreach (var site in new[] { restored, newcomer })
        {
            using var client = await site.ServesAsync();
            Assert.StartsWith("value x lost ", await client.AskAsync("read x"));
            Assert.Equal("missing y", await client.AskAsync("read y"));
            Assert.Equal("1,2", await site.StatusAsync("forgotten"));
            await site.SaysAsync("members", said => said == "2");
            Assert.StartsWith("error lost ", await client.AskAsync($"hello client alice {old}"));
        }

        await newcomer.WriteAsync("z", "glad");
        await restored.ShowsAsync("z", "glad");
    }

    [Fact]
    public async Task Two_clusters_stay_two_whoever_comes_to_an_address_and_whomever_a_newcomer_names()
    {
        await _sites.StartClusterAsync(2);
        await _sites[1].WriteAsync("x", "ours");
        await _sites[2].ShowsAsync("x", "ours");
        var first = _sites.Add(11, peers: []);
        await first.StartAsync();
        await first.WriteAsync("y", "theirs");
        await _sites[2].KillAsync();

        // Where server 2 was, server 1 finds one of the other cluster.
        var second = _sites.AddAt(_sites[2].Port, 12, peers: [first.Port]);
        await second.StartAsync();
        await second.ShowsAsync("y", "theirs");
        await _sites[1].SaysAsync("refused", said => said.StartsWith("12 ", StringComparison.Ordinal));

        // It belongs to whichever it meets first, and refuses the other.
        var newcomer = _sites.Add(21, peers: [_sites[1].Port, first.Port]);
        await newcomer.StartAsync();
        await newcomer.SaysAsync("cluster", said => said != "-");
        string ours = await _sites[1].StatusAsync("cluster");
        string theirs = await first.StatusAsync("cluster");
        string other = await newcomer.StatusAsync("cluster") == ours ? theirs : ours;
        await newcomer.SaysAsync("refused", said => said.Contains($", not {other}; two clusters never mix"));
        await DemandOnlyAsync("x", "y", _sites[1]);
        await DemandOnlyAsync("y", "x", first, second);

        using var client = await first.ConnectAsync();
        Assert.StartsWith("error lost ", await client.AskAsync($"hello client alice {ours}"));
        Assert.StartsWith("welcome 11 ", await client.AskAsync($"hello client alice {theirs}"));
    }

    [Theory]
    [InlineData("everysec")]
    [InlineData("never")]
    public async Task What_may_have_been_lost_with_the_machine_is_not_served_and_goes_on_in_a_new_cluster(
        string fsync)
    {
        var site = _sites.Add(1, peers: [], "--fsync", fsync);
        await site.StartAsync();
        await site.WriteAsync("x", "lost");
        await site.KillAsync();
        await site.StartAsync();
        await site.KillAsync();
        using (Database state = new(Path.Combine(site.Data, StateFile.Name), Access.Write))
        {
            Meta.Write(state, "boot", "id of a start of this machine long ago");
        }

        var refused = await ServerProcess.RunAsync(
            "--port", "0", "--id", "1", "--data", site.Data, "--fsync", fsync);

        Assert.Equal(1, refused.ExitCode);
        Assert.Equal("", refused.Output);
        Assert.Contains($"kept with --fsync {fsync}, and the machine went down since", refused.Error);
        string[] printed = [.. Commands().Matches(refused.Error).Select(command => command.Groups[1].Value)];
        string restored = _sites.In("restored");
        Assert.Equal(2, printed.Length);

        foreach (string command in printed)
        {
            Assert.Equal(0, await RunAsync(
                [.. command.Replace("FILE", _sites.In("file")).Replace("NEWDIR", restored).Split(' ')]));
        }

        string id = printed[1].Split(' ')[^1];
        await using var server = await ServerProcess.StartAsync(
            "--port", "0", "--id", id, "--data", restored);
        using var client = await server.ServesAsync();
        Assert.StartsWith("value x lost ", await client.AskAsync("read x"));
    }

    [Fact]
    public async Task One_that_was_away_says_how_far_it_is_and_members_what_it_still_lacks()
    {
        await _sites.StartClusterAsync(2, "--allow-faults", "--narrate");
        var (here, away) = (_sites[1], _sites[2]);
        await away.KillAsync();
        using var client = await here.ConnectAsync();
        string[] writes = [.. Enumerable.Range(1, 100).Select(number => $"write k {number}")];
        Assert.Equal("ok 100@1", (await client.AskAllAsync(writes))[^1]);
        await DemandMemberAsync(client, 2, "not connected; heard [0-9.]+ s ago; lacks 0-100@1");

        Assert.Equal(["ok", "ok"], await client.AskAllAsync("link 2 cut", "link 2 step 41"));
        await away.StartAsync();

        await away.SaysAsync("catching-up", said => said == "41%");
        await Eventually.TrueAsync(() => away.Said.Contains("catching up: 41%"), "the line in the terminal");
        await DemandMemberAsync(client, 2, "connected; heard [0-9.]+ s ago; lacks 41-100@1");

        Assert.Equal("ok", await client.AskAsync("link 2 heal"));
        await away.SaysAsync("catching-up", said => said == "");
        await away.ShowsAsync("k", "100");
        await Eventually.TrueAsync(
            () => away.Said.Contains("caught up with what the others had"), "the last line of them");
        await DemandMemberAsync(client, 2, "connected; heard [0-9.]+ s ago");
    }

    [Fact]
    public async Task Members_says_whose_word_a_settlement_waits_for_until_it_comes()
    {
        await _sites.StartClusterAsync(3);
        await _sites[2].KillAsync();
        await _sites[3].KillAsync();
        using var client = await _sites[1].ConnectAsync();

        Assert.Equal("ok", await client.AskAsync("forget 2"));

        await DemandMemberAsync(
            client, 3, "not connected; heard [0-9.]+ s ago; the settlement waits for its word");
        Assert.Contains("forgotten 2", await client.AskManyAsync("members"));
        Assert.Equal("waits for the word of 3", await _sites[1].StatusAsync("settlement"));
        await _sites[3].StartAsync();
        await DemandMemberAsync(client, 3, "connected; heard [0-9.]+ s ago");
        Assert.Equal("", await _sites[1].StatusAsync("settlement"));
    }

    /// <summary>Waits until <c>members</c> says that of one, behind its address.</summary>
    private static async Task DemandMemberAsync(LineClient client, int id, string pattern)
    {
        List<string> said = [];
        await Eventually.TrueAsync(
            async () =>
            {
                said = await client.AskManyAsync("members");
                return said.Exists(line => Regex.IsMatch(line, $"^member {id} [^ ]+ [^ ]+ {pattern}$"));
            },
            () => $"{pattern}; it said:\n{string.Join('\n', said)}");
    }

    private static async Task<int> RunAsync(params string[] arguments) =>
        (await ServerProcess.RunAsync(arguments)).ExitCode;

    private async Task DemandWaitsForTwoAsync(ServerSite joiner)
    {
        await joiner.SaysAsync(
            "waiting", said => said.Contains($"waiting for server 2 at 127.0.0.1:{_sites[2].Port}"));
        using var client = await joiner.ConnectAsync();
        Assert.StartsWith("error unavailable ", await client.AskAsync("read x"));
    }

    private static async Task DemandOnlyAsync(string here, string elsewhere, params ServerSite[] sites)
    {
        foreach (var site in sites)
        {
            using var client = await site.ServesAsync();
            Assert.StartsWith($"value {here} ", await client.AskAsync($"read {here}"));
            Assert.Equal($"missing {elsewhere}", await client.AskAsync($"read {elsewhere}"));
        }
    }

    [GeneratedRegex(@"^\s+CausalStore\.Server (.+)$", RegexOptions.Multiline)]
    private static partial Regex Commands();
}
