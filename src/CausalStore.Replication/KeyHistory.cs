using System.Diagnostics;
using CausalStore.Protocol;

namespace CausalStore.Replication;

/// <summary>
/// <c>history K</c> and <c>conflicts</c>. Nothing is kept for the first but what the log has anyway and how
/// overwrites were judged: what the log has dropped is gone from a history as well.
/// </summary>
internal sealed class KeyHistory(ReplicaState state)
{
    /// <summary>Bytes of the log that are looked through for a key, from its end.</summary>
    private const long SearchedBytesMax = 16 << 20;

    /// <summary>Versions of a key that are listed: the last ones.</summary>
    private const int VersionsMax = 100;

    private readonly WordSplitter _splitter = new();

    private sealed class Entry(WriteVersion version, long? position)
    {
        public WriteVersion Version { get; } = version;

        /// <summary>Where it is in the log; null: not there.</summary>
        public long? Position { get; } = position;

        /// <summary>Whether it is a later write that won against this one, and not this one that came
        /// late.</summary>
        public bool WasShown { get; set; } = true;

        /// <summary>Null: it is what the key has.</summary>
        public Entry? Winner { get; set; }
    }

    /// <summary><c>version VERSION SECONDS FATE WINNER ORDER OP</c>, by version.</summary>
    public void Tell(OutputBuffer output, byte[] key)
    {
        int lines = 0;

        foreach (var entry in Decide(Find(key)).OrderBy(entry => entry.Version))
        {
            Append(output, entry, key);
            lines++;
        }

        foreach (var delayed in state.Delays.All.OrderBy(delayed => delayed.Write.Version))
        {
            if (lines < 2 * VersionsMax && OperationOn(key, delayed.Write.Line, output: null))
            {
                output.Append("version "u8).Append(delayed.Write.Version).Space();
                output.Append(Seconds(delayed.Since)).Append(" delayed - - "u8);
                OperationOn(key, delayed.Write.Line, output);
                output.EndLine();
                lines++;
            }
        }

        ResponseWriter.End(output, lines);
    }

    /// <summary><c>conflict WINNER LOSER SECONDS KEY</c>, the last one first; before them their
    /// count.</summary>
    public void TellConflicts(OutputBuffer output)
    {
        var overwrites = state.Overwrites;
        output.Append("unseen "u8).Append(overwrites.Unseen)
            .Append(" unknown "u8).Append(overwrites.Unknown).EndLine();

        foreach (var conflict in overwrites.Listed.Reverse())
        {
            output.Append("conflict "u8).Append(conflict.Winner).Space().Append(conflict.Loser).Space()
                .Append(Seconds(conflict.DecidedAt)).Space().AppendWord(conflict.Key).EndLine();
        }

        ResponseWriter.End(output, overwrites.Listed.Count + 1);
    }

    /// <summary>The last writes of a key that were applied here, in that order.</summary>
    private List<Entry> Find(byte[] key)
    {
        OutputBuffer word = new();
        word.AppendWord(key);
        List<Entry> found = [];
        long searched = 0;

        for (long position = state.Log.End - 1; position >= state.Log.First; position--)
        {
            var line = state.Log.LineAt(position);
            searched += line.Length;

            if (searched > SearchedBytesMax || found.Count == VersionsMax)
            {
                break;
            }

            if (line.IndexOf(word.Written) >= 0 && OperationOn(key, line, output: null))
            {
                found.Add(new Entry(state.Log[position].Version, position));
            }
        }

        found.Reverse();
        AddStored(key, found);
        return found;
    }

    /// <summary>What the key has may be older than the log, or have come with a copy of the state.</summary>
    private void AddStored(byte[] key, List<Entry> found)
    {
        var stored = state.Store.Find(key);
        var version = stored.Exists ? stored.Version : default;

        if (stored.Exists && !found.Exists(entry => entry.Version == version))
        {
            bool isNewest = found.TrueForAll(entry => entry.Version < version);
            found.Insert(isNewest ? found.Count : 0, new Entry(version, position: null));
        }
    }

    /// <summary>Says of each which one it lost to, by last writer wins.</summary>
    private static List<Entry> Decide(List<Entry> applied)
    {
        Entry? shown = null;

        foreach (var entry in applied)
        {
            if (shown is null || entry.Version > shown.Version)
            {
                shown?.Winner = entry;
                shown = entry;
            }
            else
            {
                entry.Winner = shown;
                entry.WasShown = false;
            }
        }

        return applied;
    }

    private void Append(OutputBuffer output, Entry entry, byte[] key)
    {
        output.Append("version "u8).Append(entry.Version).Space();
        output.Append(entry.Position is { } at ? Seconds(state.Log[at].AppliedAt) : "-").Space();

        if (entry.Winner is { } winner)
        {
            var order = state.Overwrites.Of(winner.Version, winner.Position, entry.Version, entry.Position);
            output.Append(entry.WasShown ? "replaced "u8 : "lost "u8).Append(winner.Version).Space()
                .Append(WordFor(order)).Space();
        }
        else
        {
            output.Append("current - - "u8);
        }

        if (entry.Position is { } position)
        {
            OperationOn(key, state.Log.LineAt(position), output);
        }
        else
        {
            AppendStored(output, key);
        }

        output.EndLine();
    }

    private void AppendStored(OutputBuffer output, byte[] key)
    {
        var stored = state.Store.Find(key);

        if (stored.IsTombstone)
        {
            output.Append("delete "u8).AppendWord(key);
        }
        else
        {
            output.Append("write "u8).AppendWord(key).Space().AppendWord(stored.Value);
        }
    }

    /// <summary>Finds the last thing that a write does to a key; false: it does nothing to it.</summary>
    private bool OperationOn(byte[] key, ReadOnlySpan<byte> line, OutputBuffer? output)
    {
        bool isThere = false;
        int start = output?.Length ?? 0;

        foreach (var operation in WriteLine.Parse(_splitter.Split(line[..^1])).Operations)
        {
            if (!operation.Key.SequenceEqual(key))
            {
                continue;
            }

            isThere = true;
            output?.TruncateTo(start);
            output?.Append(operation.IsDelete ? "delete "u8 : "write "u8).AppendWord(key);

            if (!operation.IsDelete)
            {
                output?.Space().AppendWord(operation.Value);
            }
        }

        return isThere;
    }

    private string Seconds(TimeSpan since) => (state.Now - since).TotalSeconds.ToString("0.###");

    private static string WordFor(OverwriteOrder order) => order switch
    {
        OverwriteOrder.Seen => "seen",
        OverwriteOrder.InOrder => "in-order",
        OverwriteOrder.Shown => "shown",
        OverwriteOrder.Unseen => "unseen",
        OverwriteOrder.Unknown => "unknown",
        _ => throw new UnreachableException(),
    };
}
