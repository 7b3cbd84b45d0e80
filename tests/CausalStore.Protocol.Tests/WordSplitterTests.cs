using CausalStore.Protocol.Tests.Kit;

namespace CausalStore.Protocol.Tests;

public sealed class WordSplitterTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("    ", "")]
    [InlineData("read x y", "read|x|y")]
    [InlineData("  read   x ", "read|x")]
    [InlineData("write k \"\"", "write|k|")]
    [InlineData("\"write\" \"k\" \"v\"", "write|k|v")]
    [InlineData("\"two words\" x", "two words|x")]
    [InlineData(@"""\\ \"" \n \r \t \x41 \xe2\x82\xAC""", "\\ \" \n \r \t A €")]
    [InlineData(@"a\nb", @"a\nb")]
    [InlineData("schlüssel 鍵", "schlüssel|鍵")]
    public void Words_stand_between_spaces_or_quotes(string line, string words) =>
        Assert.Equal(words, string.Join('|', Wire.Split(line)));

    [Fact]
    public void Bytes_from_0x80_up_pass_through_bare_and_quoted()
    {
        byte[] high = [.. Enumerable.Range(0x80, 0x80).Select(value => (byte)value)];
        byte[][] words = Wire.Split([.. high, .. " \""u8, .. high, .. "\" \"\\x80"u8, .. high, (byte)'"']);

        Assert.Equal(high, words[0]);
        Assert.Equal(high, words[1]);
        Assert.Equal([0x80, .. high], words[2]);
    }

    [Theory]
    [InlineData("write k \"v", "not closed")]
    [InlineData("\"", "not closed")]
    [InlineData(@"""a\""", "not closed")]
    [InlineData("\"a\"b", "after a closing quote")]
    [InlineData("\"a\"\"b\"", "after a closing quote")]
    [InlineData("a\"b\"", "inside a bare word")]
    [InlineData(@"""\q""", "unknown escape")]
    [InlineData(@"""\", "unknown escape")]
    [InlineData(@"""\N""", "unknown escape")]
    [InlineData(@"""\x4""", "unknown escape")]
    [InlineData(@"""\x4g""", "unknown escape")]
    [InlineData(@"""\x 4""", "unknown escape")]
    public void What_is_malformed_is_said(string line, string error) =>
        Assert.Contains(error, Wire.Refused(ErrorCode.Syntax, () => Wire.Split(line)));

    [Fact]
    public void A_control_character_is_refused_bare_and_quoted_and_told()
    {
        foreach (int control in Enumerable.Range(0, 0x20).Append(0x7f))
        {
            byte value = (byte)control;
            byte[][] lines =
            [
                [value], [.. "read "u8, value], [.. "a"u8, value, .. "b"u8], [.. "\"a"u8, value, .. "b\""u8],
                [.. "\"\\n"u8, value, (byte)'"'],
            ];

            foreach (byte[] line in lines)
            {
                Assert.Contains($"0x{value:X2}", Wire.Refused(ErrorCode.Syntax, () => Wire.Split(line)));
            }
        }
    }

    [Fact]
    public void A_bad_line_leaves_nothing_behind()
    {
        WordSplitter splitter = new();
        Assert.Throws<ProtocolException>(() => splitter.Split(@"a ""b\n"" ""c"u8));

        var words = splitter.Split(@"""d\t"" e"u8);

        Assert.Equal(2, words.Count);
        Assert.Equal("d\t", Wire.Text(words[0]));
        Assert.Equal("e", Wire.Text(words[1]));
    }

    [Fact]
    public void Words_are_as_many_and_as_long_as_the_line_allows()
    {
        string[] many = [.. Enumerable.Range(0, 5000).Select(number => $"{number}\n")];
        string line = string.Join(' ', many.Select(word => Wire.Written(output => output.AppendWord(word))));

        Assert.Equal(many, Wire.Split(line));
    }

    [Fact]
    public void The_memory_of_a_huge_line_is_given_back_at_the_next_one()
    {
        WordSplitter splitter = new();
        byte[] huge = Wire.Bytes(string.Concat(Enumerable.Repeat("a ", 1 << 20)));
        splitter.Split(huge);
        splitter.Split("ping"u8);

        long before = GC.GetAllocatedBytesForCurrentThread();
        splitter.Split(huge);

        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before > 1 << 20, "it was still there");
    }
}
