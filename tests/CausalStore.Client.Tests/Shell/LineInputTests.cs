using System.Text;
using CausalStore.Client.Shell;
using CausalStore.Client.Tests.Kit;
using CausalStore.Protocol;

namespace CausalStore.Client.Tests.Shell;

public sealed class LineInputTests
{
    [Theory]
    [InlineData("a\nb\n", "a|b")]
    [InlineData("a\r\nb", "a|b")]
    [InlineData("\uFEFFa\n\uFEFFb\n", "a|\uFEFFb")]
    [InlineData("a\n\n  \nb\n", "a|||b")]
    [InlineData("", "")]
    public async Task Lines_are_taken_as_they_are_without_a_byte_order_mark(string input, string lines)
    {
        using LineInput reader = new(new MemoryStream(Encoding.UTF8.GetBytes(input)));
        List<string> read = [];

        while (await reader.NextAsync(Eventually.Stop) is { } line)
        {
            read.Add(Encoding.UTF8.GetString(line).Trim());
        }

        Assert.Equal(lines, string.Join('|', read));
    }

    [Fact]
    public async Task Bytes_that_are_no_text_are_kept()
    {
        using LineInput reader = new(new MemoryStream([0x61, 0xFF, 0x0A]));

        Assert.Equal([0x61, 0xFF], await reader.NextAsync(Eventually.Stop));
    }

    [Fact]
    public async Task A_line_that_no_server_takes_is_refused()
    {
        using LineInput reader = new(new MemoryStream(new byte[(32 * 1024 * 1024) + 10]));

        await Assert.ThrowsAsync<ProtocolException>(() => reader.NextAsync(Eventually.Stop));
    }

    [Fact]
    public async Task Waiting_for_a_line_can_be_ended()
    {
        await using SilentStream silent = new();
        using LineInput reader = new(silent);
        using CancellationTokenSource stop = new();
        var next = reader.NextAsync(stop.Token);

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next.InTime());
    }

    /// <summary>Like a terminal at which nobody types: a read blocks until the stream is disposed.</summary>
    private sealed class SilentStream : MemoryStream
    {
        private readonly ManualResetEventSlim _ended = new();

        public override int Read(Span<byte> buffer)
        {
            _ended.Wait();
            return 0;
        }

        protected override void Dispose(bool disposing)
        {
            _ended.Set();
            base.Dispose(disposing);
        }
    }
}
