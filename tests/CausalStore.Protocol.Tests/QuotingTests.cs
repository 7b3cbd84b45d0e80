using CausalStore.Protocol.Tests.Kit;

namespace CausalStore.Protocol.Tests;

public sealed class QuotingTests
{
    [Theory]
    [InlineData("x", "x")]
    [InlineData("it's", "it's")]
    [InlineData(@"a\b", @"a\b")]
    [InlineData("ring-ö-戒", "ring-ö-戒")]
    [InlineData("", "\"\"")]
    [InlineData("two words", "\"two words\"")]
    [InlineData("say \"yes\"", "\"say \\\"yes\\\"\"")]
    [InlineData("\"", "\"\\\"\"")]
    [InlineData(@"a \ b", @"""a \\ b""")]
    [InlineData("1\n2\r3\t4", @"""1\n2\r3\t4""")]
    [InlineData("\0\x1f\x7f", @"""\x00\x1F\x7F""")]
    public void A_word_is_quoted_only_where_it_must_be(string word, string written)
    {
        Assert.Equal(written, Wire.Written(output => output.AppendWord(word)));
        Assert.Equal([word], Wire.Split(written));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Any_bytes_come_back_as_they_were(int seed)
    {
        Random random = new(seed);

        for (int round = 0; round < 2000; round++)
        {
            byte[][] words = [.. Enumerable.Range(0, random.Next(1, 6)).Select(_ => RandomWord(random))];
            OutputBuffer line = new();

            foreach (byte[] word in words)
            {
                line.AppendWord(word).Append("   "u8[random.Next(3)..]);
            }

            byte[] written = line.Written.ToArray();
            string at = $"seed {seed}, round {round}: {Convert.ToHexString(written)}";

            Assert.True(written.All(value => value is >= 0x20 and not 0x7f), at);
            Assert.True(
                Wire.Split(written).Zip(words).All(pair => pair.First.SequenceEqual(pair.Second)), at);
            Assert.True(Wire.Split(written).Length == words.Length, at);
        }
    }

    [Fact]
    public void No_quoted_word_is_longer_than_the_room_that_is_asked_for()
    {
        byte[] word = new byte[100];

        Assert.Equal(
            Quoting.QuotedBytesMax(word.Length), Wire.Written(output => output.AppendWord(word)).Length);
    }

    [Theory]
    [InlineData("as it is", "as it is")]
    [InlineData("one\r\ntwo\0three\x7f", "one  two three ")]
    public void Text_that_ends_a_line_stays_on_it(string text, string line) =>
        Assert.Equal(line, Quoting.OneLine(text));

    // Short words, half of them of the bytes that mean something.
    private static byte[] RandomWord(Random random)
    {
        byte[] word = new byte[random.Next(12)];
        random.NextBytes(word);

        for (int index = 0; index < word.Length; index++)
        {
            word[index] = random.Next(2) == 0 ? " \"\\\n\r\tnrtx0\x7f"u8[random.Next(12)] : word[index];
        }

        return word;
    }
}
