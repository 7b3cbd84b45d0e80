using System.Threading.Channels;
using CausalStore.Replication;
using Serilog;

namespace CausalStore.Server.Narration;

/// <summary>
/// Hands what happens to a task that prints it, so that a slow terminal never slows the store: what does not
/// fit into the queue is dropped and counted, and the count is printed.
/// </summary>
internal sealed class Narrator(ILogger log, Story story, Verbosity verbosity) : IAsyncDisposable
{
    /// <summary>Notices that wait to be printed, at most.</summary>
    public const int NoticesMax = 4096;

    // What waits keeps whole writes in memory.
    private const long BytesMax = 16 << 20;
    private static readonly TimeSpan PrintTheRestWithin = TimeSpan.FromSeconds(1);

    private readonly Channel<Notice> _queue = Channel.CreateBounded<Notice>(
        new BoundedChannelOptions(NoticesMax)
        {
            SingleReader = true,
            SingleWriter = true,
            FullMode = BoundedChannelFullMode.Wait,
        });

    private Task _printing = Task.CompletedTask;
    private long _bytes;
    private long _dropped;

    /// <summary>Notices that nobody saw.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    public void Start() => _printing = Task.Run(PrintAsync);

    /// <summary>Takes what a turn has brought; never waits.</summary>
    public void Tell(List<Notice> notices)
    {
        foreach (var notice in notices)
        {
            if (IsWanted(notice))
            {
                Enqueue(notice);
            }
        }
    }

    public void Warn(string text)
    {
        if (verbosity != Verbosity.Quiet)
        {
            Enqueue(new Notice.Cluster(text, IsWarning: true));
        }
    }

    /// <summary>Prints what waits, unless the terminal has stopped taking it.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.Writer.Complete();

        try
        {
            await _printing.WaitAsync(PrintTheRestWithin);
        }
        catch (TimeoutException)
        {
            // Whoever reads our output does not read it: there is nobody to tell.
        }
    }

    private bool IsWanted(Notice notice) => verbosity switch
    {
        Verbosity.Narrate => !IsForTheTrace(notice),
        Verbosity.Quiet => false,
        _ => notice is Notice.Cluster { IsWarning: true } or Notice.PeerUnreachable or Notice.BadLine,
    };

    private static bool IsForTheTrace(Notice notice) => notice is Notice.WriteSent or Notice.WriteReceived
        or Notice.KeysShown or Notice.ChangePushed or Notice.LinkDisturbed;

    private void Enqueue(Notice notice)
    {
        long waiting = Interlocked.Read(ref _bytes);
        long bytes = BytesOf(notice);
        bool fits = waiting == 0 || waiting + bytes <= BytesMax;

        // Added first: the task may have printed it before the next statement.
        Interlocked.Add(ref _bytes, bytes);

        if (!fits || !_queue.Writer.TryWrite(notice))
        {
            Interlocked.Add(ref _bytes, -bytes);
            Interlocked.Increment(ref _dropped);
        }
    }

    private async Task PrintAsync()
    {
        long told = 0;
        int printed = 0;

        await foreach (var notice in _queue.Reader.ReadAllAsync())
        {
            story.Tell(notice);
            Interlocked.Add(ref _bytes, -BytesOf(notice));
            long dropped = Dropped;

            if (dropped > told && (_queue.Reader.Count == 0 || ++printed % NoticesMax == 0))
            {
                log.Warning(
                    "{Count} messages were dropped here: more happened than can be printed", dropped - told);
                told = dropped;
            }
        }
    }

    private static long BytesOf(Notice notice) => notice switch
    {
        Notice.WriteAccepted(_, var write) => write.Bytes,
        Notice.WriteDelayed(var write, _, _) => write.Bytes,
        Notice.WriteApplied(var write, _, _, _) => write.Bytes,
        Notice.KeysRead read => read.First.Sum(pair => pair.Key.Length + pair.Value.Length)
            + read.Asked.Sum(key => key.Length),
        _ => 256,
    };
}
