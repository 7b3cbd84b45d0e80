using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace CausalStore.Server.Storage;

internal enum Access
{
    /// <summary>The file is made if it is not there.</summary>
    Create,

    /// <summary>The file must be there.</summary>
    Write,

    /// <summary>Nothing in the file is changed; another process may write it meanwhile.</summary>
    Read,
}

/// <summary>
/// One connection to an SQLite file, for one thread at a time. Statements go past ADO.NET: rows by the
/// million are read and written here, and a parameter there is an object.
/// </summary>
internal sealed class Database : IDisposable
{
    private const int BusyMilliseconds = 60_000;
    private const int Full = raw.SQLITE_FULL;

    // The index of the write-ahead log could not grow: the same trouble by another name.
    private const int NoRoomForIndex = raw.SQLITE_IOERR | (19 << 8);
    private const int NoCheckpointOnClose = 1006;

    private readonly SqliteConnection _connection;
    private readonly sqlite3 _handle;

    /// <exception cref="StorageException">It is empty.</exception>
    /// <exception cref="SqliteException">It cannot be opened.</exception>
    public Database(string path, Access access)
    {
        // SQLite would take it for a new one, and delete the write-ahead log beside it.
        if (access != Access.Create && new FileInfo(path) is { Exists: true, Length: 0 })
        {
            throw StorageException.Damage($"{path} is empty");
        }

        SqliteConnectionStringBuilder options = new()
        {
            DataSource = Path.GetFullPath(path),
            Pooling = false,
            Mode = access switch
            {
                Access.Create => SqliteOpenMode.ReadWriteCreate,
                Access.Write => SqliteOpenMode.ReadWrite,
                _ => SqliteOpenMode.ReadOnly,
            },
        };
        _connection = new SqliteConnection(options.ConnectionString);
        _connection.Open();
        _handle = _connection.Handle!;
        _ = raw.sqlite3_busy_timeout(_handle, BusyMilliseconds);
        CheckpointsOnClose(false);
    }

    /// <summary>Whether a write failed because there is no room on the disk.</summary>
    public static bool IsFull(SqliteException failure) =>
        failure.SqliteErrorCode == Full || failure.SqliteExtendedErrorCode == NoRoomForIndex;

    public void Execute(string sql)
    {
        int result = raw.sqlite3_exec(_handle, sql);
        SqliteException.ThrowExceptionForRC(result, _handle);
    }

    public Statement Prepare(string sql)
    {
        int result = raw.sqlite3_prepare_v2(_handle, sql, out var statement);
        SqliteException.ThrowExceptionForRC(result, _handle);
        return new Statement(_handle, statement);
    }

    /// <summary>The one number that a question has for an answer; 0 for none.</summary>
    public long Number(string sql)
    {
        using var statement = Prepare(sql);
        return statement.Step() ? statement.Number(0) : 0;
    }

    public List<string> Texts(string sql)
    {
        using var statement = Prepare(sql);
        List<string> texts = [];

        while (statement.Step())
        {
            texts.Add(statement.Text(0));
        }

        return texts;
    }

    /// <summary>All or nothing.</summary>
    public void InTransaction(Action work)
    {
        Execute("BEGIN IMMEDIATE");

        try
        {
            work();
            Execute("COMMIT");
        }
        catch
        {
            // Some failures have rolled it back already.
            if (raw.sqlite3_get_autocommit(_handle) == 0)
            {
                _ = raw.sqlite3_exec(_handle, "ROLLBACK");
            }

            throw;
        }
    }

    /// <summary>Moves what is committed from the write-ahead log to the file, as far as readers let
    /// it.</summary>
    /// <param name="truncate">Waits for the readers, and leaves an empty log.</param>
    public void Checkpoint(bool truncate = false)
    {
        int mode = truncate ? raw.SQLITE_CHECKPOINT_TRUNCATE : raw.SQLITE_CHECKPOINT_PASSIVE;
        int result = raw.sqlite3_wal_checkpoint_v2(_handle, "main", mode, out _, out _);

        // Somebody reads an old state: the next checkpoint gets further.
        if (result != raw.SQLITE_BUSY)
        {
            SqliteException.ThrowExceptionForRC(result, _handle);
        }
    }

    /// <summary>Copies all that is committed, as of one moment.</summary>
    public void CopyTo(string path)
    {
        using Database copy = new(path, Access.Create);
        _connection.BackupDatabase(copy._connection);
    }

    /// <summary>Whether closing tidies up; it does not after a failure, which leaves the files as they
    /// are.</summary>
    public void CheckpointsOnClose(bool does) =>
        raw.sqlite3_db_config(_handle, NoCheckpointOnClose, does ? 0 : 1, out _);

    public void Dispose() => _connection.Dispose();
}
