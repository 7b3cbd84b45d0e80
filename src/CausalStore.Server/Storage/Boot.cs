using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace CausalStore.Server.Storage;

/// <summary>Which start of the machine this is: <c>id WORD</c> where the system has one, else
/// <c>time SECONDS</c>.</summary>
internal static partial class Boot
{
    private const string LinuxBootId = "/proc/sys/kernel/random/boot_id";
    private const string MacSessionName = "kern.bootsessionuuid";
    private const string Time = "time ";

    // Clocks are set right now and then.
    private const double ToleranceSeconds = 120;

    public static string Current(TimeProvider time)
    {
        string? id = File.Exists(LinuxBootId) ? File.ReadAllText(LinuxBootId).Trim()
            : OperatingSystem.IsMacOS() ? MacSession()
            : null;
        var since = time.GetUtcNow() - TimeSpan.FromMilliseconds(Environment.TickCount64);
        return id is { Length: > 0 } ? $"id {id}" : $"{Time}{since.ToUnixTimeSeconds()}";
    }

    public static bool AreSame(string one, string other) =>
        one == other || (Seconds(one) is { } first && Seconds(other) is { } second
            && Math.Abs(first - second) <= ToleranceSeconds);

    private static double? Seconds(string boot) =>
        boot.StartsWith(Time, StringComparison.Ordinal)
            && double.TryParse(boot.AsSpan(Time.Length), CultureInfo.InvariantCulture, out double seconds)
            ? seconds
            : null;

    private static string? MacSession()
    {
        byte[] session = new byte[64];
        nint length = session.Length;
        return Ask(MacSessionName, session, ref length, 0, 0) == 0
            ? Encoding.ASCII.GetString(session.AsSpan(0, (int)length)).TrimEnd('\0')
            : null;
    }

    [LibraryImport("libc", EntryPoint = "sysctlbyname", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Ask(
        string name, [Out] byte[] value, ref nint length, nint newValue, nint newLength);
}
