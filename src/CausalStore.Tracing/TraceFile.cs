using System.Buffers;
using System.Threading.Channels;
using CausalStore.Protocol;

namespace CausalStore.Tracing;

/// <summary>
/// Where one process writes what happens: a bounded queue, and a task that empties it into the file. What
/// does not fit into the queue is dropped and counted, and the count stands in the trace; nobody waits.
/// </summary>
/// <remarks>The file is written through whenever the queue is empty, so that a crash takes little of it. A
/// file that is there is gone on with: the same process, in its next life.</remarks>
public sealed class TraceFile : IAsyncDisposable
{
    /// <summary>Events that wait to be written, at most.</summary>
    public const int EventsMax = 1 << 16;

    private const int PortionBytes = 1 << 16;
    private static readonly TimeSpan WriteTheRestWithin = TimeSpan.FromSeconds(5);

    private readonly Channel<TraceLine> _queue = Channel.CreateBounded<TraceLine>(
        new BoundedChannelOptions(EventsMax)
        {
            SingleReader = true,
            FullMode = BoundedChannelFullMode.Wait,
        });

    private readonly Stream _stream;
    private readonly TracedProcess _process;
    private readonly TimeProvider _time;
    private readonly Action<string> _onFailure;
    private readonly ArrayBufferWriter<byte> _portion = new(PortionBytes);
    private Task _writing = Task.CompletedTask;
    private long _sequence;
    private long _dropped;
    private long _droppedWritten;

    /// <param name="onFailure">Told once why nothing more can be written; from any thread.</param>
    public TraceFile(Stream stream, TracedProcess process, TimeProvider time, Action<string> onFailure)
    {
        _stream = stream;
        _process = process;
        _time = time;
        _onFailure = onFailure;
    }

    /// <summary>Events that nobody wrote down.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>Opens a file for one process alone; what is there stays.</summary>
    /// <exception cref="IOException">It cannot be written, or another process writes it.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public static FileStream Open(string path)
    {
        FileStream file = new(
            path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, bufferSize: 0);

        try
        {
            KeepOthersOut(file);
            EndTornLine(file);
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Says that the process begins.</summary>
    /// <param name="consistency">A server's; null: it is a client.</param>
    public void Start(Consistency? consistency = null)
    {
        Add(new TraceEvent.Started(consistency));
        _writing = Task.Run(WriteAsync);
    }

    /// <summary>Takes an event that happens now.</summary>
    public void Add(TraceEvent traced) => Add(traced, NextSequence(), Now());

    /// <summary>Takes one that has happened: <see cref="NextSequence"/> and <see cref="Now"/> were asked
    /// then.</summary>
    public void Add(TraceEvent traced, long sequence, DateTime time)
    {
        if (!_queue.Writer.TryWrite(new TraceLine(_process, sequence, time, traced)))
        {
            Interlocked.Increment(ref _dropped);
        }
    }

    public long NextSequence() => Interlocked.Increment(ref _sequence);

    public DateTime Now() => _time.GetUtcNow().UtcDateTime;

    /// <summary>Says that the process stops, and writes what waits unless the disk has stopped taking
    /// it.</summary>
    public async ValueTask DisposeAsync()
    {
        Add(new TraceEvent.Stopped());
        _queue.Writer.TryComplete();

        try
        {
            await _writing.WaitAsync(WriteTheRestWithin);
        }
        catch (TimeoutException)
        {
            _onFailure("the trace is not complete: its file takes nothing more");
            return;
        }

        await _stream.DisposeAsync();
    }

    /// <summary>Who draws the run may read along; who writes as well would overwrite.</summary>
    private static void KeepOthersOut(FileStream file)
    {
        if (!OperatingSystem.IsMacOS())
        {
            file.Lock(long.MaxValue - 1, 1);
        }
    }

    /// <summary>A crash may have torn the last line; the next one is not to be lost with it.</summary>
    private static void EndTornLine(FileStream file)
    {
        if (file.Length == 0)
        {
            return;
        }

        file.Seek(-1, SeekOrigin.End);
        bool isTorn = file.ReadByte() != '\n';

        if (isTorn)
        {
            file.WriteByte((byte)'\n');
        }
    }

    private async Task WriteAsync()
    {
        try
        {
            await foreach (var line in _queue.Reader.ReadAllAsync())
            {
                WriteDropped();
                TraceWriter.Write(line, _portion);

                if (_portion.WrittenCount >= PortionBytes || _queue.Reader.Count == 0)
                {
                    await _stream.WriteAsync(_portion.WrittenMemory);
                    _portion.ResetWrittenCount();
                }
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            _queue.Writer.TryComplete();
            _onFailure($"the trace ends here: {error.Message}");
        }
    }

    private void WriteDropped()
    {
        long dropped = Dropped;

        if (dropped > _droppedWritten)
        {
            TraceEvent.Dropped gap = new(dropped - _droppedWritten);
            _droppedWritten = dropped;
            TraceWriter.Write(new TraceLine(_process, NextSequence(), Now(), gap), _portion);
        }
    }
}
