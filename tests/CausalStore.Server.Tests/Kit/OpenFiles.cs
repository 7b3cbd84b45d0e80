using System.Diagnostics;

namespace CausalStore.Server.Tests.Kit;

/// <summary>How many files and sockets a process may have open here.</summary>
public static class OpenFiles
{
    private static readonly Lazy<long> Limit = new(Ask);

    public static long Most => Limit.Value;

    private static long Ask()
    {
        if (OperatingSystem.IsWindows())
        {
            return long.MaxValue;
        }

        // .NET raises the soft limit to the hard one.
        using var shell = Process.Start(new ProcessStartInfo("sh", ["-c", "ulimit -Hn"])
        {
            RedirectStandardOutput = true,
        })!;
        string limit = shell.StandardOutput.ReadToEnd().Trim();
        return long.TryParse(limit, out long files) ? files : long.MaxValue;
    }
}
