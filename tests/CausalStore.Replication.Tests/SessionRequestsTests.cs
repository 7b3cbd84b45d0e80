using CausalStore.Replication.Tests.Kit;

namespace CausalStore.Replication.Tests;

public sealed class SessionRequestsTests
{
    [Fact]
    public void A_write_gets_the_next_version_and_is_read_back()
    {
        var client = TestServer.Alone().Connect();

        Assert.Equal("ok 1@1", client.Say("write x lost"));
        Assert.Equal("ok 2@1", client.Say("write y \"found again\""));
        Assert.Equal(
            ["value x lost 1@1", "value y \"found again\" 2@1", "missing z"], client.Ask("read x y z"));
    }

    [Fact]
    public void A_name_is_told_once_and_not_kept_at_any_length()
    {
        var server = TestServer.Waiting(1, 60002);
        var client = server.Connect();

        client.Say("hello client alice");
        client.Say("hello client alice");
        Assert.Single(server.Notices.OfType<Notice.ClientNamed>());

        client.Say($"hello client {new string('a', 100_000)}");
        Assert.Equal(64, client.Session.Name.Length);
    }

    [Fact]
    public void A_delete_leaves_a_tombstone_that_goes_when_everybody_has_it()
    {
        var server = TestServer.Alone();
        var client = server.Connect();
        client.Say("write x 1");

        Assert.Equal("ok 2@1", client.Say("delete x"));
        Assert.Equal("missing x 2@1", client.Say("read x"));

        server.Pass(seconds: 2);
        Assert.Equal("missing x", client.Say("read x"));
    }

    [Fact]
    public void Of_the_same_key_twice_in_one_write_the_last_one_counts()
    {
        var client = TestServer.Alone().Connect();
        client.Say("watch \"\"");

        Assert.Equal(
            ["ok 1@1", "update x 3 1@1", "update y 2 1@1"],
            client.Ask("write x 1 delete x write y 2 write x 3"));
        Assert.Equal("value x 3 1@1", client.Say("read x"));
    }

    [Theory]
    [InlineData("scan \"\"", "value a 1 1@1|value b 2 2@1|value bc 3 3@1|end 3")]
    [InlineData("scan b", "value b 2 2@1|value bc 3 3@1|end 2")]
    [InlineData("scan \"\" 1 a", "value b 2 2@1|end 1")]
    [InlineData("scan x", "end 0")]
    public void A_scan_shows_keys_in_order(string request, string answer)
    {
        var client = TestServer.Alone().Connect();
        client.Say("write a 1");
        client.Say("write b 2");
        client.Say("write bc 3");

        Assert.Equal(answer.Split('|'), client.Ask(request));
    }

    [Theory]
    [InlineData("write x", "error syntax")]
    [InlineData("write \"\" v", "error syntax")]
    [InlineData("read", "error syntax")]
    [InlineData("fly", "error unknown-command")]
    [InlineData("scan a 10001", "error syntax")]
    [InlineData("scan a 0", "error syntax")]
    [InlineData("link 2 cut", "error not-allowed")]
    [InlineData("context 7", "error syntax")]
    [InlineData("context 9223372036854775808@1", "error too-large")]
    [InlineData("forget 1", "error not-allowed")]
    [InlineData("write x \"open", "error syntax")]
    public void A_bad_request_is_answered_and_changes_nothing(string request, string error)
    {
        var client = TestServer.Alone().Connect();

        Assert.StartsWith(error + " ", client.Say(request));
        Assert.Equal("ok 1@1", client.Say("write x 1"));
    }

    [Fact]
    public void A_request_that_is_refused_half_way_leaves_no_half_answer()
    {
        var server = TestServer.Alone(3);
        var one = server.MeetMember(1);

        for (int timestamp = 2; timestamp <= 2 * (SessionContext.NamedMax + 1); timestamp += 2)
        {
            one.Say($"replicate {timestamp}@1 {timestamp - 1} - write k{timestamp:0000} 1");
        }

        var client = server.Connect();
        client.Ask($"scan k {SessionContext.NamedMax}");

        Assert.StartsWith("error overloaded ", client.Say("read k0002 k8194"));
        Assert.StartsWith("value k0002 1 ", client.Say("read k0002"));
    }

    [Fact]
    public void Who_does_not_read_what_is_traced_is_told_so_and_cut_off()
    {
        var server = TestServer.Alone();
        var tracer = server.Connect();
        tracer.Say("trace");
        byte[] megabyte = new byte[1 << 20];
        Array.Fill(megabyte, (byte)'t');

        for (int count = 0; count < 70; count++)
        {
            server.Turn(() => tracer.Session.PushTraced(megabyte));
        }

        Assert.True(tracer.Session.IsClosing);
        string[] heard = tracer.Heard();
        Assert.All(heard[..^1], line => Assert.StartsWith("traced t", line));
        Assert.StartsWith("error overloaded ", heard[^1]);
        Assert.Equal("ok 1@1", server.Connect().Say("write x 1"));
    }
}
