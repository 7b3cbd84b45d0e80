using System.Text;

namespace CausalStore.Server.Storage;

/// <summary>What a directory has, and whether it is sound; also while a server runs on it.</summary>
internal static class Inspection
{
    private const int NewestShown = 10;
    private const int ShownCharactersMax = 160;

    // The rest of `status` is about a server that runs.
    private static readonly string[] Shown =
    [
        "server", "instance", "cluster", "state", "consistency", "clock", "keys", "tombstones", "applied",
        "delayed", "forgotten", "lost", "lost.last", "settlement",
    ];

    /// <returns>Whether all is well.</returns>
    public static bool Tell(string directory, TextWriter output)
    {
        if (!File.Exists(Path.Combine(directory, StateFile.Name)))
        {
            output.WriteLine($"{directory} has no data of a server: {StateFile.Name} is not there");
            return false;
        }

        TellFiles(directory, output);

        try
        {
            StorageAdvice.Explaining(directory, id: null, () => TellContents(directory, output));
        }
        catch (StorageException wrong)
        {
            output.WriteLine($"verdict {(wrong.IsNewer ? "unknown" : "DAMAGED")}: {wrong.Message}");
            return false;
        }

        output.WriteLine("verdict ok: both files are whole, and every row is what was written");
        return true;
    }

    private static void TellFiles(string directory, TextWriter output)
    {
        foreach (string file in Directory.EnumerateFiles(directory).Order(StringComparer.Ordinal))
        {
            output.WriteLine($"file {Path.GetFileName(file)} {new FileInfo(file).Length}");
        }
    }

    private static void TellContents(string directory, TextWriter output)
    {
        using var saved = SavedState.Load(
            directory, () => StateFile.Open(Path.Combine(directory, StateFile.Name), Access.Read));
        var (state, journal) = (saved.State, saved.Journal);

        string fsync = state.Values.GetValueOrDefault("fsync", "-");
        string ended = state.Values.GetValueOrDefault("ended", "-");
        output.WriteLine(
            $"journal rows {journal.FirstRow} to {journal.LastRow}, saved state up to row {state.Folded}");
        output.WriteLine($"last run --fsync {fsync}, end {ended}");

        foreach (string line in Ask(saved, "status"u8).Where(line => Shown.Contains(line.Split(' ')[0])))
        {
            output.WriteLine(line);
        }

        foreach (string[] words in Ask(saved, "members"u8).Select(line => line.Split(' ')))
        {
            if (words[0] == "member")
            {
                output.WriteLine(string.Join(' ', words.Take(4)));
            }
        }

        // Rows that the state has as well are read here for the first time.
        Queue<string> newest = [];
        journal.Read(Math.Max(1, journal.FirstRow), (_, lines) => Remember(newest, lines));

        foreach (string line in newest)
        {
            output.WriteLine($"newest {line}");
        }

        DataDirectory.CheckIntegrity(JournalFile.Name, journal.CheckIntegrity());
    }

    private static List<string> Ask(SavedState saved, ReadOnlySpan<byte> request)
    {
        var session = saved.Replica.OpenSession();
        saved.Replica.Receive(session, request);
        string answer = Encoding.UTF8.GetString(session.Output.ToArray());
        saved.Replica.CloseSession(session);
        return [.. answer.Split('\n', StringSplitOptions.RemoveEmptyEntries)];
    }

    private static void Remember(Queue<string> newest, ReadOnlySpan<byte> lines)
    {
        foreach (var range in lines.Split((byte)'\n'))
        {
            if (!lines[range].StartsWith("replicate "u8))
            {
                continue;
            }

            var line = lines[range]["replicate ".Length..];
            newest.Enqueue(Encoding.UTF8.GetString(line[..Math.Min(line.Length, ShownCharactersMax)]));

            if (newest.Count > NewestShown)
            {
                newest.Dequeue();
            }
        }
    }
}
