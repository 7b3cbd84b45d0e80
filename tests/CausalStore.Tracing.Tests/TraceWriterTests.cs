using System.Buffers;
using System.Text;
using CausalStore.Protocol;

namespace CausalStore.Tracing.Tests;

/// <summary>That all of it is read again is tested with the <see cref="TraceParser"/>.</summary>
public sealed class TraceWriterTests
{
    [Fact]
    public void A_line_says_who_when_and_what_and_is_meant_for_people()
    {
        DateTime time = new(2026, 1, 2, 3, 4, 5, 678, DateTimeKind.Utc);
        ArrayBufferWriter<byte> output = new();

        TraceWriter.Write(
            new TraceLine(TracedProcess.Client("zoë"), 7, time, new TraceEvent.Noted("<é>")), output);
        TraceWriter.Write(
            new TraceLine(TracedProcess.Server(new ServerId(3)), 8, time, new TraceEvent.Stopped()), output);

        Assert.Equal(
            """
            {"client":"zoë","seq":7,"t":"2026-01-02T03:04:05.678000Z","event":"note","text":"<é>"}
            {"server":3,"seq":8,"t":"2026-01-02T03:04:05.678000Z","event":"stop"}

            """.ReplaceLineEndings("\n"),
            Encoding.UTF8.GetString(output.WrittenSpan));
    }
}
