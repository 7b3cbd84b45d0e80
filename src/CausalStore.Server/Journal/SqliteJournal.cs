using System.Diagnostics.CodeAnalysis;
using CausalStore.Replication;
using CausalStore.Server.Storage;
using Microsoft.Data.Sqlite;

namespace CausalStore.Server.Journal;

// Keeps batches in SQLite, behind the loop.
//
//   the loop's thread     Append: lines join the open segment. Save: closes it, so that no later line gets
//                         into its rows
//   the journal's thread  commits all segments that wait as one transaction, wakes the loop; between commits
//                         looks after the file: checkpoints, rows that are kept no longer, the reserve
//   the fold's thread     folds what Save was given into the state, once its segment is durable
//
// Where the disk has no room, the reserve is given up so that what has been taken in can be kept; from then
// on nothing is taken in until there is a reserve again. Any other failure is final.
internal sealed class SqliteJournal : IJournal
{
    /// <summary>Bytes that wait for the disk; beyond it the loop executes nothing. The reserve has room for
    /// them, once in the journal's write-ahead log and once in its file.</summary>
    public const int WaitingBytesMax = 8 << 20;

    private const int LookAfterBytes = 1 << 20;
    private static readonly TimeSpan LookAfter = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan ASecond = TimeSpan.FromSeconds(1);

    private readonly object _gate = new();
    private readonly JournalFile _file;
    private readonly StateFile _state;
    private readonly Reserve _reserve;
    private readonly SqliteJournalOptions _options;
    private readonly Action _wake;
    private readonly TimeProvider _time;
    private readonly Folding _folding;

    private List<JournalSegment> _waiting = [];
    private List<JournalSegment> _committing = [];
    private JournalSegment _last;
    private Thread? _thread;
    private bool _isStopping;
    private long _waitingBytes;
    private long _unfoldedBytes;
    private long _foldingBytes;
    private long _durable;
    private volatile bool _isFull;
    private volatile bool _isIdle;
    private volatile bool _hasFolded = true;
    private volatile string? _failure;

    // The journal's thread only.
    private long _appendedAt;
    private long _syncedAt;
    private long _triedReserveAt;
    private long _bytesSinceLook;

    /// <param name="wake">Called from other threads when anything has changed.</param>
    public SqliteJournal(DataDirectory data, SqliteJournalOptions options, Action wake, TimeProvider time)
    {
        _file = data.Journal;
        _state = data.State;
        _reserve = data.Reserve;
        _options = options;
        _wake = wake;
        _time = time;
        _last = new JournalSegment(0) { LastRow = _file.LastRow };
        _unfoldedBytes = _file.BytesAfter(_state.Folded);
        _isFull = !_reserve.IsHeld;
        _appendedAt = _syncedAt = _triedReserveAt = time.GetTimestamp();
        _folding = new Folding(_state, OnFolded, failure => Fail(StateFile.Name, failure));
    }

    public long Durable => Volatile.Read(ref _durable);

    public bool IsFull => _isFull;

    public string? Failure => _failure;

    public bool IsFolding => _folding.IsUnderWay;

    public bool WantsChanges
    {
        get
        {
            long unfolded = Volatile.Read(ref _unfoldedBytes);
            return !_folding.IsUnderWay && unfolded > 0 && (unfolded >= _options.SaveBytes || _isIdle);
        }
    }

    public void Start()
    {
        _folding.Start();
        _thread = new Thread(Run) { Name = "journal", IsBackground = true };
        _thread.Start();
    }

    public long Append(ReadOnlySpan<byte> lines)
    {
        if (lines.IsEmpty)
        {
            return _last.Batch;
        }

        lock (_gate)
        {
            if (_waiting.Count == 0 || _waiting[^1] != _last || _last.IsClosed)
            {
                _last = new JournalSegment(_last.Batch + 1);
                _waiting.Add(_last);
            }

            _last.Append(lines);
            _waitingBytes += lines.Length;
            Volatile.Write(ref _unfoldedBytes, _unfoldedBytes + lines.Length);
            Monitor.Pulse(_gate);
            return _last.Batch;
        }
    }

    public bool HasRoomFor(int bytes)
    {
        // When it is full, little can come, and what is kept can be read.
        return _isFull
            || (Volatile.Read(ref _waitingBytes) + bytes < WaitingBytesMax
                && Volatile.Read(ref _unfoldedBytes) + Volatile.Read(ref _foldingBytes)
                    < _options.UnfoldedBytesMax);
    }

    public void Save(StateChanges changes)
    {
        lock (_gate)
        {
            _last.IsClosed = true;
            _isIdle = false;
            Volatile.Write(ref _foldingBytes, _unfoldedBytes);
            Volatile.Write(ref _unfoldedBytes, 0);
            _folding.Begin(changes, _last);
        }
    }

    public bool TryTakeSaved([NotNullWhen(true)] out StateChanges? changes) =>
        _folding.TryTakeBack(out changes);

    /// <summary>Makes durable what waits, folds it in, and ends. The files stay open.</summary>
    /// <param name="changes">The last changes; null: the replica's state cannot be trusted.</param>
    /// <returns>Whether everything is in the saved state.</returns>
    public bool Stop(Func<StateChanges>? changes)
    {
        lock (_gate)
        {
            _isStopping = true;
            Monitor.PulseAll(_gate);
        }

        _thread?.Join();
        _folding.Stop();

        if (_failure is not null || changes is null || _folding.IsUnderWay)
        {
            return false;
        }

        if (_unfoldedBytes == 0)
        {
            return true;
        }

        try
        {
            _state.Fold(changes(), _last.LastRow);
            return true;
        }
        catch (SqliteException failure) when (Database.IsFull(failure))
        {
            return false;
        }
        catch (SqliteException failure)
        {
            Fail(StateFile.Name, failure);
            return false;
        }
    }

    private void Run()
    {
        try
        {
            while (WaitForWork())
            {
                if (_committing.Count > 0)
                {
                    Commit(_committing);
                    _committing.Clear();
                }

                LookAfterFile();
            }
        }
        catch (Exception failure)
        {
            Fail(JournalFile.Name, failure);
        }
    }

    /// <returns>Whether there is anything left to do.</returns>
    private bool WaitForWork()
    {
        // Where both have one core, the loop goes on until it has nothing left to execute: all of that is one
        // commit then.
        Thread.Yield();

        lock (_gate)
        {
            if (_waiting.Count == 0 && !_isStopping && !MayDelete)
            {
                bool isAtRest = _unfoldedBytes == 0 && !_isFull && !_file.IsUnsynced;
                Monitor.Wait(_gate, isAtRest ? Timeout.InfiniteTimeSpan : LookAfter);
            }

            (_waiting, _committing) = (_committing, _waiting);
            return _committing.Count > 0 || (!_isStopping && _failure is null);
        }
    }

    private void Commit(List<JournalSegment> segments)
    {
        while (!TryCommit(segments))
        {
            bool hadReserve = _reserve.IsHeld;
            _reserve.Release();
            SetFull();

            if (!hadReserve && !MayTryAgain())
            {
                throw new StorageException(
                    "there is no room on the disk for the last writes that were taken in; nobody was told of"
                    + " them");
            }
        }

        long bytes = segments.Sum(segment => (long)segment.Lines.Length);

        foreach (var segment in segments)
        {
            segment.Release();
        }

        lock (_gate)
        {
            _waitingBytes -= bytes;
        }

        _bytesSinceLook += bytes;
        _appendedAt = _time.GetTimestamp();
        Volatile.Write(ref _durable, segments[^1].Batch);
        _folding.Look();
        _wake();
    }

    private bool TryCommit(List<JournalSegment> segments)
    {
        try
        {
            LimitPages();
            _file.Append(segments);
            return true;
        }
        catch (SqliteException failure) when (Database.IsFull(failure))
        {
            return false;
        }
    }

    private bool MayTryAgain()
    {
        lock (_gate)
        {
            return !_isStopping && !(Monitor.Wait(_gate, ASecond) && _isStopping);
        }
    }

    private void LookAfterFile()
    {
        bool isDueToSync = _file.IsUnsynced && _options.Fsync == Fsync.EverySecond
            && _time.GetElapsedTime(_syncedAt) >= ASecond;

        try
        {
            if (isDueToSync || _file.NeedsCheckpoint)
            {
                _syncedAt = _time.GetTimestamp();
                _file.Checkpoint();
            }

            DeleteWhatIsKeptNoLonger();
        }
        catch (SqliteException failure) when (Database.IsFull(failure))
        {
            _reserve.Release();
            SetFull();
        }

        if (_isFull && _time.GetElapsedTime(_triedReserveAt) >= ASecond)
        {
            _triedReserveAt = _time.GetTimestamp();
            _isFull = _folding.LacksRoom || !_reserve.TryHold();
            _wake();
        }

        if (!_isIdle && Volatile.Read(ref _unfoldedBytes) > 0 && !_folding.IsUnderWay
            && _time.GetElapsedTime(_appendedAt) >= ASecond)
        {
            _isIdle = true;
            _wake();
        }
    }

    private bool MayDelete =>
        (_hasFolded || _bytesSinceLook >= LookAfterBytes) && _file.FirstRow < _folding.FoldedRow;

    /// <summary>The row up to which the state is saved stays: it shows that the two files belong
    /// together.</summary>
    private void DeleteWhatIsKeptNoLonger()
    {
        if (!MayDelete)
        {
            return;
        }

        _hasFolded = false;
        _bytesSinceLook = 0;

        if (_file.UsedBytes > _options.RetainBytes && _file.DeleteSomeBefore(_folding.FoldedRow))
        {
            _hasFolded = true;
        }
    }

    private void OnFolded()
    {
        if (_folding.LacksRoom)
        {
            SetFull();
        }

        lock (_gate)
        {
            if (!_folding.IsUnderWay)
            {
                Volatile.Write(ref _foldingBytes, 0);
                _hasFolded = true;
            }

            Monitor.PulseAll(_gate);
        }

        _wake();
    }

    private void SetFull()
    {
        _triedReserveAt = _time.GetTimestamp();
        _isFull = true;
        _wake();
    }

    private void Fail(string file, Exception failure)
    {
        _failure = StorageAdvice.CannotKeep(file, failure);

        lock (_gate)
        {
            Monitor.PulseAll(_gate);
        }

        _wake();
    }

    private void LimitPages()
    {
        if (_options.PagesMax is { } pages)
        {
            _file.LimitPages(pages());
        }
    }
}
