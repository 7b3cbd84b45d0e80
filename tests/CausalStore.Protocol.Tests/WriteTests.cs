using CausalStore.Protocol.Tests.Kit;

namespace CausalStore.Protocol.Tests;

public sealed class WriteTests
{
    [Theory]
    [InlineData("replicate 1@1 0 - write x lost")]
    [InlineData("replicate 5@2 3 ..4@1,2@3 write x \"a b\" delete y")]
    [InlineData("replicate 9223372036854775806@2 9223372036854775805 9223372036854775805@1 delete y")]
    public void A_write_is_kept_as_the_line_in_which_it_travels(string line)
    {
        var write = Wire.Write(line);

        Assert.Equal(line + "\n", Wire.Text(write.Line));
        Assert.Equal(line, write.ToString());
        Assert.Equal(line[line.IndexOfAny(['w', 'd'])..], Wire.Text(write.OperationsText));
    }

    [Fact]
    public void It_is_written_in_one_form_however_it_came() => Assert.Equal(
        "replicate 5@2 0 ..1@1,2@3 write x \"\\n\"",
        Wire.Write("""  "replicate" 5@2  0 2@3,..1@1 write "x" "\x0a" """).ToString());

    [Fact]
    public void It_says_its_version_its_previous_and_its_needs()
    {
        var write = Wire.Write("replicate 5@2 3 4@1 write x lost");

        Assert.Equal(Wire.Version("5@2"), write.Version);
        Assert.Equal(3, write.Previous);
        Assert.Equal("4@1", write.Needs.ToString());
        Assert.True(write.Bytes > write.Line.Length);
    }

    [Fact]
    public void A_clients_operations_become_a_write_and_the_scratch_is_left_empty()
    {
        OutputBuffer scratch = new();
        var words = new WordSplitter().Split("write x  \"lost\""u8);

        var write = WriteLine.Of(Wire.Version("5@2"), 3, "4@1"u8, words).ToWrite(scratch);

        Assert.Equal("replicate 5@2 3 4@1 write x lost", write.ToString());
        Assert.True(scratch.IsEmpty);
    }

    [Theory]
    [InlineData("replicate", "the version is missing")]
    [InlineData("replicate 5 0 - write x v", "not a version")]
    [InlineData("replicate 5@2", "the previous timestamp is missing")]
    [InlineData("replicate 5@2 - - write x v", "not a timestamp")]
    [InlineData("replicate 5@2 4@2 - write x v", "not a timestamp")]
    [InlineData("replicate 5@2 0", "what the write needs is missing")]
    [InlineData("replicate 5@2 0 4 write x v", "not a context")]
    [InlineData("replicate 5@2 0 -", "at least one operation")]
    [InlineData("replicate 5@2 0 - read x", "expected 'write KEY VALUE'")]
    [InlineData("replicate 5@2 0 - write x", "the value to write is missing")]
    [InlineData("replicate 5@2 0 - write \"\" v", "at least one byte")]
    public void What_is_malformed_is_said(string line, string error) =>
        Assert.Contains(error, Wire.Refused(ErrorCode.Syntax, () => Wire.Write(line)));

    [Theory]
    [InlineData("replicate 5@2 0 - write x v", 0)]
    [InlineData("replicate 5@2 4 - write x v", 4)]
    [InlineData("replicate 5@2 4 1@1,3@3 write x v", 4)]
    [InlineData("replicate 5@2 1 1@1,..4@3 write x v", 4)]
    [InlineData("replicate 5@2 9223372036854775808 - write x v", long.MaxValue)]
    [InlineData("replicate 5@2 0 9223372036854775808@1 write x v", long.MaxValue)]
    public void The_greatest_timestamp_that_it_follows_or_needs_is_told(string line, long greatest) =>
        Assert.Equal(greatest, WriteLine.Parse(new WordSplitter().Split(Wire.Bytes(line))).OlderMax);

    [Theory]
    [InlineData("replicate 9223372036854775808@2 0 - write x v")]
    [InlineData("replicate 9223372036854775808@2 9223372036854775808 9223372036854775808@1 write x v")]
    public void A_timestamp_beyond_63_bits_is_read_so_that_it_can_be_refused_as_too_large(string line) =>
        Assert.Equal(long.MaxValue, Wire.Write(line).Version.Timestamp);

    [Fact]
    public void A_key_that_is_too_large_is_told_as_such() => Wire.Refused(
        ErrorCode.TooLarge, () => Wire.Write($"replicate 5@2 0 - delete {new string('k', 1025)}"));
}
