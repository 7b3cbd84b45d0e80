using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace CausalStore.Server.Storage;

/// <summary>
/// Forces what was written to a file to the disk, with its length, but without the time of its last change:
/// where the file does not grow, that spares the file system a transaction of its own, and half the time.
/// macOS and Windows have no such call that is as strong: there it costs what everything costs.
/// </summary>
/// <param name="path">The file; no lock of SQLite's may be on it, for closing it here would release
/// that.</param>
/// <exception cref="IOException">It cannot be opened.</exception>
internal sealed partial class DataSync(string path) : IDisposable
{
    private readonly SafeFileHandle _file = File.OpenHandle(
        path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);

    public static bool IsCheaper => OperatingSystem.IsLinux();

    /// <summary>How many times it got there.</summary>
    public long Count { get; private set; }

    /// <exception cref="IOException">It did not get there, and never may: it must not be tried
    /// again.</exception>
    public void Flush()
    {
        if (!IsCheaper)
        {
            RandomAccess.FlushToDisk(_file);
        }
        else if (Sync(_file) < 0)
        {
            throw new IOException($"fdatasync of {path} failed: {Marshal.GetLastPInvokeErrorMessage()}");
        }

        Count++;
    }

    public void Dispose() => _file.Dispose();

    [LibraryImport("libc", EntryPoint = "fdatasync", SetLastError = true)]
    private static partial int Sync(SafeFileHandle file);
}
