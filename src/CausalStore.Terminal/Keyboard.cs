using System.Threading.Channels;

namespace CausalStore.Terminal;

/// <summary>The keys that are pressed. A thread of its own always waits for the next one, so that the
/// terminal never echoes what is typed while a request is under way.</summary>
public sealed class Keyboard
{
    /// <summary>Keys that may wait; what is pasted beyond it is dropped, as a terminal does.</summary>
    private const int WaitingKeysMax = 64 * 1024;

    private readonly Channel<ConsoleKeyInfo> _keys = Channel.CreateBounded<ConsoleKeyInfo>(
        new BoundedChannelOptions(WaitingKeysMax) { FullMode = BoundedChannelFullMode.DropWrite });

    public ChannelReader<ConsoleKeyInfo> Keys => _keys.Reader;

    /// <summary>Begins to read keys, until there are no more or the process ends.</summary>
    /// <param name="next">Waits for a key; nothing can interrupt it.</param>
    public void Start(Func<ConsoleKeyInfo> next)
    {
        Thread thread = new(() => Read(next)) { IsBackground = true, Name = "keyboard" };
        thread.Start();
    }

    /// <summary>As if a key had been pressed.</summary>
    public void Press(ConsoleKeyInfo key) => _keys.Writer.TryWrite(key);

    /// <summary>Ctrl-C comes as a signal, and not as a key.</summary>
    public void PressControlC() =>
        Press(new ConsoleKeyInfo('\x03', ConsoleKey.C, shift: false, alt: false, control: true));

    /// <summary>No key will be pressed any more.</summary>
    public void End() => _keys.Writer.TryComplete();

    private void Read(Func<ConsoleKeyInfo> next)
    {
        try
        {
            while (_keys.Writer.TryWrite(next()))
            {
            }
        }
        catch (Exception error) when (error is InvalidOperationException or IOException)
        {
            // The terminal is gone.
            End();
        }
    }
}
