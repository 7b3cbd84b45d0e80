using Microsoft.Data.Sqlite;

namespace CausalStore.Server.Storage;

// One file with everything that a directory keeps: a saved state into which the journal is folded. `restore`
// makes a new server of it.
internal static class Backup
{
    /// <summary>Writes a backup; what was there is not overwritten.</summary>
    /// <exception cref="StorageException">It was not written.</exception>
    public static void Write(string directory, string file)
    {
        if (Path.Exists(file))
        {
            throw new StorageException($"{file} is there already: name another --to, or move it away");
        }

        if (!File.Exists(Path.Combine(directory, StateFile.Name)))
        {
            throw new StorageException($"{directory} has no data of a server: {StateFile.Name} is not there");
        }

        string unfinished = file + DataDirectory.Unfinished;
        CheckPlace(file, unfinished);

        try
        {
            StorageAdvice.Explaining(directory, id: null, () => Write(directory, file, unfinished));
        }
        finally
        {
            Delete(unfinished);
        }
    }

    /// <summary>Opens a backup to look at.</summary>
    /// <exception cref="StorageException">It is no backup.</exception>
    public static StateFile Open(string file)
    {
        if (Directory.Exists(file))
        {
            throw new StorageException("it is a directory; name a file that 'backup' has written");
        }

        if (!File.Exists(file))
        {
            throw new StorageException("it is not there; name a file that 'backup' has written");
        }

        try
        {
            return StateFile.Open(file, Access.Read, FileFormat.Backup);
        }
        catch (SqliteException failure)
        {
            throw new StorageException($"{file} is no backup: {failure.Message}");
        }
    }

    private static void Write(string directory, string file, string unfinished)
    {
        using (var saved = SavedState.Load(directory, () => Copy(directory, unfinished)))
        {
            saved.State.Fold(saved.Replica.TakeChanges(), saved.Journal.LastRow);
            saved.State.Become(FileFormat.Backup);
        }

        Disk.Publish(unfinished, file);
    }

    /// <summary>What is wrong with where it is to go is not wrong with the data.</summary>
    private static void CheckPlace(string file, string unfinished)
    {
        try
        {
            File.Create(unfinished).Dispose();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new StorageException(
                $"{file} cannot be written: {failure.Message.TrimEnd('.')}. Name another --to");
        }
    }

    private static StateFile Copy(string directory, string unfinished)
    {
        Delete(unfinished);

        using (var source = StateFile.Open(Path.Combine(directory, StateFile.Name), Access.Read))
        {
            source.CopyTo(unfinished);
        }

        return StateFile.Open(unfinished, Access.Write);
    }

    private static void Delete(string unfinished)
    {
        foreach (string suffix in new[] { "", "-wal", "-shm", "-journal" })
        {
            File.Delete(unfinished + suffix);
        }
    }
}
