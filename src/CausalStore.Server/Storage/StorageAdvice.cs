using CausalStore.Protocol;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace CausalStore.Server.Storage;

/// <summary>What is wrong with kept data, and what a person can do, the commands included.</summary>
internal static class StorageAdvice
{
    /// <summary>Does something with a directory's files, and says what is wrong where it fails.</summary>
    /// <exception cref="StorageException">It failed.</exception>
    /// <param name="id">Whose they are; null: what a server must do is not asked.</param>
    public static void Explaining(string directory, ServerId? id, Action work)
    {
        try
        {
            work();
        }
        catch (StorageException wrong)
        {
            throw new StorageException(
                Cannot(directory, wrong.Message) + (wrong.IsDamage ? Steps(directory, id) : ""))
            {
                IsNewer = wrong.IsNewer,
            };
        }
        catch (ProtocolException wrong)
        {
            throw new StorageException(
                Cannot(directory, $"a line in it cannot be read: {wrong.Message}") + Steps(directory, id));
        }
        catch (SqliteException failure)
        {
            throw new StorageException(Cannot(directory, Explain(failure))
                + (IsDamage(failure) ? Steps(directory, id) : ""));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new StorageException(Cannot(
                directory,
                $"{failure.Message.TrimEnd('.')}. A server needs a directory that it may read and write:"
                + " --data DIR"));
        }
    }

    /// <summary>What a server says that must stop because of its disk.</summary>
    public static string CannotKeep(string file, Exception failure) =>
        $"{file} cannot be kept any more: "
        + (failure is SqliteException sqlite ? Explain(sqlite) : failure.Message)
        + ". What could not be kept was shown to nobody. Nothing is tried again: see to the disk, then start"
        + " again";

    public static string MachineWentDown(string directory, ServerId id, string fsync, byte[] facts) =>
        $"""
        its data were kept with --fsync {fsync}, and the machine went down since, without a clean end of the
          server: what was acknowledged last may be missing, and who lacks its own writes does not come back.
          If there are other servers: type 'forget {id}' at one of them, move {directory} away,
          and start with an unused id: --id {SavedFacts.UnusedId(facts, id)}
          If there are none, take what is there into a new cluster:
            CausalStore.Server backup --data {directory} --to FILE
            CausalStore.Server restore --from FILE --data NEWDIR --id {SavedFacts.UnusedId(facts, id)}
        """;

    private static string Cannot(string directory, string why) => $"{directory} cannot be used: {why}";

    private static string Steps(string directory, ServerId? id)
    {
        if (id is not { } own)
        {
            return "";
        }

        string? unused = UnusedId(directory, own)?.ToString();
        return $"""

          The files are left as they are. If there are other servers: type 'forget {own}' at one of them, move
          {directory} away, and start with an unused id{(unused is null ? "" : $": --id {unused}")}
          If there are none, put a backup back:
            CausalStore.Server restore --from FILE --data NEWDIR --id {unused ?? "UNUSED"}
        """;
    }

    /// <summary>One that nobody has, as far as the damaged data still tell.</summary>
    private static ServerId? UnusedId(string directory, ServerId own)
    {
        try
        {
            using var state = StateFile.Open(Path.Combine(directory, StateFile.Name), Access.Read);
            return SavedFacts.UnusedId(state.Facts(), own);
        }
        catch (Exception failure) when (failure is StorageException or SqliteException or ProtocolException
            or IOException or UnauthorizedAccessException or FormatException)
        {
            return null;
        }
    }

    private static bool IsDamage(SqliteException failure) =>
        failure.SqliteErrorCode is raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB or raw.SQLITE_ERROR;

    private static string Explain(SqliteException failure) => failure.SqliteErrorCode switch
    {
        _ when Database.IsFull(failure) => "there is no room on the disk. Make room, and start again",
        raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB => $"a file is damaged or cut short ({failure.Message})",
        raw.SQLITE_READONLY => "a file cannot be written; a server needs files and a disk that it may write",
        raw.SQLITE_CANTOPEN => "a file cannot be opened; a server needs files that it may read and write",
        raw.SQLITE_BUSY or raw.SQLITE_LOCKED =>
            "another program keeps a file locked; end it, and start again",
        raw.SQLITE_IOERR => $"the disk fails ({failure.Message}, {failure.SqliteExtendedErrorCode})",
        _ => failure.Message,
    };
}
