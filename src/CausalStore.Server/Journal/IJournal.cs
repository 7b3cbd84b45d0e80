using System.Diagnostics.CodeAnalysis;
using CausalStore.Replication;

namespace CausalStore.Server.Journal;

/// <summary>
/// What must survive, in the order in which it happened. Everything here is called by the loop's thread; it
/// is woken when <see cref="Durable"/> or anything else has changed.
/// </summary>
internal interface IJournal
{
    /// <summary>The last batch that is durable, as this server promises durability.</summary>
    long Durable { get; }

    /// <summary>Whether the disk has no room: nothing more can be taken in, what is kept can be
    /// read.</summary>
    bool IsFull { get; }

    /// <summary>Whether it is time for <see cref="Save"/>.</summary>
    bool WantsChanges { get; }

    /// <summary>Why nothing can be kept any more; the server must stop. Null: all is well.</summary>
    string? Failure { get; }

    /// <summary>Takes the lines of one turn; there may be none.</summary>
    /// <returns>The batch that must be durable before anything leaves that was made in this turn: the one
    /// that has these lines or, where nothing is to be kept, the last one, whose writes this turn may have
    /// shown.</returns>
    long Append(ReadOnlySpan<byte> lines);

    /// <summary>Whether lines may be executed while a turn has so many bytes to append: the disk must not
    /// fall behind by more than a bound.</summary>
    bool HasRoomFor(int bytes);

    /// <summary>Takes what the turn that was just appended has made of the state: it takes the place of the
    /// journal up to there.</summary>
    void Save(StateChanges changes);

    /// <summary>Takes back what was given to <see cref="Save"/> and is read no more: see
    /// <see cref="Replica.EndSave"/>.</summary>
    bool TryTakeSaved([NotNullWhen(true)] out StateChanges? changes);
}
