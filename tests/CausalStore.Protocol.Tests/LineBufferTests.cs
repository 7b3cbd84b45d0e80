using System.Buffers;
using System.Runtime.InteropServices;
using CausalStore.Protocol.Tests.Kit;

namespace CausalStore.Protocol.Tests;

public sealed class LineBufferTests
{
    [Theory]
    [InlineData("a\nb\n", "a|b")]
    [InlineData("a\r\nb\r\n", "a|b")]
    [InlineData("\n\r\na\n", "||a")]
    [InlineData("a\rb\n", "a\rb")]
    [InlineData("a\r\r\n", "a\r")]
    [InlineData("a\nrest", "a")]
    [InlineData("", "")]
    public void Lines_end_with_LF_and_lose_one_CR(string sent, string lines)
    {
        using LineBuffer whole = new(100);
        using LineBuffer trickle = new(100);

        Assert.Equal(lines, string.Join('|', Lines(whole, sent)));
        Assert.Equal(lines, string.Join('|', sent.SelectMany(one => Lines(trickle, $"{one}"))));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void However_the_bytes_come_the_lines_are_the_same(int seed)
    {
        Random random = new(seed);
        string[] sent =
            [.. Enumerable.Range(0, 300).Select(number => new string('x', random.Next(3000)) + number)];
        byte[] bytes = Wire.Bytes(string.Concat(sent.Select(line => line + "\n")));
        using LineBuffer buffer = new(5000);
        List<string> lines = [];

        for (int at = 0; at < bytes.Length;)
        {
            var space = buffer.ReceiveSpace(random.Next(1, 9000)).Span;
            int count = Math.Min(Math.Min(space.Length, bytes.Length - at), random.Next(1, 6000));
            bytes.AsSpan(at, count).CopyTo(space);
            buffer.Received(count);
            at += count;
            lines.AddRange(Take(buffer));
        }

        Assert.True(sent.SequenceEqual(lines), $"seed {seed}");
    }

    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    public void A_line_may_be_exactly_as_long_as_is_allowed(string end)
    {
        string longest = new('x', 100);
        using LineBuffer whole = new(100);
        using LineBuffer trickle = new(100);

        Assert.Equal([longest, "y"], Lines(whole, longest + end + "y\n"));
        Assert.Equal([longest, "y"], (longest + end + "y\n").SelectMany(one => Lines(trickle, $"{one}")));
    }

    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    public void One_byte_more_is_reported_once_and_the_line_is_its_end(string end)
    {
        string tooLong = new('x', 101);
        using LineBuffer whole = new(100);
        using LineBuffer trickle = new(100);

        Assert.Equal(["first", "<too long>", "<ended>"], Lines(whole, "first\n" + tooLong + end));
        Assert.Equal(["<too long>", "<ended>"], (tooLong + end).SelectMany(one => Lines(trickle, $"{one}")));
    }

    [Fact]
    public void What_is_too_long_is_dropped_as_it_comes_and_keeps_no_memory()
    {
        using LineBuffer buffer = new(100);

        Assert.Equal(["<too long>"], Lines(buffer, new string('x', 150)));

        for (int piece = 0; piece < 100; piece++)
        {
            Assert.Equal([], Lines(buffer, new string('x', 5000)));
            Assert.Equal(0, buffer.Length);
        }

        Assert.Equal(["<ended>"], Lines(buffer, "xx\n"));
    }

    [Fact]
    public void Nothing_behind_a_line_that_is_too_long_is_a_line()
    {
        using LineBuffer buffer = new(10);

        var lines = Lines(buffer, new string('x', 20) + "\nwrite k v\n");

        Assert.Equal(["<too long>", "<ended>"], lines.Distinct());
    }

    [Fact]
    public void The_limit_may_be_raised_on_the_way()
    {
        using LineBuffer buffer = new(10);
        Assert.Equal(["hello"], Lines(buffer, "hello\n12345"));

        buffer.LineBytesMax = 100;

        Assert.Equal(["12345" + new string('x', 90)], Lines(buffer, new string('x', 90) + "\n"));
    }

    [Fact]
    public void A_long_line_grows_the_memory_and_loses_nothing()
    {
        using LineBuffer buffer = new(1 << 20);
        string line = string.Concat(Enumerable.Range(0, 100_000).Select(number => $"{number},"));
        List<string> lines = [];

        foreach (char[] piece in line.Chunk(1000).Append(['\n']))
        {
            lines.AddRange(Lines(buffer, new string(piece)));
        }

        Assert.Equal(line, Assert.Single(lines));
        Assert.Equal(0, buffer.Length);
    }

    [Fact]
    public void Memory_is_given_back_to_the_pool_when_nothing_is_in_it()
    {
        using LineBuffer buffer = new(100);
        Assert.Equal(["a"], Lines(buffer, "a\nb"));
        byte[] memory = MemoryOf(buffer);

        buffer.Release();
        Assert.Same(memory, MemoryOf(buffer));

        Assert.Equal(["b"], Lines(buffer, "\n"));
        buffer.Release();

        // The pool hands out what this thread has given back last.
        byte[] rented = ArrayPool<byte>.Shared.Rent(memory.Length);
        Assert.Same(memory, rented);
        ArrayPool<byte>.Shared.Return(rented);
        Assert.Equal(["c"], Lines(buffer, "c\n"));
    }

    [Fact]
    public void There_is_room_for_what_was_wished_where_memory_is_borrowed()
    {
        using LineBuffer buffer = new(1 << 20);

        Assert.True(buffer.ReceiveSpace(200_000).Length >= 200_000);
    }

    private static byte[] MemoryOf(LineBuffer buffer)
    {
        Assert.True(MemoryMarshal.TryGetArray<byte>(buffer.ReceiveSpace(), out var segment));
        return segment.Array!;
    }

    private static List<string> Lines(LineBuffer buffer, string sent)
    {
        var bytes = Wire.Bytes(sent).AsSpan();
        List<string> lines = [];

        while (!bytes.IsEmpty)
        {
            var space = buffer.ReceiveSpace().Span;
            int count = Math.Min(space.Length, bytes.Length);
            bytes[..count].CopyTo(space);
            buffer.Received(count);
            bytes = bytes[count..];
            lines.AddRange(Take(buffer));
        }

        return lines;
    }

    private static List<string> Take(LineBuffer buffer)
    {
        List<string> lines = [];

        while (true)
        {
            switch (buffer.TryTake(out var line))
            {
                case LineResult.Line:
                    lines.Add(Wire.Text(line));
                    break;
                case LineResult.TooLong:
                    lines.Add("<too long>");
                    break;
                case LineResult.Ended:
                    lines.Add("<ended>");
                    break;
                default:
                    return lines;
            }
        }
    }
}
