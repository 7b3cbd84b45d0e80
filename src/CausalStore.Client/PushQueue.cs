using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace CausalStore.Client;

/// <summary>
/// Pushes on their way to whoever takes them. Bounded in number and bytes; the policy is to cut off: who cannot
/// keep up gets what had come, then <see cref="PushesCutOffException"/>, never a story with pages torn out.
/// </summary>
internal sealed class PushQueue(int pushesMax, long bytesMax)
{
    private readonly Channel<(Push Push, int Bytes)> _queue = Channel.CreateBounded<(Push, int)>(
        new BoundedChannelOptions(pushesMax) { FullMode = BoundedChannelFullMode.Wait });

    private long _bytes;

    public void Add(Push push, int bytes)
    {
        bool hasRoom = Interlocked.Add(ref _bytes, bytes) <= bytesMax || _queue.Reader.Count == 0;

        if (!hasRoom || !_queue.Writer.TryWrite((push, bytes)))
        {
            _queue.Writer.TryComplete(new PushesCutOffException(
                $"more than {pushesMax} pushes or {bytesMax} bytes waited to be taken; the pushes end here"));
        }
    }

    /// <summary>No push comes after those that wait.</summary>
    public void Complete() => _queue.Writer.TryComplete();

    /// <exception cref="PushesCutOffException">They were not taken fast enough.</exception>
    public async IAsyncEnumerable<Push> TakeAsync([EnumeratorCancellation] CancellationToken stop)
    {
        await foreach (var (push, bytes) in _queue.Reader.ReadAllAsync(stop))
        {
            Interlocked.Add(ref _bytes, -bytes);
            yield return push;
        }
    }
}
