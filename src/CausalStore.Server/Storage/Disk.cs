using System.Runtime.InteropServices;

namespace CausalStore.Server.Storage;

/// <summary>What it takes that a file is on the disk and not only in the system's memory.</summary>
internal static partial class Disk
{
    private const int ReadOnly = 0;

    /// <summary>Forces a file to the disk, if it is there. Not one that SQLite has open: closing it here
    /// would release SQLite's locks.</summary>
    /// <exception cref="IOException">It did not get there.</exception>
    public static void Flush(string path)
    {
        if (File.Exists(path))
        {
            using var file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
            RandomAccess.FlushToDisk(file);
        }
    }

    /// <summary>Forces the names in a directory to the disk; Windows does so by itself.</summary>
    /// <exception cref="IOException">They did not get there.</exception>
    public static void FlushDirectory(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        int descriptor = Open(path, ReadOnly);

        if (descriptor < 0)
        {
            throw new IOException($"{path} cannot be opened: {Marshal.GetLastPInvokeErrorMessage()}");
        }

        int result = Sync(descriptor);
        string why = Marshal.GetLastPInvokeErrorMessage();
        _ = Close(descriptor);

        if (result < 0)
        {
            throw new IOException($"{path} cannot be forced to the disk: {why}");
        }
    }

    /// <summary>Gives a finished file its name, for good.</summary>
    public static void Publish(string temporary, string path)
    {
        Flush(temporary);
        File.Move(temporary, path, overwrite: false);
        FlushDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
    }

    [LibraryImport(
        "libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Sync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int descriptor);
}
