using CausalStore.Protocol;

namespace CausalStore.Simulation;

/// <summary>What a session did and saw, in its order: for a judge who knows nothing else.</summary>
internal sealed class SessionLog(string name)
{
    private readonly List<Entry> _entries = [];

    public string Name => name;

    public IReadOnlyList<Entry> Entries => _entries;

    /// <summary>Everything has arrived everywhere: what is read now is final.</summary>
    public bool IsAtRest { get; set; }

    public void Wrote(IReadOnlyList<(int Key, string? Value)> operations, WriteVersion version) =>
        _entries.Add(new Entry.Write(operations, version));

    public void Read(IReadOnlyList<(int Key, Response Shown)> lines) =>
        _entries.Add(new Entry.Read(lines, IsAtRest));

    public void Scanned(Asked.Scan asked, IReadOnlyList<Response.Value> rows) =>
        _entries.Add(new Entry.Scan(asked, rows, IsAtRest));

    public void Pushed(int key, byte[]? value, WriteVersion version) =>
        _entries.Add(new Entry.Push(key, value, version));

    /// <summary>The session goes on elsewhere without a part of what it had seen.</summary>
    public void Break() => _entries.Add(new Entry.Break());

    /// <summary>Takes back what the client never received; its writes may have happened all the
    /// same.</summary>
    /// <returns>How many writes those are.</returns>
    public int Rewind(int count)
    {
        var unknown = _entries[count..]
            .OfType<Entry.Write>()
            .Select(write => write with { IsUnknown = true })
            .ToList();
        _entries.RemoveRange(count, _entries.Count - count);
        _entries.AddRange(unknown);
        return unknown.Count;
    }

    /// <summary>A write was lost in a crash, and nobody knows of it.</summary>
    public void NeverHappened(WriteVersion version) =>
        _entries.RemoveAll(
            entry => entry is Entry.Write { IsUnknown: true } write && write.Version == version);

    internal abstract record Entry
    {
        internal sealed record Write(
            IReadOnlyList<(int Key, string? Value)> Operations, WriteVersion Version, bool IsUnknown = false)
            : Entry;

        internal sealed record Read(IReadOnlyList<(int Key, Response Shown)> Lines, bool IsAtRest) : Entry;

        internal sealed record Scan(Asked.Scan Asked, IReadOnlyList<Response.Value> Rows, bool IsAtRest)
            : Entry;

        internal sealed record Push(int Key, byte[]? Value, WriteVersion Version) : Entry;

        internal sealed record Break : Entry;
    }
}
