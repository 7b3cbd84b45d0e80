using CausalStore.Protocol;
using CausalStore.Server.Journal;

namespace CausalStore.Server.Network;

/// <summary>Whose lines are executed now: nobody's while the disk is too far behind, no server's while it is
/// full.
/// </summary>
/// <param name="toJournal">What the turn has to append so far.</param>
internal sealed class Admission(IJournal journal, OutputBuffer toJournal)
{
    private readonly List<Connection> _held = [];

    /// <summary>Whether the disk is full, the same for a whole turn.</summary>
    public bool IsFull { get; private set; }

    public void BeginTurn() => IsFull = journal.IsFull;

    /// <summary>Whether the lines of a connection must wait for the disk; it is not received from
    /// meanwhile.</summary>
    public bool Holds(Connection connection)
    {
        if (!connection.IsHeld && !Admits(connection))
        {
            connection.IsHeld = true;
            _held.Add(connection);
        }

        return connection.IsHeld;
    }

    /// <summary>Lets those go on for whom there is room again.</summary>
    public void Resume(Action<Connection> goOn)
    {
        int kept = 0;

        for (int index = 0; index < _held.Count; index++)
        {
            var connection = _held[index];

            if (!connection.IsClosed && !Admits(connection))
            {
                _held[kept++] = connection;
                continue;
            }

            connection.IsHeld = false;
            goOn(connection);
        }

        _held.RemoveRange(kept, _held.Count - kept);
    }

    private bool Admits(Connection connection) =>
        (!IsFull || connection.Link is null) && journal.HasRoomFor(toJournal.Length);
}
