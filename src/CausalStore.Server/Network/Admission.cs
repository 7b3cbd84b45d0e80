using CausalStore.Protocol;
using CausalStore.Server.Journal;

namespace CausalStore.Server.Network;

/// <summary>Whose lines are executed now: nobody's while the disk is too far behind, no server's while it is full.
/// </summary>
/// <param name="toJournal">What the turn has to append so far.</param>
internal sealed class Admission(IJournal journal, OutputBuffer toJournal)
{
    /// <summary>Whether the disk is full, the same for a whole turn.</summary>
    public bool IsFull { get; private set; }

    public void BeginTurn() => IsFull = journal.IsFull;

    public bool Admits(Connection connection) =>
        (!IsFull || connection.Link is null) && journal.HasRoomFor(toJournal.Length);
}
