using CausalStore.Server.Tests.Kit;

namespace CausalStore.Server.Tests;

/// <summary>The story at three real processes, as those who ask why hear it.</summary>
public sealed class LostRingTests
{
    [Fact]
    public async Task Why_names_the_cause_and_the_fault_and_the_release_says_what_unblocked_it()
    {
        await using var west = await StartAsync(1);
        await using var central = await StartAsync(2, west);
        await using var east = await StartAsync(3, west, central);
        using var alice = await LineClient.ConnectAsync(west.Port);
        using var bob = await LineClient.ConnectAsync(central.Port);
        using var carol = await LineClient.ConnectAsync(east.Port);
        await ServesAsync(bob);
        await ServesAsync(carol);

        Assert.Equal("ok 1@1", await alice.AskAsync("write x lost"));
        await Eventually.TrueAsync(async () => await HasAsync(carol, "x"), "x at server 3");
        Assert.Equal("ok", await alice.AskAsync("link 3 delay 60000"));
        Assert.Equal("ok 2@1", await alice.AskAsync("write y found"));
        await Eventually.TrueAsync(async () => await HasAsync(bob, "y"), "y at server 2");
        Assert.Equal("ok 3@2", await bob.AskAsync("write z glad"));
        await Eventually.TrueAsync(
            async () => (await carol.AskManyAsync("why z"))[1].Contains("but nothing has come from it since"),
            "z at server 3, and silence");

        var why = await carol.AskManyAsync("why z");
        Assert.Matches(@"^3@2 waits since [0-9.]+ s: it needs 2@1 \(not here, server 2 has it\)$", why[0]);
        Assert.Matches(
            "^2@1 has not come here, and server 2 has it: server 1 is connected since [0-9.]+ s, "
                + "but nothing has come from it since [0-9.]+ s$",
            why[1]);

        Assert.Matches(
            "^2@1 is not at server 3, .* the link to it is delayed by 60000 ms by a fault, "
                + "held for [0-9.]+ s; it goes in 5[0-9.]+ s, or when 'link 3 heal' is typed here",
            (await alice.AskManyAsync("why y"))[1]);

        Assert.Equal("ok", await alice.AskAsync("link 3 heal"));
        await Eventually.TrueAsync(async () => await HasAsync(carol, "z"), "z is shown at server 3");
        await Eventually.TrueAsync(() => east.Output.Contains("applied z = glad"), "the release is told");
        Assert.Matches(
            @"applied z = glad \(3@2\) after [0-9.]+ s: 2@1 arrived from server 1\r?\n", east.Output);
    }

    [Fact]
    public async Task What_was_overwritten_unseen_is_told_where_both_are_known()
    {
        await using var west = await StartAsync(1);
        await using var east = await StartAsync(2, west);
        using var alice = await LineClient.ConnectAsync(west.Port);
        using var bob = await LineClient.ConnectAsync(east.Port);
        await ServesAsync(bob);
        await alice.AskAsync("link 2 cut");
        await bob.AskAsync("link 1 cut");
        await alice.AskAsync("write x mine");
        await bob.AskAsync("write x yours");
        await alice.AskAsync("link 2 heal");
        await bob.AskAsync("link 1 heal");

        foreach (var client in new[] { alice, bob })
        {
            await Eventually.TrueAsync(
                async () => (await client.AskManyAsync("status")).Contains("conflicts 1"), "it is counted");
            var conflicts = await client.AskManyAsync("conflicts");
            Assert.Equal("unseen 1 unknown 0", conflicts[0]);
            Assert.Matches("^conflict 1@2 1@1 [0-9.]+ x$", conflicts[1]);
            Assert.Matches(
                "^version 1@1 [0-9.]+ (replaced|lost) 1@2 unseen write x mine$",
                (await client.AskManyAsync("history x"))[0]);
        }
    }

    private static Task<ServerProcess> StartAsync(int id, params ServerProcess[] peers) =>
        ServerProcess.StartAsync([
            "--port", "0", "--id", $"{id}", "--allow-faults", "--relay-after", "600", "--narrate",
            .. peers.SelectMany(peer => new[] { "--peers", $"{peer.Port}" }),
        ]);

    private static Task ServesAsync(LineClient client) => Eventually.TrueAsync(
        async () => (await client.AskManyAsync("status")).Contains("state serving"), "it serves");

    private static async Task<bool> HasAsync(LineClient client, string key) =>
        (await client.AskAsync($"read {key}"))!.StartsWith("value ", StringComparison.Ordinal);
}
