using CausalStore.Protocol;

namespace CausalStore.Tracing.Tests;

public sealed class TraceFileTests : IDisposable
{
    private static readonly TracedProcess Server = TracedProcess.Server(new ServerId(1));
    private readonly string _path = Path.GetTempFileName();
    private readonly List<string> _failures = [];

    [Fact]
    public async Task Events_stand_between_the_start_and_the_stop()
    {
        await using (TraceFile file = new(TraceFile.Open(_path), Server, TimeProvider.System, _failures.Add))
        {
            file.Start(Consistency.Causal);
            file.Add(new TraceEvent.Noted("one"));
            file.Add(new TraceEvent.Noted("two"));
        }

        var lines = Read();
        Assert.Equal(
            [
                new TraceEvent.Started(Consistency.Causal), new TraceEvent.Noted("one"),
                new TraceEvent.Noted("two"), new TraceEvent.Stopped(),
            ],
            lines.Select(line => line.Event));
        Assert.Equal([1, 2, 3, 4], lines.Select(line => line.Sequence));
        Assert.All(lines, line => Assert.Equal(Server, line.Process));
    }

    [Fact]
    public async Task The_next_life_goes_on_behind_a_torn_line()
    {
        string line = """{"server":1,"seq":1,"t":"2026-01-01T00:00:00Z","event":"stop"}""";
        File.WriteAllText(_path, line + "\n{\"ser");

        await using (TraceFile file = new(TraceFile.Open(_path), Server, TimeProvider.System, _failures.Add))
        {
            file.Start();
        }

        Assert.Equal(3, Read().Count);
        Assert.Equal(["trace, line 2: torn by a crash, left out"], _failures);
    }

    [Fact]
    public async Task What_does_not_fit_is_dropped_and_counted_and_nobody_waits()
    {
        GatedStream stream = new();
        TraceFile file = new(stream, Server, TimeProvider.System, _failures.Add);
        file.Start();
        int more = TraceFile.EventsMax + 1000;

        for (int count = 0; count < more; count++)
        {
            file.Add(new TraceEvent.Stopped());
        }

        Assert.InRange(file.Dropped, 1, 1001);
        long dropped = file.Dropped;
        stream.Open();
        await file.DisposeAsync();
        var lines = TraceReader.Read(new StringReader(stream.Text), "trace", _failures.Add);
        Assert.True(
            lines.Select(line => line.Event).OfType<TraceEvent.Dropped>().Sum(gap => gap.Count) >= dropped);
    }

    [Fact]
    public async Task A_file_that_cannot_be_written_is_told_once()
    {
        TraceFile file = new(new BrokenStream(), Server, TimeProvider.System, _failures.Add);
        file.Start();

        await file.DisposeAsync();

        Assert.Equal(["the trace ends here: full"], _failures);
    }

    public void Dispose() => File.Delete(_path);

    private IReadOnlyList<TraceLine> Read()
    {
        using StreamReader text = new(_path);
        return TraceReader.Read(text, "trace", _failures.Add);
    }

    /// <summary>A disk that takes nothing until it is told to.</summary>
    private sealed class GatedStream : MemoryStream
    {
        private readonly TaskCompletionSource _gate =
            new(TaskCreationOptions.RunContinuationsAsynchronously);

        public string Text => System.Text.Encoding.UTF8.GetString(ToArray());

        public void Open() => _gate.SetResult();

        public override async ValueTask WriteAsync(
            ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await _gate.Task;
            await base.WriteAsync(buffer, cancellationToken);
        }
    }

    private sealed class BrokenStream : MemoryStream
    {
        public override ValueTask WriteAsync(
            ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
            throw new IOException("full");
    }
}
