using System.Runtime.InteropServices;

namespace CausalStore.Terminal;

/// <summary>What a terminal obeys.</summary>
public static partial class Ansi
{
    public const string ClearScreen = "\e[H\e[2J";

    /// <summary>A screen of its own, which leaves what was there as it is, and no cursor on it.</summary>
    public const string EnterOwnScreen = "\e[?1049h\e[?25l";

    public const string LeaveOwnScreen = "\e[?25h\e[?1049l";

    public const string GoHome = "\e[H";

    public const string ClearRestOfRow = "\e[K";

    public const string ClearBelow = "\e[J";

    private const int StandardOutput = -11;
    private const uint ObeySequences = 0x4;

    /// <summary>Whether the terminal that is written to obeys, which on Windows must be asked for.</summary>
    public static bool IsObeyed()
    {
        if (Console.IsOutputRedirected || Environment.GetEnvironmentVariable("TERM") == "dumb")
        {
            return false;
        }

        if (!OperatingSystem.IsWindows())
        {
            return true;
        }

        nint console = GetStdHandle(StandardOutput);
        return GetConsoleMode(console, out uint mode) && SetConsoleMode(console, mode | ObeySequences);
    }

    /// <summary>Whether it shows colours and nobody has asked for none (https://no-color.org).</summary>
    public static bool HasColour() =>
        string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")) && IsObeyed();

    public static string Up(int rows) => $"\e[{rows}A";

    /// <param name="colour">Null: as it is.</param>
    public static string Coloured(string text, ConsoleColor? colour) =>
        colour is { } known && text.Length > 0 ? $"\e[{Code(known)}m{text}\e[0m" : text;

    private static int Code(ConsoleColor colour) => colour switch
    {
        ConsoleColor.Black => 30,
        ConsoleColor.DarkRed => 31,
        ConsoleColor.DarkGreen => 32,
        ConsoleColor.DarkYellow => 33,
        ConsoleColor.DarkBlue => 34,
        ConsoleColor.DarkMagenta => 35,
        ConsoleColor.DarkCyan => 36,
        ConsoleColor.Gray => 37,
        ConsoleColor.DarkGray => 90,
        ConsoleColor.Red => 91,
        ConsoleColor.Green => 92,
        ConsoleColor.Yellow => 93,
        ConsoleColor.Blue => 94,
        ConsoleColor.Magenta => 95,
        ConsoleColor.Cyan => 96,
        _ => 97,
    };

    [LibraryImport("kernel32")]
    private static partial nint GetStdHandle(int which);

    [LibraryImport("kernel32")]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool GetConsoleMode(nint console, out uint mode);

    [LibraryImport("kernel32")]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool SetConsoleMode(nint console, uint mode);
}
