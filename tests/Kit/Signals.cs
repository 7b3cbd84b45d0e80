using System.Diagnostics;

namespace CausalStore.Tests.Kit;

/// <summary>Signals to processes that are started by tests.</summary>
internal static class Signals
{
    /// <summary>Skips a test where whoever is started from here does not hear a signal: a shell that has
    /// survived it says so.</summary>
    /// <param name="name">TERM or INT.</param>
    public static async Task SkipIfIgnoredAsync(string name)
    {
        const int Survived = 77;
        Assert.SkipWhen(OperatingSystem.IsWindows(), "no signals by name");
        using var shell = Process.Start("sh", ["-c", $"kill -{name} $$; exit {Survived}"]);
        await shell.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.SkipWhen(
            shell.ExitCode == Survived, "these tests run in the background, where Ctrl-C is not heard");
    }
}
