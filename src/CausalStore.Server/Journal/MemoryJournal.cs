namespace CausalStore.Server.Journal;

/// <summary>
/// Keeps nothing: a batch is as durable as this server promises as soon as it is there. The loop treats it as
/// it will treat a disk: it appends what a turn brought, and lets the turn's outputs leave when
/// <see cref="Durable"/> has reached the number that it was given.
/// </summary>
internal sealed class MemoryJournal
{
    /// <summary>The last batch that is durable.</summary>
    public long Durable { get; private set; }

    /// <summary>Takes the lines of one turn; there may be none.</summary>
    /// <returns>The batch that must be durable before anything leaves that was made in this turn: the new
    /// one or, where nothing is to be kept, the last one, whose writes this turn may have shown.</returns>
    public long Append(ReadOnlySpan<byte> lines) => lines.IsEmpty ? Durable : ++Durable;
}
