using CausalStore.Protocol;
using CausalStore.Replication;

namespace CausalStore.Server.Storage;

// What a server keeps, in one directory:
//
//   journal.db   what happened, in order             written before it is acknowledged
//   state.db     the state as it was saved last      folded in behind
//   journal.mark how far the journal had got
//   reserve      room for when there is no other
//   lock         held while a server runs here
internal sealed class DataDirectory : IDisposable
{
    public const string Unfinished = ".new";

    private const string LockName = "lock";
    private const string EndedClean = "clean";

    // What the log of the replica takes for a line besides its bytes.
    private const int KeptLineCost = 32;

    private readonly StorageOptions _options;
    private FileStream? _lock;

    private DataDirectory(StorageOptions options)
    {
        _options = options;
        Reserve = new Reserve(Path.Combine(options.Directory, Reserve.Name), options.ReserveBytes);
    }

    public StateFile State { get; private set; } = null!;

    public JournalFile Journal { get; private set; } = null!;

    public Reserve Reserve { get; }

    public string Instance => State.Instance;

    public string JournalPath => Path.Combine(_options.Directory, JournalFile.Name);

    private string StatePath => Path.Combine(_options.Directory, StateFile.Name);

    /// <summary>Opens the data of a server, or begins them. What is there is not changed where it cannot be
    /// used.</summary>
    /// <exception cref="StorageException">They cannot be used.</exception>
    public static DataDirectory Open(StorageOptions options)
    {
        DataDirectory directory = new(options);

        try
        {
            StorageAdvice.Explaining(options.Directory, options.Id, directory.Open);
            return directory;
        }
        catch
        {
            directory.Dispose();
            throw;
        }
    }

    /// <summary>Hands over everything that is kept.</summary>
    /// <exception cref="StorageException">It is not what was written.</exception>
    public void Load(Recovery recovery) => StorageAdvice.Explaining(_options.Directory, _options.Id, () =>
    {
        long folded = State.Folded;
        CheckReach(Journal, folded);
        CheckIntegrity(StateFile.Name, State.CheckIntegrity());
        State.Load(recovery);
        long first = Journal.FirstRowWithin(_options.RetainBytes, KeptLineCost, folded);
        Journal.Read(first, (row, lines) => TakeIn(recovery, lines, isFolded: row <= folded));
        recovery.End();
    });

    /// <summary>Hands over the lines of a row of the journal.</summary>
    /// <param name="isFolded">Whether the saved state has it: it is kept for servers that lack it.</param>
    internal static void TakeIn(Recovery recovery, ReadOnlySpan<byte> lines, bool isFolded)
    {
        int prefetched = 0;

        while (!lines.IsEmpty)
        {
            if (!isFolded && prefetched-- == 0)
            {
                prefetched = recovery.Prefetch(lines) - 1;
            }

            int end = lines.IndexOf((byte)'\n');
            var line = end < 0 ? lines : lines[..end];
            lines = end < 0 ? [] : lines[(end + 1)..];

            if (line.IsEmpty)
            {
                continue;
            }

            if (isFolded)
            {
                recovery.Kept(line);
            }
            else
            {
                recovery.Journaled(line);
            }
        }
    }

    /// <summary>Closes it after everything is folded: the next start need not ask what the machine did
    /// since.</summary>
    public void Finish()
    {
        Journal.Finish(JournalPath);
        State.Write(("ended", EndedClean));
        State.Finish();
    }

    public void Dispose()
    {
        Journal?.Dispose();
        State?.Dispose();
        _lock?.Dispose();
    }

    /// <exception cref="StorageException">Something is wrong.</exception>
    internal static void CheckIntegrity(string file, IReadOnlyList<string> wrong)
    {
        if (wrong.Count > 0)
        {
            throw StorageException.Damage($"{file} is damaged: {string.Join("; ", wrong)}");
        }
    }

    /// <summary>The rows after the saved state must all be there.</summary>
    /// <exception cref="StorageException">They are not.</exception>
    internal static void CheckReach(JournalFile journal, long folded)
    {
        if (journal.LastRow < folded)
        {
            throw StorageException.Damage(
                $"{JournalFile.Name} ends with row {journal.LastRow}, but {StateFile.Name} has what came up"
                + $" to row {folded}: the journal is older than the state, or its end is lost");
        }

        if (journal.LastRow > folded && journal.FirstRow > folded + 1)
        {
            throw StorageException.Damage(
                $"{StateFile.Name} has what came up to row {folded}, and {JournalFile.Name} begins with row"
                + $" {journal.FirstRow}: what lies between is lost");
        }
    }

    private void Open()
    {
        Directory.CreateDirectory(_options.Directory);
        Lock();

        if (!File.Exists(StatePath))
        {
            Begin();
        }

        State = StateFile.Open(StatePath, Access.Write);
        CheckOwner();
        CheckLastRun();

        if (!File.Exists(JournalPath))
        {
            throw StorageException.Damage($"{JournalFile.Name} is missing");
        }

        // The last run may have left its end to the system, or have ended between writing it and forcing it
        // to the disk; this one shows it.
        Disk.Flush(JournalPath);
        Disk.Flush(JournalPath + "-wal");

        Journal = JournalFile.Open(JournalPath, State.Instance, _options.Fsync);
        Journal.CheckMark();
        CheckReach(Journal, State.Folded);
        State.Write(
            ("fsync", FsyncPromise.Word(_options.Fsync)), ("boot", _options.Boot), ("ended", "no"));
        Reserve.TryHold();
    }

    private void Lock()
    {
        string path = Path.Combine(_options.Directory, LockName);

        try
        {
            _lock = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException failure) when (IsLockedByAnother(failure))
        {
            throw new StorageException(
                "another server is running on it. Stop that one, or give this one a directory of its own:"
                + " --data DIR");
        }
    }

    private static bool IsLockedByAnother(IOException failure)
    {
        const int SharingViolation = unchecked((int)0x80070020);
        const int WouldBlock = 11;
        const int WouldBlockOnMac = 35;
        return failure.HResult == (OperatingSystem.IsWindows() ? SharingViolation
            : OperatingSystem.IsMacOS() ? WouldBlockOnMac
            : WouldBlock);
    }

    /// <summary>The state comes last: where it is not, nothing was ever acknowledged.</summary>
    private void Begin()
    {
        using (AcknowledgedMark mark = new(JournalPath))
        {
            if (mark.Read() is > 0 and var row)
            {
                throw StorageException.Damage(
                    $"{StateFile.Name} is missing, and row {row} of {JournalFile.Name} was acknowledged");
            }
        }

        if (File.Exists(JournalPath) && !IsJournalEmpty())
        {
            throw StorageException.Damage($"{StateFile.Name} is missing");
        }

        string[] left = [JournalPath, StatePath, JournalPath + Unfinished, StatePath + Unfinished];

        foreach (string path in left)
        {
            File.Delete(path);
            File.Delete(path + "-wal");
            File.Delete(path + "-shm");
        }

        File.Delete(Path.Combine(_options.Directory, AcknowledgedMark.Name));
        JournalFile.Create(JournalPath + Unfinished, _options.NewInstance);
        StateFile.Create(StatePath + Unfinished, _options.Id, _options.NewInstance, _options.Consistency);
        Disk.Publish(JournalPath + Unfinished, JournalPath);
        Disk.Publish(StatePath + Unfinished, StatePath);
        Disk.FlushDirectory(Path.GetDirectoryName(Path.GetFullPath(_options.Directory))!);
    }

    private bool IsJournalEmpty()
    {
        using Database journal = new(JournalPath, Access.Write);
        return journal.Number("SELECT count(*) FROM journal") == 0;
    }

    private void CheckOwner()
    {
        if (State.Server != _options.Id)
        {
            throw new StorageException(
                $"the data are those of server {State.Server}, and an id belongs to its data."
                + $" Start with --id {State.Server}, or give server {_options.Id} a directory of its own:"
                + " --data DIR");
        }

        if (State.Consistency != _options.Consistency)
        {
            bool isEventual = State.Consistency == Consistency.Eventual;
            throw new StorageException(
                $"the data are those of {(isEventual ? "an eventual" : "a causal")} server: "
                + (isEventual
                    ? "they are not causally closed, so a causal one cannot serve them. Start with"
                        + " --consistency eventual"
                    : "an eventual one would spoil them. Start without --consistency eventual")
                + ", or with another --data DIR");
        }
    }

    /// <exception cref="StorageException">What it left may not have survived the machine.</exception>
    private void CheckLastRun()
    {
        var values = State.Values;
        string fsync = values.GetValueOrDefault("fsync", FsyncPromise.Word(Fsync.Always));
        bool wasWeak = fsync != FsyncPromise.Word(Fsync.Always)
            && values.GetValueOrDefault("ended") != EndedClean;

        if (wasWeak && !Boot.AreSame(values.GetValueOrDefault("boot", ""), _options.Boot))
        {
            throw new StorageException(StorageAdvice.MachineWentDown(
                _options.Directory, _options.Id, fsync, State.Facts()));
        }
    }
}
