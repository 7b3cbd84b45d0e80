using CausalStore.Protocol;
using CausalStore.Replication;

namespace CausalStore.Server.Storage;

/// <summary>Makes the directory of a new server, the first of a new cluster, of a backup.</summary>
internal static class Restore
{
    /// <returns>The writes of the backup that are lost: they waited for what is not in it.</returns>
    /// <exception cref="StorageException">Nothing was restored.</exception>
    public static IReadOnlyList<WriteVersion> From(
        string file, string directory, ServerId id, string instance)
    {
        if (Directory.Exists(directory) && Directory.EnumerateFileSystemEntries(directory).Any())
        {
            throw new StorageException($"{directory} is not empty: name another --data");
        }

        IReadOnlyList<WriteVersion> lost = [];
        bool wasThere = Directory.Exists(directory);
        CreatePlace(directory);

        try
        {
            StorageAdvice.Explaining(file, id: null, () => lost = FromChecked(file, directory, id, instance));
            return lost;
        }
        catch
        {
            DeleteUnfinished(directory);

            if (!wasThere)
            {
                Directory.Delete(directory);
            }

            throw;
        }
    }

    private static List<WriteVersion> FromChecked(string file, string directory, ServerId id, string instance)
    {
        string journal = Path.Combine(directory, JournalFile.Name);
        string state = Path.Combine(directory, StateFile.Name);
        List<WriteVersion> delayed;
        byte[] facts;

        using (var backup = Backup.Open(file))
        {
            DataDirectory.CheckIntegrity(file, backup.CheckIntegrity());
            CheckId(id, backup);
            delayed = backup.Delayed();
            facts = RestoredFacts.From(backup.Facts(), backup.Server, instance, delayed);
            backup.CopyTo(state + DataDirectory.Unfinished);
        }

        using (var restored = StateFile.Open(
            state + DataDirectory.Unfinished, Access.Write, FileFormat.Backup))
        {
            restored.ReplaceFacts(
                facts, ("server", $"{id}"), ("instance", instance), ("folded", "0"));
            Check(restored, id, instance);
            restored.Become(FileFormat.State);
        }

        JournalFile.Create(journal + DataDirectory.Unfinished, instance);
        Disk.Publish(journal + DataDirectory.Unfinished, journal);
        Disk.Publish(state + DataDirectory.Unfinished, state);
        Disk.FlushDirectory(Path.GetDirectoryName(Path.GetFullPath(directory))!);
        return delayed;
    }

    /// <summary>What is wrong with where it is to go is not wrong with the backup.</summary>
    private static void CreatePlace(string directory)
    {
        try
        {
            Directory.CreateDirectory(directory);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new StorageException(
                $"{directory} cannot be made: {failure.Message.TrimEnd('.')}. Name another --data");
        }
    }

    /// <summary>What was begun and has no name yet.</summary>
    private static void DeleteUnfinished(string directory)
    {
        if (Directory.Exists(directory))
        {
            foreach (string file in Directory.EnumerateFiles(directory, $"*{DataDirectory.Unfinished}*"))
            {
                File.Delete(file);
            }
        }
    }

    private static void CheckId(ServerId id, StateFile backup)
    {
        byte[] facts = backup.Facts();

        if (id == backup.Server || SavedFacts.Ids(facts).Contains(id))
        {
            throw new StorageException(
                $"id {id} belongs to a server of the cluster that was saved, and is not used again."
                + $" One that is unused: --id {SavedFacts.UnusedId(facts, backup.Server)}");
        }
    }

    /// <summary>Every row is read once: better now than at the first start.</summary>
    private static void Check(StateFile restored, ServerId id, string instance)
    {
        ReplicaOptions options = new() { Id = id, Instance = instance, Consistency = restored.Consistency };
        Replica replica = new(options, new Effects());
        var recovery = replica.Recover();
        restored.Load(recovery);
        recovery.End();
    }
}
