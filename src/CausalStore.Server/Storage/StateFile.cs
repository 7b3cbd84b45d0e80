using System.Globalization;
using System.Text;
using CausalStore.Protocol;
using CausalStore.Replication;
using Microsoft.Data.Sqlite;

namespace CausalStore.Server.Storage;

// state.db: the state of the replica as it was saved last.
//
//   keys(key, value, timestamp, origin, crc)   value NULL: a tombstone
//   delayed(timestamp, origin, line, crc)      the delay queue
//   facts(position, line, crc)                 all the rest, a line each: see Recovery
//   meta(name, value, crc)                     server, instance, consistency, folded: the last row of the
//                                              journal that is in here, and the promise of the last run
//
// Keys may already be of a later moment than the rest: the journal after `folded` is taken in again, and
// taking in twice changes nothing. Removals must not come early, so they come with `folded`.
internal sealed class StateFile : IDisposable
{
    public const string Name = "state.db";

    private const int Format = 1;
    private const int KeysAtOnce = 20_000;
    private const int CacheKibibytes = 32 * 1024;
    private const long LogBytesMax = 8 << 20;

    private readonly Database _database;

    private StateFile(Database database)
    {
        _database = database;
        Values = Meta.Read(database);
    }

    /// <summary>The table meta as it was when the file was opened.</summary>
    public IReadOnlyDictionary<string, string> Values { get; }

    public ServerId Server => ServerId.TryParse(Encoding.UTF8.GetBytes(Value("server")), out var id)
        ? id
        : throw StorageException.Damage($"{Name} does not say whose it is");

    public string Instance => Value("instance");

    public Consistency Consistency =>
        Value("consistency") == "eventual" ? Consistency.Eventual : Consistency.Causal;

    /// <summary>The last row of the journal that is in the saved state.</summary>
    public long Folded => long.Parse(Value("folded"), CultureInfo.InvariantCulture);

    /// <summary>Called when the keys of a fold are in the file, and nothing says so yet.</summary>
    internal Action? KeysAreThere { get; set; }

    /// <summary>Makes an empty state.</summary>
    public static void Create(string path, ServerId id, string instance, Consistency consistency)
    {
        using Database database = new(path, Access.Create);
        Tune(database);
        database.InTransaction(() =>
        {
            database.Execute(StateTables.Create);
            Meta.Create(database);
            Meta.Write(database, "server", $"{id}");
            Meta.Write(database, "instance", instance);
            Meta.Write(database, "consistency", consistency == Consistency.Eventual ? "eventual" : "causal");
            Meta.Write(database, "folded", "0");
            FileFormat.Stamp(database, FileFormat.State, Format);
        });
        database.Checkpoint(truncate: true);
        database.CheckpointsOnClose(true);
    }

    /// <exception cref="StorageException">It is no saved state, or of a newer version.</exception>
    /// <exception cref="SqliteException">It cannot be opened.</exception>
    public static StateFile Open(string path, Access access, int kind = FileFormat.State)
    {
        Database database = new(path, access);

        try
        {
            if (access == Access.Read)
            {
                database.Execute("BEGIN");
            }

            FileFormat.Check(database, path, kind, Format);

            if (access != Access.Read)
            {
                Tune(database);
            }

            return new StateFile(database);
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    /// <summary>Writes rows of the table meta, durably.</summary>
    public void Write(params IEnumerable<(string Name, string Value)> rows)
    {
        _database.InTransaction(() =>
        {
            foreach (var (name, value) in rows)
            {
                Meta.Write(_database, name, value);
            }
        });
    }

    /// <summary>Folds changes in: afterwards the state is that of the journal up to that row. Carried out a
    /// second time, after a failure, it is the same.</summary>
    /// <exception cref="SqliteException">It failed; what was there is still there.</exception>
    public void Fold(StateChanges changes, long row)
    {
        // In key order every page is written once, however the changes came.
        int[] order = KeyOrder.Of(changes.Keys);
        int first = 0;

        // They are in the file itself before it says that they are: what a checkpoint that is cut short has
        // left out is taken in again, also where the write-ahead log is gone.
        while (!changes.IsAnew && first < order.Length)
        {
            int count = Math.Min(KeysAtOnce, order.Length - first);
            _database.InTransaction(() => PutKeys(changes.Keys, order.AsSpan(first, count)));
            _database.Checkpoint();
            first += count;
        }

        KeysAreThere?.Invoke();
        _database.InTransaction(() =>
        {
            if (changes.IsAnew)
            {
                _database.Execute("DELETE FROM keys; DELETE FROM delayed");
            }

            PutKeys(changes.Keys, order.AsSpan(first));
            RemoveKeys(changes.Removed);
            ChangeDelayed(changes.Delayed);
            PutFacts(changes.Facts.Span);
            StateSums.Write(_database, changes.Facts.Span, changes.KeysInAll);
            Meta.Write(_database, "folded", $"{row}");
        });
        _database.Checkpoint();
    }

    /// <summary>Gives back the room that a fold took which did not come to its end.</summary>
    public void ReleaseRoom()
    {
        try
        {
            _database.Checkpoint(truncate: true);
        }
        catch (SqliteException failure) when (Database.IsFull(failure))
        {
            // What is committed does not fit into the file either: it stays where it is.
        }
    }

    /// <summary>Copies the file as of one moment, also while a server writes it.</summary>
    public void CopyTo(string path) => _database.CopyTo(path);

    /// <summary>Makes it a file of another kind, and the only file: no write-ahead log beside it.</summary>
    public void Become(int kind)
    {
        _database.InTransaction(() => FileFormat.Stamp(_database, kind, Format));
        _database.Execute("PRAGMA journal_mode = DELETE");
    }

    /// <summary>Takes facts, and rows of the table meta, in the place of those that are there. Nothing is
    /// delayed any more, and nothing is known of a last run.</summary>
    public void ReplaceFacts(byte[] lines, params IEnumerable<(string Name, string Value)> rows) =>
        _database.InTransaction(() =>
        {
            _database.Execute(
                "DELETE FROM delayed; DELETE FROM meta WHERE name IN ('fsync', 'boot', 'ended')");
            PutFacts(lines);
            StateSums.Write(_database, lines);

            foreach (var (name, value) in rows)
            {
                Meta.Write(_database, name, value);
            }
        });

    /// <summary>The versions of the delayed writes, rising.</summary>
    public List<WriteVersion> Delayed()
    {
        List<WriteVersion> versions = [];
        using var rows = _database.Prepare(
            "SELECT timestamp, origin FROM delayed ORDER BY timestamp, origin");

        while (rows.Step())
        {
            versions.Add(new WriteVersion(rows.Number(0), new ServerId((ushort)rows.Number(1))));
        }

        return versions;
    }

    /// <summary>Reads what was saved.</summary>
    /// <exception cref="StorageException">A row is not what was written.</exception>
    /// <exception cref="ProtocolException">A line is not what this version saves.</exception>
    public void Load(Recovery recovery)
    {
        byte[] facts = Facts();
        recovery.Facts(facts);
        long count = 0;
        using var keys = _database.Prepare("SELECT key, value, timestamp, origin, crc FROM keys");

        for (; keys.Step(); count++)
        {
            var key = keys.Bytes(0);
            var value = keys.Bytes(1);
            bool isTombstone = keys.IsNull(1);
            WriteVersion version = new(keys.Number(2), new ServerId((ushort)keys.Number(3)));

            if (keys.Number(4) != Sum(key, value, isTombstone, version))
            {
                throw Damaged("keys");
            }

            recovery.Key(key, value, isTombstone, version);
        }

        using var delayed = _database.Prepare("SELECT line, crc FROM delayed");

        while (delayed.Step())
        {
            recovery.Delayed(Checked(delayed, "delayed"));
        }

        StateSums.Check(_database, facts, count);
    }

    /// <summary>The lines of <see cref="StateChanges.Facts"/>.</summary>
    /// <exception cref="StorageException">A row is not what was written.</exception>
    public byte[] Facts()
    {
        OutputBuffer lines = new();
        using var facts = _database.Prepare("SELECT line, crc FROM facts ORDER BY position");

        while (facts.Step())
        {
            lines.Append(Checked(facts, "facts")).EndLine();
        }

        return lines.Written.ToArray();
    }

    /// <summary>SQLite's own look at the whole file.</summary>
    /// <returns>What is wrong; empty: nothing is.</returns>
    public IReadOnlyList<string> CheckIntegrity() => FileFormat.CheckIntegrity(_database);

    /// <summary>A clean end: the write-ahead log is gone.</summary>
    public void Finish()
    {
        _database.Checkpoint(truncate: true);
        _database.CheckpointsOnClose(true);
        Dispose();
    }

    public void Dispose() => _database.Dispose();

    private static void Tune(Database database) => database.Execute(
        $"""
        PRAGMA journal_mode = WAL;
        PRAGMA synchronous = FULL;
        PRAGMA fullfsync = 1;
        PRAGMA checkpoint_fullfsync = 1;
        PRAGMA wal_autocheckpoint = 0;
        PRAGMA journal_size_limit = {LogBytesMax};
        PRAGMA cache_size = -{CacheKibibytes};
        PRAGMA temp_store = MEMORY;
        """);

    private static uint Sum(
        ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, bool isTombstone, WriteVersion version)
    {
        uint sum = Checksum.Add(Checksum.Of(key), value);
        sum = Checksum.Add(sum, version.Timestamp);
        return Checksum.Add(sum, (version.Origin.Value << 1) | (isTombstone ? 1 : 0));
    }

    private static ReadOnlySpan<byte> Checked(Statement row, string table)
    {
        var line = row.Bytes(0);
        return row.Number(1) == Checksum.Of(line) ? line : throw Damaged(table);
    }

    private static StorageException Damaged(string table) =>
        StorageException.Damage(
            $"a row of the table {table} in {Name} is not what was written: its checksum differs");

    private string Value(string name) => Values.TryGetValue(name, out string? value)
        ? value
        : throw StorageException.Damage($"{Name} lacks the row '{name}' of the table meta");

    private void PutKeys(FrozenRecords keys, ReadOnlySpan<int> numbers)
    {
        using var put = _database.Prepare(
            "INSERT INTO keys(key, value, timestamp, origin, crc) VALUES (?1, ?2, ?3, ?4, ?5)"
            + " ON CONFLICT(key) DO UPDATE SET value = ?2, timestamp = ?3, origin = ?4, crc = ?5");

        foreach (int number in numbers)
        {
            var stored = keys[number];
            var version = stored.Version;
            put.Bind(1, stored.Key);
            _ = stored.IsTombstone ? put.BindNull(2) : put.Bind(2, stored.Value);
            put.Bind(3, version.Timestamp).Bind(4, version.Origin.Value)
                .Bind(5, Sum(stored.Key, stored.Value, stored.IsTombstone, version)).Run();
        }
    }

    private void RemoveKeys(IReadOnlyList<byte[]> keys)
    {
        using var remove = _database.Prepare("DELETE FROM keys WHERE key = ?");

        foreach (byte[] key in keys)
        {
            remove.Bind(1, key).Run();
        }
    }

    private void ChangeDelayed(IReadOnlyList<DelayChange> changes)
    {
        using var put = _database.Prepare(
            "INSERT OR REPLACE INTO delayed(timestamp, origin, line, crc) VALUES (?, ?, ?, ?)");
        using var remove = _database.Prepare("DELETE FROM delayed WHERE timestamp = ? AND origin = ?");

        foreach (var (version, write) in changes)
        {
            var statement = write is null ? remove : put;
            statement.Bind(1, version.Timestamp).Bind(2, version.Origin.Value);

            if (write is not null)
            {
                var line = write.Line[..^1];
                statement.BindText(3, line).Bind(4, Checksum.Of(line));
            }

            statement.Run();
        }
    }

    private void PutFacts(ReadOnlySpan<byte> lines)
    {
        _database.Execute("DELETE FROM facts");
        using var insert = _database.Prepare("INSERT INTO facts(line, crc) VALUES (?, ?)");

        foreach (var range in lines.Split((byte)'\n'))
        {
            if (lines[range] is { IsEmpty: false } line)
            {
                insert.BindText(1, line).Bind(2, Checksum.Of(line)).Run();
            }
        }
    }
}
