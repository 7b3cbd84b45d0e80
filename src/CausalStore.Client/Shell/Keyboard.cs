using System.Threading.Channels;

namespace CausalStore.Client.Shell;

/// <summary>The keys that are pressed. A thread of its own always waits for the next one, so that the
/// terminal never echoes what is typed while a request is under way.</summary>
internal static class Keyboard
{
    /// <summary>Keys that may wait; what is pasted beyond it is dropped, as a terminal does.</summary>
    private const int WaitingKeysMax = 64 * 1024;

    /// <summary>Begins to read keys, until there are no more or the process ends.</summary>
    /// <param name="next">Waits for a key; nothing can interrupt it.</param>
    public static ChannelReader<ConsoleKeyInfo> Start(Func<ConsoleKeyInfo> next)
    {
        BoundedChannelOptions dropping = new(WaitingKeysMax) { FullMode = BoundedChannelFullMode.DropWrite };
        var keys = Channel.CreateBounded<ConsoleKeyInfo>(dropping);
        Thread thread = new(() => Read(next, keys.Writer)) { IsBackground = true, Name = "keyboard" };
        thread.Start();
        return keys.Reader;
    }

    private static void Read(Func<ConsoleKeyInfo> next, ChannelWriter<ConsoleKeyInfo> keys)
    {
        try
        {
            while (keys.TryWrite(next()))
            {
            }
        }
        catch (Exception error) when (error is InvalidOperationException or IOException)
        {
            // The terminal is gone.
            keys.TryComplete();
        }
    }
}
