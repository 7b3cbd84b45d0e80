using CausalStore.Replication;

namespace CausalStore.Server.Storage;

/// <summary>All that a directory keeps, as of one moment, put together as a server's start does; also of the
/// directory of a running server.</summary>
internal sealed class SavedState : IDisposable
{
    private const int AttemptsMax = 20;

    private SavedState(StateFile state, JournalFile journal, Replica replica)
    {
        State = state;
        Journal = journal;
        Replica = replica;
    }

    public StateFile State { get; }

    public JournalFile Journal { get; }

    /// <summary>Has taken everything in; what the journal has changed of the saved state are its
    /// changes.</summary>
    public Replica Replica { get; }

    /// <param name="open">Opens the saved state: the directory's own, or a copy of it.</param>
    /// <exception cref="StorageException">It is not what was written.</exception>
    public static SavedState Load(string directory, Func<StateFile> open)
    {
        string journalPath = Path.Combine(directory, JournalFile.Name);

        // The state first: what is being folded into it stands in the journal already, and comes with it.
        // Should a whole save have been folded and its journal deleted in between, it is tried again.
        for (int attempt = 1; ; attempt++)
        {
            var state = open();

            try
            {
                var journal = JournalFile.OpenToRead(journalPath, state.Instance);

                if (attempt < AttemptsMax && journal.FirstRow > state.Folded + 1)
                {
                    journal.Dispose();
                    state.Dispose();
                    continue;
                }

                return new SavedState(state, journal, TakeIn(state, journal));
            }
            catch
            {
                state.Dispose();
                throw;
            }
        }
    }

    public void Dispose()
    {
        Journal.Dispose();
        State.Dispose();
    }

    private static Replica TakeIn(StateFile state, JournalFile journal)
    {
        DataDirectory.CheckReach(journal, state.Folded);
        DataDirectory.CheckIntegrity(StateFile.Name, state.CheckIntegrity());
        ReplicaOptions options = new()
        {
            Id = state.Server,
            Instance = state.Instance,
            Consistency = state.Consistency,
        };
        Replica replica = new(options, new Effects { Journaling = true });
        var recovery = replica.Recover();
        state.Load(recovery);
        journal.Read(
            state.Folded + 1, (_, lines) => DataDirectory.TakeIn(recovery, lines, isFolded: false));
        recovery.End();
        return replica;
    }
}
