using CausalStore.Protocol.Tests.Kit;

namespace CausalStore.Protocol.Tests;

public sealed class RequestParserTests
{
    private static readonly string[] Canonicals =
    [
        "hello client alice", "hello client \"\" k7Qm2wXp", "scan \"\"", "scan user: 100",
        "scan user: 100 user:bob", "scan \"\" 10000 \"\"", "watch \"\"", "watch user:", "unwatch \"a b\"",
        "context", "context -", "context ..7@1,9@2", "pending", "why z", "why 5@2", "status", "members",
        "history \"a b\"", "conflicts", "trace",
        "link 3 cut", "link 3 heal", "link 3 delay 0", "link 3 delay 2000", "link 3 step", "link 3 step 7",
        "forget 4", "ping", "quit",
    ];

    public static TheoryData<string> Requests => [.. Canonicals];

    [Theory]
    [MemberData(nameof(Requests))]
    public void A_request_says_what_its_line_says(string line) =>
        Assert.Equal(line, Canonical.OfRequest(line));

    [Fact]
    public void No_kind_of_request_is_forgotten_here() =>
        Family.HasAnExampleOfEach(Canonicals.Select(Wire.Request), "RequestParserTests");

    [Fact]
    public void A_read_names_its_keys()
    {
        Assert.Equal("read x \"y z\"", Canonical.OfRequest("read x \"y z\""));
        Wire.Refused(ErrorCode.Syntax, () => Canonical.OfRequest("read"));
        Wire.Refused(ErrorCode.Syntax, () => Canonical.OfRequest("read x \"\""));
        Wire.Refused(ErrorCode.TooLarge, () => Canonical.OfRequest($"read {new string('k', 1025)}"));
    }

    [Fact]
    public void What_is_left_out_has_its_usual_value()
    {
        Assert.Equal(10_000, Assert.IsType<Request.Scan>(Wire.Request("scan x")).Limit);
        Assert.Null(Assert.IsType<Request.Scan>(Wire.Request("scan x 5")).After);
        Assert.Equal(1, Assert.IsType<Request.Link>(Wire.Request("link 3 step")).Amount);
        Assert.Null(Assert.IsType<Request.Hello>(Wire.Request("hello client alice")).Cluster);
    }

    [Fact]
    public void A_client_that_was_told_of_no_cluster_comes_from_none() =>
        Assert.Null(Assert.IsType<Request.Hello>(Wire.Request("hello client alice -")).Cluster);

    [Theory]
    [InlineData("hello", "it is: hello client NAME [CLUSTER]")]
    [InlineData("hello client", "it is: hello client NAME [CLUSTER]")]
    [InlineData("hello alice", "it is: hello client NAME [CLUSTER]")]
    [InlineData("hello server 2", "hello client NAME [CLUSTER]")]
    [InlineData("hello server 2 abc - 0", "a server says hello in its first line")]
    [InlineData("hello client alice c extra", "too many words; it is: hello client")]
    [InlineData("scan", "the prefix (\"\" is every key) is missing")]
    [InlineData("scan x 0", "the limit is a number from 1 to 10000")]
    [InlineData("scan x 10001", "the limit is a number from 1 to 10000")]
    [InlineData("scan x +1", "the limit is a number from 1 to 10000")]
    [InlineData("scan x -1", "the limit is a number from 1 to 10000")]
    [InlineData("scan x ten", "the limit is a number from 1 to 10000")]
    [InlineData("scan x 1.5", "the limit is a number from 1 to 10000")]
    [InlineData("scan x \"\"", "the limit is a number from 1 to 10000")]
    [InlineData("scan x 99999999999999999999", "the limit is a number from 1 to 10000")]
    [InlineData("scan x 5 after extra", "too many words; it is: scan PREFIX [LIMIT [AFTER]]")]
    [InlineData("watch", "the prefix (\"\" is every key) is missing")]
    [InlineData("watch a b", "too many words; it is: watch PREFIX")]
    [InlineData("unwatch", "the prefix (\"\" is every key) is missing")]
    [InlineData("unwatch a b", "too many words; it is: unwatch PREFIX")]
    [InlineData("context x", "not a context")]
    [InlineData("context 7@1 8@1", "too many words; it is: context [CONTEXT]")]
    [InlineData("pending x", "too many words; it is: pending")]
    [InlineData("why", "a key or a version is missing")]
    [InlineData("why \"\"", "a key has at least one byte")]
    [InlineData("history", "the key is missing")]
    [InlineData("history a b", "too many words; it is: history KEY")]
    [InlineData("conflicts x", "too many words; it is: conflicts")]
    [InlineData("why a b", "too many words; it is: why KEY, or why VERSION")]
    [InlineData("status x", "too many words; it is: status")]
    [InlineData("members x", "too many words; it is: members")]
    [InlineData("link", "the server's id is missing")]
    [InlineData("link 3", "cut, delay, heal or step is missing")]
    [InlineData("link 0 cut", "a server's id is a number from 1 to 65535")]
    [InlineData("link x cut", "a server's id is a number from 1 to 65535")]
    [InlineData("link 3 break", "it is: link SERVER cut | delay MILLISECONDS | heal | step [N]")]
    [InlineData("link 3 cut 5", "too many words; it is: link SERVER")]
    [InlineData("link 3 heal 5", "too many words; it is: link SERVER")]
    [InlineData("link 3 delay", "the milliseconds is missing")]
    [InlineData("link 3 delay -1", "the delay is a number from 0 to 86400000")]
    [InlineData("link 3 delay 86400001", "the delay is a number from 0 to 86400000")]
    [InlineData("link 3 delay 2s", "the delay is a number from 0 to 86400000")]
    [InlineData("link 3 delay 5 6", "too many words; it is: link SERVER")]
    [InlineData("link 3 step 0", "the number of writes is a number from 1 to")]
    [InlineData("forget", "the server's id is missing")]
    [InlineData("forget 65536", "a server's id is a number from 1 to 65535")]
    [InlineData("forget 4 5", "too many words; it is: forget SERVER")]
    [InlineData("ping x", "too many words; it is: ping")]
    [InlineData("quit now", "too many words; it is: quit")]
    public void What_is_malformed_is_said(string line, string error) =>
        Assert.Contains(error, Wire.Refused(ErrorCode.Syntax, () => Wire.Request(line)));

    [Theory]
    [InlineData("fly")]
    [InlineData("READ x")]
    [InlineData("\"\"")]
    [InlineData("replicate 5@2 0 - write x v")]
    public void What_is_no_command_is_answered_with_those_there_are(string line) =>
        Assert.Contains(
            "there are read, write", Wire.Refused(ErrorCode.UnknownCommand, () => Wire.Request(line)));

    [Fact]
    public void A_long_word_that_is_no_command_is_not_told_back_in_full()
    {
        string line = new('x', 9000);

        Assert.True(Wire.Refused(ErrorCode.UnknownCommand, () => Wire.Request(line)).Length < 300);
    }

    [Fact]
    public void A_key_to_explain_is_no_longer_than_a_key() =>
        Wire.Refused(ErrorCode.TooLarge, () => Wire.Request($"why {new string('k', 1025)}"));
}
