using CausalStore.Scenarios.Tests.Kit;

namespace CausalStore.Scenarios.Tests;

public sealed class SentencesTests
{
    [Theory]
    [InlineData("at alice@1 write x lost", "alice, at server 1, writes x = lost: 1@1")]
    [InlineData("at alice@1 delete x", "alice, at server 1, deletes x: 1@1")]
    [InlineData("at alice@1 write x \"a b\" delete y write z \"\"",
        "alice, at server 1, writes x = \"a b\", z = \"\" and deletes y at once: 1@1")]
    [InlineData("at alice@1 read x y", "alice, at server 1, reads x missing, y missing")]
    [InlineData("at alice@1 scan \"\"", "alice, at server 1, reads nothing")]
    [InlineData("at alice@1 watch \"\"", "alice, at server 1, watches everything")]
    [InlineData("at alice@1 watch user:", "alice, at server 1, watches what begins with user:")]
    [InlineData("at alice@1 unwatch x", "alice, at server 1, no longer watches what begins with x")]
    [InlineData("cut 1->2", "what server 1 sends to server 2 is held from now on")]
    [InlineData("cut 2<->3", "what servers 2 and 3 send to each other is held from now on")]
    [InlineData("delay 1->2 300ms", "what server 1 sends to server 2 takes 0.3 s from now on")]
    [InlineData("delay 1->2 2min", "what server 1 sends to server 2 takes 2 min from now on")]
    [InlineData("heal 1->2", "what server 1 sends to server 2 goes through again")]
    [InlineData("heal all", "all that servers send to each other goes through again")]
    [InlineData("stop 2", "server 2 stops, and hands over what others lack")]
    [InlineData("kill 2", "server 2 is killed")]
    [InlineData("start 4", "server 4 starts: a new one, which has nothing")]
    [InlineData("wait 90s", "90 s pass")]
    public async Task A_step_is_told(string step, string sentence) =>
        Assert.Equal(sentence, (await Played.OfAsync("servers 3", step)).Last);

    [Theory]
    [InlineData("servers 1", "server 1 is a cluster")]
    [InlineData("servers 3", "servers 1 to 3 are one cluster")]
    [InlineData("servers 2 eventual",
        "servers 1 to 2 are one cluster, and do not keep causes before effects (eventual)")]
    [InlineData("servers 2 relay 5s",
        "servers 1 to 2 are one cluster; what one of them has lacked for 5 s comes from whoever has it")]
    public async Task The_cluster_is_told(string step, string sentence) =>
        Assert.Equal(sentence, (await Played.OfAsync(step)).Last);

    [Fact]
    public async Task Moving_is_told()
    {
        Assert.Equal(
            "alice goes on at server 2",
            (await Played.OfAsync("servers 2", "at alice@1 read x", "move alice to 2")).Last);
        Assert.Equal(
            "alice goes on at server 2, and has seen 1@1",
            (await Played.OfAsync("servers 2", "at alice@1 write x 1", "move alice to 2")).Last);
        Assert.Equal(
            "server 2 lacks something that alice has seen, and does not let alice go on",
            (await Played.OfAsync("servers 2", "cut 1->2", "at alice@1 write x 1", "move alice to 2")).Last);
    }
}
