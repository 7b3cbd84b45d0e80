using CausalStore.Protocol;

namespace CausalStore.Simulation;

/// <summary>What a session did and saw, in its order: for a judge who knows nothing else.</summary>
internal sealed class SessionLog(string name)
{
    private readonly List<Entry> _entries = [];

    public string Name => name;

    public IReadOnlyList<Entry> Entries => _entries;

    public void Wrote(IReadOnlyList<(int Key, string? Value)> operations, WriteVersion version) =>
        _entries.Add(new Entry.Write(operations, version));

    public void Read(IReadOnlyList<(int Key, Response Shown)> lines) => _entries.Add(new Entry.Read(lines));

    public void Scanned(Asked.Scan asked, IReadOnlyList<Response.Value> rows) =>
        _entries.Add(new Entry.Scan(asked, rows));

    public void Pushed(int key, byte[]? value, WriteVersion version) =>
        _entries.Add(new Entry.Push(key, value, version));

    /// <summary>Takes back what the client never received; its writes may have happened all the same.</summary>
    public void Rewind(int count)
    {
        for (int index = count; index < _entries.Count; index++)
        {
            _entries[index] = _entries[index] is Entry.Write write ? write with { IsUnknown = true } : Entry.Nothing.It;
        }
    }

    internal abstract record Entry
    {
        internal sealed record Write(
            IReadOnlyList<(int Key, string? Value)> Operations, WriteVersion Version, bool IsUnknown = false) : Entry;

        internal sealed record Read(IReadOnlyList<(int Key, Response Shown)> Lines) : Entry;

        internal sealed record Scan(Asked.Scan Asked, IReadOnlyList<Response.Value> Rows) : Entry;

        internal sealed record Push(int Key, byte[]? Value, WriteVersion Version) : Entry;

        /// <summary>What nobody received.</summary>
        internal sealed record Nothing : Entry
        {
            public static readonly Nothing It = new();
        }
    }
}
