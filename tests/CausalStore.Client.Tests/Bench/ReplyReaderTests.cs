using System.Text;
using CausalStore.Client.Bench;

namespace CausalStore.Client.Tests.Bench;

public sealed class ReplyReaderTests
{
    private const string Lines = "ok 5@2\nvalue key:1 x 5@2\nmissing key:2\nerror syntax no\nok 6@2\n";

    private const string Resp =
        "+OK\r\n$3\r\nabc\r\n$-1\r\n$0\r\n\r\n:1\r\n-ERR no\r\n_\r\n$9\r\n+O\n-E\r\n:1\r\n+OK\r\n";

    public static TheoryData<bool, string, int, int, int, string> Streams => new()
    {
        { false, Lines, 5, 1, 1, "error syntax no" },
        { true, Resp, 9, 2, 1, "-ERR no" },
    };

    /// <summary>Values may hold anything, line ends and what looks like a reply among it.</summary>
    [Theory]
    [MemberData(nameof(Streams))]
    public void Replies_are_counted_in_whatever_pieces_they_come(
        bool isResp, string text, int replies, int missing, int errors, string firstError)
    {
        byte[] bytes = Encoding.ASCII.GetBytes(text);

        for (int piece = 1; piece <= bytes.Length; piece++)
        {
            ReplyTally tally = new();
            var reader = ReplyReader.Create(isResp, tally);
            int taken = bytes.Chunk(piece).Sum(part => reader.Take(part));

            Assert.Equal(
                (piece, replies, missing, errors, firstError),
                (piece, taken, tally.Missing, tally.Errors, tally.FirstError));
        }
    }

    [Theory]
    [InlineData(false, "ok 5@")]
    [InlineData(true, "+O")]
    [InlineData(true, "$3\r\nabc\r")]
    [InlineData(true, "$3\r\n")]
    public void A_reply_counts_when_it_is_whole(bool isResp, string beginning)
    {
        var reader = ReplyReader.Create(isResp, new ReplyTally());
        Assert.Equal(0, reader.Take(Encoding.ASCII.GetBytes(beginning)));
    }

    [Fact]
    public void A_long_line_in_pieces_is_known_by_its_beginning()
    {
        ReplyTally tally = new();
        var reader = ReplyReader.Create(isResp: false, tally);
        byte[] line = Encoding.ASCII.GetBytes($"value key:1 {new string('x', 5000)} 5@2\n");

        Assert.Equal(1, line.Chunk(100).Sum(part => reader.Take(part)));
        Assert.Equal(0, tally.Errors);
    }

    [Theory]
    [InlineData(false, "+OK\r\n")]
    [InlineData(true, "ok 5@2\n")]
    [InlineData(true, "$x\r\n")]
    [InlineData(true, "\r\n")]
    public void What_the_protocol_does_not_say_is_an_error(bool isResp, string reply)
    {
        ReplyTally tally = new();
        ReplyReader.Create(isResp, tally).Take(Encoding.ASCII.GetBytes(reply));
        Assert.Equal(1, tally.Errors);

        tally.Clear();
        Assert.Equal((0L, null), (tally.Errors, tally.FirstError));
    }
}
