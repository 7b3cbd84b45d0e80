using System.Text;

namespace CausalStore.Replication.Tests.Kit;

/// <summary>What a server keeps: the state as it was saved last, and the journal. Everything on it is
/// durable.</summary>
internal sealed class Disk
{
    private readonly List<string> _journal = [];
    private readonly Dictionary<string, StoredValue> _keys = [];
    private readonly Dictionary<string, string> _delayed = [];
    private string _facts = "";
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
        foreach (var (stored, isGone) in changes.Keys)
        {
            string key = Convert.ToHexString(stored.Key);

            if (!isGone)
            {
                _keys[key] = stored;
            }
            else if (!keysOnly)
            {
                _keys.Remove(key);
            }
        }

        if (keysOnly)
        {
            return;
        }

        if (changes.IsAnew)
        {
            _delayed.Clear();
            var kept = changes.Keys.Select(change => Convert.ToHexString(change.Stored.Key)).ToHashSet();

            foreach (string key in _keys.Keys.Where(key => !kept.Contains(key)).ToList())
            {
                _keys.Remove(key);
            }
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
            recovery.Key(key, value, version);
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
