namespace CausalStore.Simulation;

internal static class CrashPoints
{
    /// <summary>Whether a line that has just been handed in is what the crash waited for.</summary>
    public static bool IsReachedAt(this CrashPoint point, ReadOnlySpan<byte> line) => point switch
    {
        CrashPoint.WhileCopying => line.StartsWith("cop"u8),
        CrashPoint.WhileJoining => line.StartsWith("join"u8) || line.StartsWith("member "u8),
        CrashPoint.WhileSettling => line.StartsWith("statement "u8) || line.StartsWith("settled "u8)
            || line.StartsWith("forgotten "u8) || line.StartsWith("lost "u8),
        _ => false,
    };

    public static Happening ToHappening(this CrashPoint point) => point switch
    {
        CrashPoint.InATurn => Happening.CrashesInTheMiddleOfATurn,
        CrashPoint.AfterATurn => Happening.CrashesAfterATurn,
        CrashPoint.WhileSending => Happening.CrashesWhileSending,
        CrashPoint.WhileSaving => Happening.CrashesWhileSaving,
        CrashPoint.WhileCopying => Happening.CrashesWhileCopying,
        CrashPoint.WhileJoining => Happening.CrashesWhileJoining,
        CrashPoint.WhileSettling => Happening.CrashesWhileSettling,
        _ => Happening.Crashes,
    };
}
