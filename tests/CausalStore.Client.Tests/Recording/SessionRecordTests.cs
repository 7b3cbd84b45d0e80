using CausalStore.Client.Recording;
using CausalStore.Client.Tests.Kit;
using static CausalStore.Client.Tests.Kit.Versions;

namespace CausalStore.Client.Tests.Recording;

public sealed class SessionRecordTests : IDisposable
{
    private readonly HistoryPath _path = new();
    private readonly SessionRecord _record;

    public SessionRecordTests() => _record = new SessionRecord(HistoryRecorder.AppendTo(_path.File), "alice");

    [Theory]
    [InlineData("write x 1", "ok 1@1", """[["w","x","1","1@1"]]}""")]
    [InlineData("write x 1", "ok", """[["w","x","1",null]],"status":"unknown"}""")]
    [InlineData("write x 1", "error internal failed", """[["w","x","1",null]],"status":"unknown"}""")]
    [InlineData("write x 1", "error unavailable it waits", null)]
    [InlineData("write x 1", "error overloaded too much", null)]
    [InlineData("read x", "error internal it failed", null)]
    [InlineData("read x", "missing x", """[["r","x",null,null]]}""")]
    [InlineData("context", "context 1@1", null)]
    [InlineData("watch x", "ok", null)]
    [InlineData("bogus", "error unknown-command no", null)]
    public void A_reply_says_whether_anything_was_done(string request, string reply, string? line)
    {
        _record.Replied(Request(request), Reply(reply));

        Assert.Equal(line is null ? [] : [$$"""{"session":"alice","ops":{{line}}"""], _path.Lines);
    }

    [Theory]
    [InlineData("write x 1", true)]
    [InlineData("read x", false)]
    [InlineData("link 3 cut", false)]
    public void Only_a_write_without_a_reply_is_of_interest(string request, bool isRecorded)
    {
        _record.NeverReplied(Request(request));

        Assert.Equal(isRecorded ? 1 : 0, _path.Lines.Length);
    }

    [Fact]
    public void A_look_that_shows_the_same_counts_again_after_something_else()
    {
        var poll = RequestLine.Poll("z");

        _record.Replied(poll, Reply("missing z"));
        _record.Replied(poll, Reply("missing z"));
        _record.Pushed(Line("update y 1 1@1").Meaning);
        _record.Replied(poll, Reply("missing z"));

        Assert.Equal(3, _path.Lines.Length);
    }

    [Fact]
    public void A_read_that_was_asked_before_the_final_ones_and_answered_after_them_is_left_out()
    {
        var final = Request("read x");
        final.IsAtRest = true;

        _record.Replied(final, Reply("missing x"));
        _record.Replied(Request("read x"), Reply("missing x"));
        _record.Replied(final, Reply("missing x"));

        Assert.Equal(2, _path.Lines.Length);
        Assert.All(_path.Lines, line => Assert.EndsWith("\"final\":true}", line));
    }

    public void Dispose() => _path.Dispose();
}
