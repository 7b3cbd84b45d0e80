using System.Text;
using CausalStore.Protocol;

namespace CausalStore.Server.Storage;

// What the facts of a backup become when a new server begins with it.
//
// It founds a cluster of its own. Everybody who had a part in the old one, the server that was saved
// included, is forgotten, and settled with exactly what is in the backup: what is not is lost, and what was
// delayed needs what is lost. So nothing of the old cluster is waited for, and nothing of it is ever taken in
// again.
internal static class RestoredFacts
{
    private const int ListedLossesMax = 1000;

    /// <param name="facts">The lines that were saved.</param>
    /// <param name="saved">The server that was saved.</param>
    /// <param name="instance">The INSTANCE of the new one, and the name of its cluster.</param>
    /// <param name="delayed">The delayed writes of the backup: they are lost.</param>
    /// <exception cref="ProtocolException">The lines are no facts.</exception>
    public static byte[] From(
        ReadOnlySpan<byte> facts, ServerId saved, string instance, IReadOnlyList<WriteVersion> delayed)
    {
        var forgotten = SavedFacts.Ids(facts);
        forgotten.Add(saved);
        forgotten.UnionWith(delayed.Select(version => version.Origin));

        string applied = Word(facts, "applied ") ?? "-";
        OutputBuffer lines = new();
        lines.Append("cluster "u8).AppendWord(instance).EndLine();
        lines.Append("joined"u8).EndLine();

        foreach (var id in forgotten.Order())
        {
            lines.Append($"forgotten {id}").EndLine();
        }

        lines.Append($"clock {Word(facts, "clock ") ?? "0"}").EndLine();

        if (Word(facts, "lost ") is { } lost)
        {
            lines.Append($"lost {lost}").EndLine();
        }

        lines.Append($"applied {applied}").EndLine();
        lines.Append($"settled {IdSet.Of(forgotten)} {applied}").EndLine();

        if (Losses(facts, delayed) is { } losses)
        {
            lines.Append($"losses {losses}").EndLine();
        }

        return lines.Written.ToArray();
    }

    private static string? Losses(ReadOnlySpan<byte> facts, IReadOnlyList<WriteVersion> delayed)
    {
        string[] before = (Word(facts, "losses ") ?? "0").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        long count = long.Parse(before[0]) + delayed.Count;
        var listed = before.Skip(1).Concat(delayed.Select(version => $"{version}")).TakeLast(ListedLossesMax);
        return count == 0 ? null : $"{count} {string.Join(' ', listed)}";
    }

    /// <summary>What follows a verb that stands in one line at most.</summary>
    private static string? Word(ReadOnlySpan<byte> facts, string verb)
    {
        foreach (var range in facts.Split((byte)'\n'))
        {
            string line = Encoding.UTF8.GetString(facts[range]);

            if (line.StartsWith(verb, StringComparison.Ordinal))
            {
                return line[verb.Length..];
            }
        }

        return null;
    }
}
