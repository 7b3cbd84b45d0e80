using CausalStore.Protocol.Tests.Kit;

namespace CausalStore.Protocol.Tests;

public sealed class OutputBufferTests
{
    [Fact]
    public void Words_numbers_and_versions_are_appended_in_order()
    {
        OutputBuffer output = new();

        output.Append("ok"u8).Space().Append(Wire.Version("5@2")).Space().Append(-7L).Space()
            .Append(long.MinValue).Space().Append(new ServerId(65535)).Space()
            .AppendWord("a b").Append(" ü").EndLine();

        Assert.Equal("ok 5@2 -7 -9223372036854775808 65535 \"a b\" ü\n", Wire.Text(output.Written));
        Assert.Equal(output.Written.ToArray(), output.WrittenMemory.ToArray());
        Assert.Equal(output.Written.Length, output.Length);
    }

    [Fact]
    public void What_is_sent_goes_from_the_front()
    {
        OutputBuffer output = new();
        output.Append("abc"u8);

        output.Consume(2);
        output.Append("d"u8);

        Assert.Equal("cd", Wire.Text(output.Written));
        output.Consume(2);
        Assert.True(output.IsEmpty);
    }

    [Fact]
    public void What_turned_out_too_large_is_taken_back()
    {
        OutputBuffer output = new();
        output.Append("sent kept "u8);
        output.Consume("sent ".Length);
        int length = output.Length;
        output.Append(new string('x', 1000));

        output.TruncateTo(length);
        output.Append("end"u8);

        Assert.Equal("kept end", Wire.Text(output.Written));
    }

    [Fact]
    public void Much_that_waits_stands_in_pieces_none_of_which_is_copied()
    {
        const int Piece = 64 * 1024;
        OutputBuffer output = new(Piece);
        byte[] line = new byte[1000];
        long before = GC.GetAllocatedBytesForCurrentThread();

        for (int count = 0; count < 10_000; count++)
        {
            output.Append(line);
        }

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, output.Length, 1.1 * output.Length);
    }

    [Fact]
    public void What_is_taken_back_may_be_many_pieces()
    {
        OutputBuffer output = new(pieceBytes: 1024);
        output.Append("sent kept\n"u8);
        output.Consume("sent ".Length);
        output.Append(new byte[5000]).Append(new byte[5000]).Append("\n"u8);

        output.TruncateTo(output.IndexOf((byte)'\n') + 1);
        output.Append("end"u8);

        Assert.Equal("kept\nend", Wire.Text(output.ToArray()));
        Assert.Equal("sent kept\nend".Length, output.Position);
    }

    // Each kind of append, where a part is sent and the rest must move or grow.
    [Theory]
    [InlineData(1, int.MaxValue)]
    [InlineData(2, int.MaxValue)]
    [InlineData(3, 500)]
    [InlineData(4, 5000)]
    public void Nothing_is_lost_or_invented_however_it_is_filled_and_sent(int seed, int pieceBytes)
    {
        Random random = new(seed);
        OutputBuffer output = new(pieceBytes);
        List<byte> expected = [];
        List<byte> sent = [];

        for (int round = 0; round < 3000; round++)
        {
            expected.AddRange(AppendAny(output, random));

            if (random.Next(2) == 0)
            {
                int count = random.Next(output.Length + 1);
                Assert.StartsWith(Wire.Text(output.Written), Wire.Text(output.ToArray()));
                sent.AddRange(output.ToArray()[..count]);
                output.Consume(count);
            }
        }

        sent.AddRange(output.ToArray());
        Assert.Equal(expected.Count, output.Position);
        Assert.True(sent.SequenceEqual(expected), $"seed {seed}");
    }

    [Fact]
    public void Much_memory_is_not_kept_when_it_is_empty()
    {
        OutputBuffer output = new();
        output.Append(new byte[1 << 20]);
        output.Clear();

        long before = GC.GetAllocatedBytesForCurrentThread();
        output.Append("x"u8);

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 1, 4096);
    }

    [Fact]
    public void Little_memory_is_kept_for_the_next_line()
    {
        OutputBuffer output = new();
        output.Append(new byte[1000]);
        output.Clear();

        long before = GC.GetAllocatedBytesForCurrentThread();
        output.Append("a line"u8).Space().Append(5L).EndLine();

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static byte[] AppendAny(OutputBuffer output, Random random)
    {
        string text = new('x', random.Next(200));

        switch (random.Next(4))
        {
            case 0:
                output.Append(Wire.Bytes(text));
                return Wire.Bytes(text);
            case 1:
                output.Append(text);
                return Wire.Bytes(text);
            case 2:
                output.AppendWord($"{text} {text}");
                return Wire.Bytes($"\"{text} {text}\"");
            default:
                output.Append(text.Length);
                return Wire.Bytes($"{text.Length}");
        }
    }
}
