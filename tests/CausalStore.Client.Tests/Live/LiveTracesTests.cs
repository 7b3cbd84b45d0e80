using CausalStore.Client.Live;
using CausalStore.Protocol;
using CausalStore.Tracing;

namespace CausalStore.Client.Tests.Live;

public sealed class LiveTracesTests
{
    [Fact]
    public void Of_too_many_lines_the_oldest_go_and_are_counted()
    {
        LiveTraces traces = new(linesMax: 3);

        for (int number = 1; number <= 5; number++)
        {
            traces.Add(new TraceLine(
                TracedProcess.Server(new ServerId(1)), number, DateTime.UnixEpoch, new TraceEvent.Stopped()));
        }

        var (lines, dropped) = traces.Now();
        Assert.Equal([3, 4, 5], lines.Select(line => line.Sequence));
        Assert.Equal(2, dropped);
    }
}
