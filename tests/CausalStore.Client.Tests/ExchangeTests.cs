using CausalStore.Client.Tests.Kit;
using CausalStore.Protocol;
using static CausalStore.Client.Tests.Kit.Versions;

namespace CausalStore.Client.Tests;

public sealed class ExchangeTests
{
    [Theory]
    [InlineData("read x y", "value x 1 1@1|missing y")]
    [InlineData("scan a", "value a 1 1@1|end 1")]
    [InlineData("scan a", "end 0")]
    [InlineData("status", "server 1|error-count 3|end 2")]
    [InlineData("why z", "z waits|error things happen|update x lost 1@1|end 3")]
    [InlineData("write x y", "ok 1@1")]
    [InlineData("ping", "pong")]
    [InlineData("read x y", "error unavailable later")]
    [InlineData("scan a", "error unavailable later")]
    [InlineData("no-such-verb", "error unknown-command what")]
    public void A_reply_is_whole_with_its_last_line_and_not_before(string request, string lines)
    {
        Exchange exchange = new(Request(request), inOrder: null);
        string[] all = lines.Split('|');

        Assert.All(all[..^1], line => Assert.Null(exchange.Take(Line(line))));

        Assert.Equal(all.Length, exchange.Take(Line(all[^1]))!.Lines.Count);
    }

    [Fact]
    public void A_read_that_is_answered_by_something_else_is_a_torn_connection()
    {
        Exchange exchange = new(Request("read x"), inOrder: null);

        Assert.Throws<ProtocolException>(() => exchange.Take(Line("pong")));
    }

    [Fact]
    public async Task The_reply_is_shown_in_order_and_unavailable_only_to_who_waits()
    {
        List<Reply> shown = [];
        Exchange first = new(Request("ping"), shown.Add);
        Exchange second = new(Request("ping"), shown.Add);

        first.Complete(Reply("error unavailable later"));
        second.Complete(Reply("pong"));

        Assert.True((await first.Reply.InTime()).IsUnavailable);
        Assert.Same(await second.Reply.InTime(), Assert.Single(shown));
    }

    [Fact]
    public async Task A_broken_connection_says_whether_the_request_was_sent()
    {
        Exchange exchange = new(Request("ping"), inOrder: null);

        exchange.Fail(new ConnectionBrokenException("cut", wasSent: true));

        Assert.True((await Assert.ThrowsAsync<ConnectionBrokenException>(() => exchange.Reply)).WasSent);
    }
}
