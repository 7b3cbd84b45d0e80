using System.Text;
using CausalStore.Protocol;
using CausalStore.Replication;

namespace CausalStore.Simulation;

/// <summary>
/// What a server keeps in its directory, and what outlives its process: its INSTANCE, the state as it was
/// saved last, and the journal. Whatever is in here is durable.
/// </summary>
internal sealed class SimulatedDisk(string instance)
{
    private readonly Dictionary<string, Saved> _keys = [];
    private readonly Dictionary<WriteVersion, byte[]> _delayed = [];
    private readonly List<(long Batch, byte[] Line)> _journal = [];
    private byte[] _facts = [];

    private sealed record Saved(byte[] Key, byte[]? Value, WriteVersion Version);

    private long _folded;

    public string Instance => instance;

    /// <summary>The last batch of the journal.</summary>
    public long LastBatch { get; private set; }

    /// <summary>What must be found here again.</summary>
    public MustSurvive MustSurvive { get; } = new();

    /// <summary>The process that runs on it, or ran on it last; one at a time.</summary>
    public SimulatedServer? Server { get; set; }

    /// <summary>Of a copy: the last write of its server's that was known when it was made.</summary>
    public WriteVersion CopiedAt { get; set; }

    /// <summary>The directory is empty now, or another one's data are in it.</summary>
    public bool IsGone { get; set; }

    /// <summary>A copy as somebody may put it aside: of the files, not of what has been promised.</summary>
    public SimulatedDisk Copy()
    {
        SimulatedDisk copy = new(instance) { LastBatch = LastBatch, _facts = _facts, _folded = _folded };
        copy._journal.AddRange(_journal);

        foreach (var (key, stored) in _keys)
        {
            copy._keys.Add(key, stored);
        }

        foreach (var (version, line) in _delayed)
        {
            copy._delayed.Add(version, line);
        }

        return copy;
    }

    /// <summary>A whole batch, or nothing of it.</summary>
    public void Append(long batch, ReadOnlySpan<byte> lines)
    {
        LastBatch = batch;

        foreach (var range in lines.Split((byte)'\n'))
        {
            if (!lines[range].IsEmpty)
            {
                _journal.Add((batch, lines[range].ToArray()));
            }
        }
    }

    /// <summary>A piece of the state that is being saved: it may be of a later moment than the
    /// rest.</summary>
    public void Save(FrozenRecords keys, int index)
    {
        var stored = keys[index];
        byte[]? value = stored.IsTombstone ? null : stored.Value.ToArray();
        _keys[Name(stored.Key)] = new Saved(stored.Key.ToArray(), value, stored.Version);
    }

    /// <summary>The last step of saving, at once: what is gone, what waits, the facts, up to where the
    /// journal is in them; and a part of the journal that is needed no more.</summary>
    public void Save(StateChanges changes, long upTo, int linesKept)
    {
        if (changes.IsAnew)
        {
            _keys.Clear();
            _delayed.Clear();
        }

        for (int index = 0; index < changes.Keys.Count; index++)
        {
            Save(changes.Keys, index);
        }

        foreach (byte[] key in changes.Removed)
        {
            _keys.Remove(Name(key));
        }

        foreach (var (version, write) in changes.Delayed)
        {
            _delayed.Remove(version);

            if (write is not null)
            {
                _delayed.Add(version, Encoding.UTF8.GetBytes($"{write}"));
            }
        }

        _facts = changes.Facts.ToArray();
        _folded = upTo;
        int folded = _journal.FindIndex(line => line.Batch > upTo) is var first && first < 0
            ? _journal.Count
            : first;
        _journal.RemoveRange(0, Math.Max(0, folded - linesKept));
    }

    /// <summary>A replica begins with what is here.</summary>
    public void Recover(Replica replica)
    {
        var recovery = replica.Recover();
        recovery.Facts(_facts);

        foreach (var stored in _keys.Values)
        {
            recovery.Key(stored.Key, stored.Value, stored.Value is null, stored.Version);
        }

        foreach (byte[] line in _delayed.Values)
        {
            recovery.Delayed(line);
        }

        foreach (var (batch, line) in _journal)
        {
            if (batch <= _folded)
            {
                recovery.Kept(line);
            }
            else
            {
                recovery.Journaled(line);
            }
        }

        recovery.End();
    }

    private static string Name(ReadOnlySpan<byte> key) => Encoding.UTF8.GetString(key);
}
