using System.Text;
using CausalStore.Client.Shell;
using CausalStore.Terminal;
using static CausalStore.Client.Tests.Kit.Versions;

namespace CausalStore.Client.Tests.Shell;

public sealed class CompleterTests
{
    private readonly List<string> _asked = [];
    private string[] _answer = ["end 0"];

    [Theory]
    [InlineData("pen", "pending ")]
    [InlineData("wh", "why ")]
    [InlineData("w", "w")]
    [InlineData("wat", "watch ")]
    [InlineData("final ", "final ")]
    [InlineData("final s", "final scan ")]
    [InlineData("write x lost d", "write x lost delete ")]
    [InlineData("link 3 h", "link 3 heal ")]
    [InlineData("help caus", "help causality ")]
    public async Task Requests_and_their_words(string typed, string completed) =>
        Assert.Equal(completed, Completed(typed, await CompleteAsync(typed)));

    [Theory]
    [InlineData("x")]
    [InlineData("context 7")]
    [InlineData("write x \"lo")]
    [InlineData("read \"a\"b")]
    public async Task Where_nothing_is_known_nothing_is_offered(string typed) =>
        Assert.Null(await CompleteAsync(typed));

    [Fact]
    public async Task A_single_key_is_written_out()
    {
        Keys("greeting");

        Assert.Equal("read x greeting ", Completed("read x gr", await CompleteAsync("read x gr")));
        Assert.Equal(["scan gr 100"], _asked);
    }

    [Fact]
    public async Task Of_several_keys_what_they_have_in_common_is_written()
    {
        Keys("user:alice", "user:bob", "other");

        var completion = await CompleteAsync("read u");
        Assert.Equal("read user:", Completed("read u", completion));
        Assert.Equal(["user:alice", "user:bob"], completion!.Candidates);

        Assert.Equal("user:", (await CompleteAsync("read user:"))!.Text);
    }

    [Fact]
    public async Task Keys_with_spaces_are_quoted()
    {
        Keys("two words");
        Assert.Equal("read \"two words\" ", Completed("read tw", await CompleteAsync("read tw")));
        Assert.Equal("read \"two words\" ", Completed("read \"two w", await CompleteAsync("read \"two w")));

        Keys("two words", "two wishes");
        Assert.Equal("read \"two w", Completed("read tw", await CompleteAsync("read tw")));
        Assert.Equal("read \"two w", Completed("read \"two w", await CompleteAsync("read \"two w")));
    }

    [Fact]
    public async Task Characters_are_not_broken()
    {
        // The two differ in the second half of their last character.
        Keys("💍", "💎");

        var completion = await CompleteAsync("read ");

        Assert.Equal("", completion!.Text);
        Assert.Equal(2, completion.Candidates.Count);
    }

    [Fact]
    public async Task Of_more_keys_than_are_asked_for_nobody_knows_what_they_have_in_common()
    {
        Keys([.. Enumerable.Range(100, 100).Select(number => $"key{number}")]);

        var completion = await CompleteAsync("read k");

        Assert.Equal("k", completion!.Text);
        Assert.Equal(100, completion.Candidates.Count);
    }

    [Fact]
    public async Task What_a_terminal_would_obey_or_nobody_can_read_is_not_offered()
    {
        Keys("a\e[2J", "a\u202Eb", new string('a', 300), "ab");

        Assert.Equal("read ab ", Completed("read a", await CompleteAsync("read a")));
    }

    [Fact]
    public async Task Servers_are_those_of_the_cluster()
    {
        _answer =
        [
            "member 1 k7Qm joined this server", "member 12 Zt4h 127.0.0.1:60002 connected", "forgotten 13",
            "end 3",
        ];

        Assert.Equal("link 12 ", Completed("link 1", await CompleteAsync("link 1")));
        Assert.Equal("forget 12 ", Completed("forget ", await CompleteAsync("forget ")));
        Assert.Equal(["members", "members"], _asked);
    }

    [Theory]
    [InlineData("error unavailable it waits")]
    [InlineData(null)]
    public async Task A_server_that_does_not_say_offers_nothing(string? answer)
    {
        _answer = answer is null ? [] : [answer];

        Assert.Null(await CompleteAsync("read x"));
        Assert.Null(await CompleteAsync("link "));
    }

    private static string Completed(string typed, Completion? completion) =>
        typed[..completion!.Start] + completion.Text;

    private void Keys(params string[] keys) => _answer =
    [
        .. keys.Select(key => $"value {Quoted(key)} 1 1@1"),
        $"end {keys.Length}",
    ];

    private static string Quoted(string key) =>
        Encoding.UTF8.GetString(RequestLine.Of("read", key).Line.Span)["read ".Length..];

    private async Task<Completion?> CompleteAsync(string typed)
    {
        Completer completer = new((request, _) =>
        {
            _asked.Add(Encoding.UTF8.GetString(request.Line.Span));
            return Task.FromResult(_answer.Length > 0 ? Reply(_answer) : null);
        });
        return await completer.CompleteAsync(typed, TestContext.Current.CancellationToken);
    }
}
