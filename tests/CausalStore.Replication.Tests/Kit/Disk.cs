using System.Text;
using CausalStore.Protocol;

namespace CausalStore.Replication.Tests.Kit;

/// <summary>What a server keeps: the state as it was saved last, and the journal. Everything on it is
/// durable.</summary>
internal sealed class Disk
{
    private readonly List<string> _journal = [];
    private readonly Dictionary<string, Saved> _keys = [];
    private readonly Dictionary<string, string> _delayed = [];
    private string _facts = "";

    private sealed record Saved(byte[] Key, byte[]? Value, WriteVersion Version);
    private int _saved;

    public IReadOnlyList<string> Journal => _journal;

    public string Facts => _facts;

    public Disk Copy()
    {
        Disk copy = new() { _facts = _facts, _saved = _saved };
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

    public void Append(ReadOnlySpan<byte> lines) =>
        _journal.AddRange(Encoding.UTF8.GetString(lines).Split('\n', StringSplitOptions.RemoveEmptyEntries));

    /// <summary>The journal's lines so far are in the changes.</summary>
    /// <param name="keysOnly">Whether the process ends before the rest is saved.</param>
    public void Save(StateChanges changes, bool keysOnly = false)
    {
        if (changes.IsAnew && !keysOnly)
        {
            _delayed.Clear();
            _keys.Clear();
        }

        for (int index = 0; index < changes.Keys.Count; index++)
        {
            var stored = changes.Keys[index];
            byte[]? value = stored.IsTombstone ? null : stored.Value.ToArray();
            _keys[Convert.ToHexString(stored.Key)] = new Saved(stored.Key.ToArray(), value, stored.Version);
        }

        Replica.EndSave(changes);

        if (keysOnly)
        {
            return;
        }

        foreach (byte[] key in changes.Removed)
        {
            _keys.Remove(Convert.ToHexString(key));
        }

        foreach (var (version, write) in changes.Delayed)
        {
            _delayed[$"{version}"] = write is null ? "" : $"{write}";
        }

        _facts = Encoding.UTF8.GetString(changes.Facts.Span);
        _saved = _journal.Count;
    }

    /// <summary>Forgets the oldest lines that are in the saved state.</summary>
    public void Trim(int keep)
    {
        int gone = Math.Max(0, _saved - keep);
        _journal.RemoveRange(0, gone);
        _saved -= gone;
    }

    public void Load(Recovery recovery)
    {
        recovery.Facts(Encoding.UTF8.GetBytes(_facts));

        foreach (var (key, value, version) in _keys.Values)
        {
            recovery.Key(key, value, isTombstone: value is null, version);
        }

        foreach (string line in _delayed.Values.Where(line => line.Length > 0))
        {
            recovery.Delayed(Encoding.UTF8.GetBytes(line));
        }

        foreach (string line in _journal.Take(_saved))
        {
            recovery.Kept(Encoding.UTF8.GetBytes(line));
        }

        foreach (string line in _journal.Skip(_saved))
        {
            recovery.Journaled(Encoding.UTF8.GetBytes(line));
        }

        recovery.End();
    }
}
