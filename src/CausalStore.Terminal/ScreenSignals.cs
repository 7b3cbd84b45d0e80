using System.Runtime.InteropServices;

namespace CausalStore.Terminal;

/// <summary>Draws the typed line again when the terminal has got another size, or the program the terminal
/// back. On Windows nobody says so; the next key draws it.</summary>
public sealed class ScreenSignals(Screen screen) : IDisposable
{
    private readonly PosixSignalRegistration[] _signals = OperatingSystem.IsWindows()
        ? []
        :
        [
            PosixSignalRegistration.Create(PosixSignal.SIGWINCH, _ => screen.Redraw()),
            PosixSignalRegistration.Create(PosixSignal.SIGCONT, _ => screen.Redraw()),
        ];

    public void Dispose()
    {
        foreach (var signal in _signals)
        {
            signal.Dispose();
        }
    }
}
