using System.Diagnostics.CodeAnalysis;
using CausalStore.Replication;

namespace CausalStore.Server.Journal;

/// <summary>Keeps nothing: a batch is as durable as this server promises as soon as it is there.</summary>
internal sealed class MemoryJournal : IJournal
{
    public long Durable { get; private set; }

    public bool IsFull => false;

    public bool WantsChanges => false;

    public string? Failure => null;

    public long Append(ReadOnlySpan<byte> lines) => lines.IsEmpty ? Durable : ++Durable;

    public bool HasRoomFor(int bytes) => true;

    /// <summary>Nothing was wanted.</summary>
    public void Save(StateChanges changes)
    {
    }

    public bool TryTakeSaved([NotNullWhen(true)] out StateChanges? changes)
    {
        changes = null;
        return false;
    }
}
