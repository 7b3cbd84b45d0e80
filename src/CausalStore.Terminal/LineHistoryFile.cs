using System.Text;

namespace CausalStore.Terminal;

/// <summary>
/// Where typed lines are kept from one session to the next: a line each, UTF-8. Several processes may use it
/// at once: each opens it alone for as long as it takes to append a line. Bounded: where twice as many lines
/// stand as are kept, the older ones go.
/// </summary>
public sealed class LineHistoryFile(string path, TimeProvider time)
{
    /// <summary>Nobody's typing: a file of that size is something else, and left alone.</summary>
    private const int BytesMax = 32 * 1024 * 1024;

    private const int AttemptsMax = 100;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    public string Path { get; } = path;

    /// <summary>The usual place of this user; null: there is none.</summary>
    public static string? DefaultPath(string program)
    {
        string folder = Environment.GetFolderPath(
            Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
        return folder.Length > 0 ? System.IO.Path.Combine(folder, program, "history") : null;
    }

    /// <summary>Adds what is kept there.</summary>
    /// <returns>Why it could not be read; null: it was, or there is none yet.</returns>
    public async Task<string?> ReadIntoAsync(LineHistory history, CancellationToken stop) =>
        await TryAsync(
            FileMode.Open,
            file =>
            {
                foreach (string line in Read(file))
                {
                    history.Add(line);
                }
            },
            stop);

    /// <summary>Adds a line, unless it is one that is not kept.</summary>
    /// <returns>Why that was not possible; null: it was.</returns>
    public async Task<string?> AppendAsync(string line, CancellationToken stop)
    {
        if (!LineHistory.IsKept(line))
        {
            return null;
        }

        return await TryAsync(FileMode.OpenOrCreate, file => Append(file, line), stop);
    }

    private static List<string> Read(FileStream file)
    {
        List<string> lines = [];
        using StreamReader reader = new(file, Encoding.UTF8, leaveOpen: true);

        while (reader.ReadLine() is { } line)
        {
            lines.Add(Harmless(line));
        }

        return lines;
    }

    private static void Append(FileStream file, string line)
    {
        var lines = Read(file);

        if (lines.Count >= 2 * LineHistory.LinesMax)
        {
            lines.RemoveRange(0, lines.Count - LineHistory.LinesMax);
            string kept = string.Concat(lines.Select(kept => kept + "\n"));
            file.Position = 0;
            file.Write(Encoding.UTF8.GetBytes(kept));
            file.SetLength(file.Position);
        }

        // A process that was killed may have left half a line.
        file.Position = Math.Max(0, file.Length - 1);
        bool isTorn = file.ReadByte() is not ('\n' or -1);
        file.Position = file.Length;
        file.Write(Encoding.UTF8.GetBytes((isTorn ? "\n" : "") + Harmless(line) + "\n"));
    }

    /// <summary>Whoever has written to the file: nothing in it is obeyed by a terminal.</summary>
    private static string Harmless(string line) => line.Any(char.IsControl)
        ? string.Concat(line.Where(character => !char.IsControl(character)))
        : line;

    private async Task<string?> TryAsync(FileMode mode, Action<FileStream> use, CancellationToken stop)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                using var file = Open(mode);

                if (file.Length > BytesMax)
                {
                    return $"{Path} is no history of typed lines";
                }

                use(file);
                return null;
            }
            catch (Exception missing) when (
                missing is FileNotFoundException or DirectoryNotFoundException && mode == FileMode.Open)
            {
                return null;
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                if (attempt == AttemptsMax || failure is not IOException)
                {
                    return failure.Message;
                }
            }

            // Somebody else is at it, for a moment.
            await Task.Delay(Pause, time, stop);
        }
    }

    private FileStream Open(FileMode mode)
    {
        if (mode == FileMode.OpenOrCreate
            && System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(Path)) is { } folder)
        {
            Directory.CreateDirectory(folder);
        }

        FileStreamOptions options = new()
        {
            Mode = mode,
            Access = FileAccess.ReadWrite,
            Share = FileShare.None,
            BufferSize = 0,
        };

        // What is written may be nobody else's business.
        if (mode == FileMode.OpenOrCreate && !OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return new FileStream(Path, options);
    }
}
