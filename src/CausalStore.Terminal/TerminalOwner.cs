using System.Runtime.InteropServices;

namespace CausalStore.Terminal;

/// <summary>Whose terminal it is. A program that a shell has put into the background is stopped by the system
/// as soon as it reads from the terminal.</summary>
public static partial class TerminalOwner
{
    private const int StandardInput = 0;

    /// <summary>Whether this program may read what is typed.</summary>
    public static bool IsUs()
    {
        if (Console.IsInputRedirected)
        {
            return false;
        }

        return OperatingSystem.IsWindows() || tcgetpgrp(StandardInput) == getpgrp();
    }

    [LibraryImport("libc")]
    private static partial int tcgetpgrp(int file);

    [LibraryImport("libc")]
    private static partial int getpgrp();
}
