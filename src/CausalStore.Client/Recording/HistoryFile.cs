using System.Text;
using System.Text.Json;

namespace CausalStore.Client.Recording;

/// <summary>
/// A file of JSON lines to which several programs may append. It is opened for one line at a time and by one
/// program at a time, so that no line is torn by another one and nothing is kept back that a crash could
/// take.
/// </summary>
/// <remarks>What a crash left of a line is cut off before the next one is written.</remarks>
internal sealed class HistoryFile(string path)
{
    private const int TailPortion = 4096;

    private static readonly byte[] OwnBeginning = "{\"session\":"u8.ToArray();

    // Windows keeps other writers out of a file that is read along; elsewhere only None keeps out anybody.
    private static readonly FileShare Alone =
        OperatingSystem.IsWindows() ? FileShare.Read : FileShare.None;

    private readonly HashSet<string> _sessions = [];
    private long _looked;

    /// <summary>Looks whether it can be written and is a history; creates it if it is not there.</summary>
    /// <exception cref="IOException">It cannot be had, or is something else.</exception>
    public void Prepare()
    {
        using var file = Open();
        CutTornLine(file);
        LearnSessions(file);
    }

    /// <summary>Appends the line of a session that has a name here already.</summary>
    public void Append(string line)
    {
        using var file = Open();
        CutTornLine(file);
        Write(file, line);
    }

    /// <summary>Appends the first line of a session under a name that no other session has here.</summary>
    /// <param name="wanted">What it is to be called, followed by a number where that is taken.</param>
    /// <param name="lineOf">Makes the line with that name.</param>
    /// <returns>The name.</returns>
    public string AppendFirst(string wanted, Func<string, string> lineOf)
    {
        using var file = Open();
        CutTornLine(file);
        LearnSessions(file);
        string name = wanted;

        for (int number = 2; !_sessions.Add(name); number++)
        {
            name = $"{wanted}~{number}";
        }

        Write(file, lineOf(name));
        return name;
    }

    private static void Write(FileStream file, string line)
    {
        file.Seek(0, SeekOrigin.End);
        file.Write(Encoding.UTF8.GetBytes(line + "\n"));
    }

    private FileStream Open() =>
        PatientFile.Open(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, Alone);

    /// <exception cref="IOException">Its end was not written by a client.</exception>
    private void CutTornLine(FileStream file)
    {
        long start = StartOfTornLine(file);

        if (start == file.Length)
        {
            return;
        }

        byte[] torn = new byte[Math.Min(OwnBeginning.Length, file.Length - start)];
        file.Seek(start, SeekOrigin.Begin);
        file.ReadExactly(torn);

        if (!OwnBeginning.AsSpan().StartsWith(torn))
        {
            throw new IOException($"{path} does not end as a history does; record to another file");
        }

        file.SetLength(start);
    }

    /// <summary>Behind the last line end: the file's own end, if nothing is torn.</summary>
    private static long StartOfTornLine(FileStream file)
    {
        Span<byte> portion = stackalloc byte[TailPortion];
        int length = 1;

        for (long end = file.Length; end > 0; end -= length, length = TailPortion)
        {
            length = (int)Math.Min(length, end);
            file.Seek(end - length, SeekOrigin.Begin);
            file.ReadExactly(portion[..length]);
            int last = portion[..length].LastIndexOf((byte)'\n');

            if (last >= 0)
            {
                return end - length + last + 1;
            }
        }

        return 0;
    }

    /// <summary>Learns who has a name here, from what has been added since the last look.</summary>
    private void LearnSessions(FileStream file)
    {
        file.Seek(_looked <= file.Length ? _looked : 0, SeekOrigin.Begin);
        using StreamReader lines = new(file, bufferSize: 64 * 1024, leaveOpen: true);

        while (lines.ReadLine() is { } line)
        {
            if (!string.IsNullOrWhiteSpace(line))
            {
                _sessions.Add(SessionOf(line));
            }
        }

        _looked = file.Length;
    }

    private string SessionOf(string line)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            return document.RootElement.GetProperty("session").GetString()!;
        }
        catch (Exception error) when (
            error is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new IOException($"{path} holds something else than a history; record to another file");
        }
    }
}
