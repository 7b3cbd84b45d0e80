using CausalStore.Client.Shell;
using CausalStore.Protocol;
using static CausalStore.Client.Tests.Kit.Versions;

namespace CausalStore.Client.Tests.Shell;

public sealed class PhrasesTests
{
    [Theory]
    [InlineData("read x y z", "value x \"a b\" 3@1|missing y|missing z 4@1",
        "x = \"a b\" (3@1)|y has no value|z has no value (deleted by 4@1)")]
    [InlineData("write x lost", "ok 3@1", "written as 3@1")]
    [InlineData("watch x", "ok", "done")]
    [InlineData("context", "context -", "this session depends on nothing that is not everywhere already")]
    [InlineData("context", "context ..3@1", "this session depends on ..3@1")]
    [InlineData("hello client a", "welcome 1 -", "server 1, which has no cluster yet")]
    [InlineData("hello client a", "welcome 1 blue", "server 1 of cluster blue")]
    [InlineData("scan a", "end 0", "0 keys")]
    [InlineData("scan a", "value a 1 1@1|end 1", "a = 1 (1@1)|1 key")]
    [InlineData("scan a 2", "value a 1 1@1|value ab 2 2@1|end 2",
        "a = 1 (1@1)|ab = 2 (2@1)|2 keys, perhaps more: scan on after ab")]
    [InlineData("pending", "end 0", "nothing waits here")]
    [InlineData("why x", "end 0", "nothing")]
    [InlineData("status", "server 1|clock 7|end 2", "server 1|clock 7")]
    [InlineData("ping", "pong", "pong")]
    public void Replies_read_like_sentences(string request, string lines, string told) =>
        Assert.Equal(told, string.Join('|', Phrases.Of(Request(request), Reply(lines.Split('|')))));

    [Fact]
    public void A_refusal_is_told_with_advice()
    {
        Assert.Empty(Phrases.Of(Request("ping"), Reply("error unavailable it waits")));
        Assert.Equal(
            "refused (unavailable): it waits; 'status' tells more",
            Phrases.OfError(new Response.Error(ErrorCode.Unavailable, "it waits")));
    }

    [Fact]
    public void The_servers_own_advice_is_not_said_twice()
    {
        const string Reason = "after 5 s 7@1 is not here yet; ask again, or go back";

        string told = Phrases.OfError(new Response.Error(ErrorCode.NotYet, Reason));

        Assert.Equal($"refused (not-yet): {Reason}", told);
    }

    [Fact]
    public void Pushes_say_what_is_now()
    {
        Assert.Equal("x is now lost (3@1)", Phrases.OfPush(Line("update x lost 3@1").Meaning));
        Assert.Equal("x is deleted (4@1)", Phrases.OfPush(Line("removed x 4@1").Meaning));
    }

    [Fact]
    public void What_a_server_says_does_nothing_to_a_terminal() =>
        Assert.Equal([@"name \x1B[31m"], Phrases.Of(Request("status"), Reply("name \u001b[31m", "end 1")));
}
