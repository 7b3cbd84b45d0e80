using Microsoft.Data.Sqlite;

namespace CausalStore.Server.Storage;

// journal.db: what servers say to each other, and a few lines of this one's own, in the order in which it
// happened; a row for each batch.
//
//   journal(row, lines, crc)    rows are counted from 1, without gaps; lines are whole lines
//   meta('instance', ...)       whose journal it is
//
// Beside it stands journal.mark: the last row that was acknowledged. Were the end of the file lost, SQLite
// would take what is left for the whole.
internal sealed class JournalFile : IDisposable
{
    public const string Name = "journal.db";

    /// <summary>A row has no more bytes than that, unless a single line has.</summary>
    public const int RowBytesMax = 4 << 20;

    private const long CheckpointBytes = 4 << 20;
    private const int Format = 1;
    private const int DeletedAtOnceBytes = 2 << 20;

    private readonly Database _database;
    private readonly Statement _insert;
    private readonly Statement _oldest;
    private readonly Statement _delete;
    private readonly AcknowledgedMark? _mark;
    private readonly DataSync? _log;
    private readonly Fsync _fsync;
    private readonly long _pageBytes;
    private long _uncheckpointedBytes;

    private JournalFile(Database database, Fsync fsync, AcknowledgedMark? mark, DataSync? log)
    {
        _database = database;
        _fsync = fsync;
        _mark = mark;
        _log = log;
        _insert = database.Prepare("INSERT INTO journal(row, lines, crc) VALUES (?, ?, ?)");
        _oldest = database.Prepare("SELECT row, length(lines) FROM journal ORDER BY row");
        _delete = database.Prepare("DELETE FROM journal WHERE row <= ?");
        _pageBytes = database.Number("PRAGMA page_size");
        FirstRow = database.Number("SELECT min(row) FROM journal");
        LastRow = database.Number("SELECT max(row) FROM journal");
    }

    /// <summary>The oldest row that is kept; 0: there is none.</summary>
    public long FirstRow { get; private set; }

    public long LastRow { get; private set; }

    /// <summary>Bytes of the file that are in use.</summary>
    public long UsedBytes =>
        _pageBytes * (_database.Number("PRAGMA page_count") - _database.Number("PRAGMA freelist_count"));

    /// <summary>Whether what is committed may not be on the disk itself.</summary>
    public bool IsUnsynced => _fsync != Fsync.Always && _uncheckpointedBytes > 0;

    /// <summary>How many times the write-ahead log was forced to the disk here; null: SQLite does it, or
    /// nobody.</summary>
    public long? Syncs => _log?.Count;

    /// <summary>Whether it is time for a <see cref="Checkpoint"/>, which bounds the write-ahead
    /// log.</summary>
    public bool NeedsCheckpoint => _uncheckpointedBytes >= CheckpointBytes;

    /// <summary>Makes an empty journal.</summary>
    public static void Create(string path, string instance)
    {
        using Database database = new(path, Access.Create);
        database.Execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
        database.InTransaction(() =>
        {
            database.Execute(
                "CREATE TABLE journal(row INTEGER PRIMARY KEY, lines BLOB NOT NULL, crc INTEGER NOT NULL)"
                + " STRICT");
            Meta.Create(database);
            Meta.Write(database, "instance", instance);
            FileFormat.Stamp(database, FileFormat.Journal, Format);
        });
        database.Checkpoint(truncate: true);
        database.CheckpointsOnClose(true);
    }

    /// <summary>Opens the journal of a server.</summary>
    /// <exception cref="StorageException">It is no journal, another's, or of a newer version.</exception>
    /// <exception cref="SqliteException">It cannot be opened.</exception>
    public static JournalFile Open(string path, string instance, Fsync fsync)
    {
        Database database = new(path, Access.Write);

        try
        {
            FileFormat.Check(database, path, FileFormat.Journal, Format);
            CheckInstance(database, path, instance);
            bool syncsCommits = fsync == Fsync.Always && DataSync.IsCheaper;
            Tune(database, fsync, syncsCommits);
            bool syncs = syncsCommits || fsync == Fsync.EverySecond;
            var log = syncs ? new DataSync(path + "-wal") : null;
            return new JournalFile(database, fsync, new AcknowledgedMark(path), log);
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    /// <summary>Opens it to look at, also while a server writes it.</summary>
    /// <exception cref="StorageException">It is no journal, another's, or of a newer version.</exception>
    /// <exception cref="SqliteException">It cannot be opened.</exception>
    public static JournalFile OpenToRead(string path, string instance)
    {
        Database database = new(path, Access.Read);

        try
        {
            database.Execute("BEGIN");
            FileFormat.Check(database, path, FileFormat.Journal, Format);
            CheckInstance(database, path, instance);
            return new JournalFile(database, Fsync.Always, mark: null, log: null);
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    /// <summary>Appends segments, each in rows of its own, as one transaction.</summary>
    /// <exception cref="SqliteException">Nothing was appended.</exception>
    /// <exception cref="IOException">They may be on the disk, or not.</exception>
    public void Append(IReadOnlyList<JournalSegment> segments)
    {
        long row = LastRow;
        long bytes = 0;
        List<long> lastRows = [];
        _database.InTransaction(() =>
        {
            foreach (var segment in segments)
            {
                for (var rest = segment.Lines; !rest.IsEmpty;)
                {
                    int length = WholeLines(rest, RowBytesMax);
                    var lines = rest[..length];
                    _insert.Bind(1, ++row).Bind(2, lines).Bind(3, Checksum.Of(lines)).Run();
                    rest = rest[length..];
                }

                lastRows.Add(row);
                bytes += segment.Lines.Length;
            }
        });

        if (_fsync == Fsync.Always)
        {
            _log?.Flush();
        }

        LastRow = row;

        foreach (var (segment, last) in segments.Zip(lastRows))
        {
            segment.LastRow = last;
        }

        FirstRow = FirstRow == 0 ? 1 : FirstRow;
        _uncheckpointedBytes += bytes + _pageBytes;
        _mark?.Set(row);
    }

    /// <summary>Forces what is committed to the disk (not where nothing ever is), and empties the write-ahead
    /// log.</summary>
    /// <exception cref="SqliteException">It could not be emptied.</exception>
    /// <exception cref="IOException">It may be on the disk, or not.</exception>
    public void Checkpoint()
    {
        // While somebody reads an old state, a backup for example, a checkpoint may do nothing at all.
        if (_fsync == Fsync.EverySecond)
        {
            _log?.Flush();
        }

        _database.Checkpoint();
        _uncheckpointedBytes = 0;
    }

    /// <summary>Deletes a few of the oldest rows, all before a given one.</summary>
    /// <returns>Whether there was anything to delete.</returns>
    public bool DeleteSomeBefore(long row)
    {
        long last = 0;

        for (long bytes = 0; bytes < DeletedAtOnceBytes && _oldest.Step() && _oldest.Number(0) < row;)
        {
            last = _oldest.Number(0);
            bytes += _oldest.Number(1);
        }

        _oldest.Reset();

        if (last == 0)
        {
            return false;
        }

        _database.InTransaction(() => _delete.Bind(1, last).Run());
        _uncheckpointedBytes += 16 * _pageBytes;
        FirstRow = last + 1;
        return true;
    }

    /// <summary>The oldest row of those, up to a given one, whose writes a log of so many bytes can
    /// hold.</summary>
    /// <param name="lineCost">What a line costs there besides its bytes.</param>
    public long FirstRowWithin(long bytes, int lineCost, long upTo)
    {
        using var newest = _database.Prepare(
            "SELECT row, lines FROM journal WHERE row <= ? ORDER BY row DESC");
        newest.Bind(1, upTo);
        long row = upTo + 1;

        while (newest.Step())
        {
            var lines = newest.Bytes(1);
            bytes -= lines.Length + ((long)lineCost * lines.Count((byte)'\n'));

            if (bytes < 0)
            {
                break;
            }

            row = newest.Number(0);
        }

        return row;
    }

    public long BytesAfter(long row) =>
        _database.Number($"SELECT sum(length(lines)) FROM journal WHERE row > {row}");

    /// <summary>Reads rows in order.</summary>
    /// <param name="take">Gets the row's number and its lines.</param>
    /// <exception cref="StorageException">A row is missing, or is not what was written.</exception>
    public void Read(long from, Action<long, ReadOnlySpan<byte>> take)
    {
        using var rows = _database.Prepare("SELECT row, lines, crc FROM journal WHERE row >= ? ORDER BY row");
        rows.Bind(1, from);

        for (long expected = from; rows.Step(); expected++)
        {
            var lines = rows.Bytes(1);

            if (rows.Number(0) != expected)
            {
                throw StorageException.Damage($"row {expected} of {Name} is missing");
            }

            if (rows.Number(2) != Checksum.Of(lines))
            {
                throw StorageException.Damage(
                    $"row {expected} of {Name} is not what was written: its checksum differs");
            }

            take(expected, lines);
        }
    }

    /// <summary>SQLite's own look at the whole file.</summary>
    /// <returns>What is wrong; empty: nothing is.</returns>
    public IReadOnlyList<string> CheckIntegrity() => FileFormat.CheckIntegrity(_database);

    /// <summary>What is acknowledged is in the file.</summary>
    /// <exception cref="StorageException">The end of the journal is gone.</exception>
    public void CheckMark()
    {
        if (_mark?.Read() is { } row && row > LastRow)
        {
            throw StorageException.Damage(
                $"{Name} ends with row {LastRow}, but row {row} was acknowledged: the end of the journal is"
                + " lost");
        }
    }

    /// <summary>Sets how many pages the file may have.</summary>
    public void LimitPages(int pages) => _database.Execute($"PRAGMA max_page_count = {pages}");

    /// <summary>A clean end: everything is in the file itself, on the disk, and the write-ahead log is
    /// gone.</summary>
    public void Finish(string path)
    {
        _database.Execute("PRAGMA synchronous = FULL");
        _database.Checkpoint(truncate: true);
        _database.CheckpointsOnClose(true);
        Dispose();
        Disk.Flush(path);
        Disk.Flush(path + "-wal");
    }

    public void Dispose()
    {
        _insert.Dispose();
        _oldest.Dispose();
        _delete.Dispose();
        _mark?.Dispose();
        _log?.Dispose();
        _database.Dispose();
    }

    /// <summary>How many bytes at the front are whole lines and no more than <paramref name="most"/>, if one
    /// line is not longer.</summary>
    internal static int WholeLines(ReadOnlySpan<byte> lines, int most)
    {
        if (lines.Length <= most)
        {
            return lines.Length;
        }

        int end = lines[..most].LastIndexOf((byte)'\n');
        return 1 + (end >= 0 ? end : most + lines[most..].IndexOf((byte)'\n'));
    }

    // NORMAL: the write-ahead log is synced where it begins anew and before a checkpoint, not at each commit.
    private static void Tune(Database database, Fsync fsync, bool syncsCommits)
    {
        string synchronous = fsync switch
        {
            Fsync.Always when !syncsCommits => "FULL",
            Fsync.Never => "OFF",
            _ => "NORMAL",
        };
        database.Execute(
            $"""
            PRAGMA journal_mode = WAL;
            PRAGMA synchronous = {synchronous};
            PRAGMA fullfsync = 1;
            PRAGMA checkpoint_fullfsync = 1;
            PRAGMA wal_autocheckpoint = 0;
            PRAGMA journal_size_limit = {2 * CheckpointBytes};
            PRAGMA temp_store = MEMORY;
            """);
    }

    private static void CheckInstance(Database database, string path, string instance)
    {
        if (Meta.Read(database).GetValueOrDefault("instance") is var owner && owner != instance)
        {
            throw StorageException.Damage(
                $"{path} belongs to a server with the instance {owner}, and {StateFile.Name} beside it to"
                + $" {instance}: files of two servers are mixed");
        }
    }
}
