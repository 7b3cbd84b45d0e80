using System.Text;
using CausalStore.Protocol;
using static CausalStore.Client.Tests.Kit.Versions;

namespace CausalStore.Client.Tests;

public sealed class RequestLineTests
{
    [Theory]
    [InlineData("read x", 1)]
    [InlineData("read x y \"z z\"", 3)]
    [InlineData("read", 1)]
    [InlineData("  read   x  ", 1)]
    [InlineData("write x y", 0)]
    public void A_read_is_answered_by_a_line_per_key(string line, int lines) =>
        Assert.Equal(lines, Request(line).ReadKeys);

    [Theory]
    [InlineData("scan \"\"")]
    [InlineData("pending")]
    [InlineData("why x")]
    [InlineData("status")]
    [InlineData("members")]
    public void Some_replies_end_with_a_count(string line) => Assert.True(Request(line).EndsWithCount);

    [Theory]
    [InlineData("read x")]
    [InlineData("write x y")]
    [InlineData("watch x")]
    [InlineData("context")]
    [InlineData("ping")]
    [InlineData("no-such-verb")]
    public void Others_do_not(string line) => Assert.False(Request(line).EndsWithCount);

    [Theory]
    [InlineData("read x", true)]
    [InlineData("scan x", true)]
    [InlineData("watch x", true)]
    [InlineData("context 1@1", true)]
    [InlineData("why x", true)]
    [InlineData("write x y", false)]
    [InlineData("delete x", false)]
    [InlineData("link 3 step", false)]
    [InlineData("forget 3", false)]
    [InlineData("no-such-verb", false)]
    public void Only_what_changes_nothing_may_be_asked_twice(string line, bool isRepeatable) =>
        Assert.Equal(isRepeatable, Request(line).IsRepeatable);

    [Fact]
    public void What_a_session_must_remember_is_read()
    {
        Assert.Equal("a b", Request("watch \"a b\"").Prefix);
        Assert.Equal("..5@2,9@3", Request("context ..5@2,9@3").Context.ToString());
        Assert.Equal(7, Request("scan a 7").ScanLimit);
        Assert.Equal(10_000, Request("scan a").ScanLimit);
    }

    [Theory]
    [InlineData("read \"x")]
    [InlineData("read x\ty")]
    [InlineData("   ")]
    [InlineData("")]
    public void Words_that_cannot_be_told_apart_are_no_request(string line) =>
        Assert.Throws<ProtocolException>(() => Request(line));

    [Fact]
    public void As_typed_the_server_judges_it_and_its_reply_is_one_line()
    {
        var request = RequestLine.AsTyped("read \"x"u8);

        Assert.Equal("read \"x\n", Encoding.UTF8.GetString(request.Wire.Span));
        Assert.Equal("", request.Verb);
        Assert.Equal(RequestKind.Other, request.Kind);
    }

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData("read x\nwrite y z")]
    public void What_has_no_reply_or_two_is_not_sent(string line) =>
        Assert.Throws<ProtocolException>(() => RequestLine.AsTyped(Encoding.UTF8.GetBytes(line)));

    [Fact]
    public void Each_word_is_quoted_where_it_must_be()
    {
        var request = RequestLine.Of("write", "-5", "", "a b", "\"\n", "@home", "[x]");

        Assert.Equal(
            "write -5 \"\" \"a b\" \"\\\"\\n\" @home [x]", Encoding.UTF8.GetString(request.Line.Span));
    }
}
