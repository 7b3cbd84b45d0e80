using System.Diagnostics.CodeAnalysis;
using CausalStore.Replication;
using CausalStore.Server.Storage;
using Microsoft.Data.Sqlite;

namespace CausalStore.Server.Journal;

/// <summary>
/// Folds what the replica says has changed into the saved state, on a thread of its own: one save at a time,
/// and each only when the journal up to it is durable.
/// </summary>
/// <param name="changed">Called when a save is done, or there is no room for it.</param>
/// <param name="failed">Called when nothing can be saved any more.</param>
internal sealed class Folding(StateFile state, Action changed, Action<Exception> failed)
{
    private static readonly TimeSpan TryAgainAfter = TimeSpan.FromSeconds(1);

    private readonly object _gate = new();
    private readonly List<(StateChanges Changes, JournalSegment UpTo)> _saves = [];
    private Thread? _thread;
    private bool _isStopping;
    private long _foldedRow = state.Folded;
    private StateChanges? _taken;
    private volatile bool _isUnderWay;
    private volatile bool _lacksRoom;

    public bool IsUnderWay => _isUnderWay;

    /// <summary>Whether it waits for room on the disk.</summary>
    public bool LacksRoom => _lacksRoom;

    /// <summary>The last row of the journal that is in the saved state, durably.</summary>
    public long FoldedRow => Volatile.Read(ref _foldedRow);

    public void Start()
    {
        _thread = new Thread(Run) { Name = "fold", IsBackground = true };
        _thread.Start();
    }

    /// <summary>Folds changes in once that segment, the last that is in them, is durable. Only while none is
    /// under way.</summary>
    public void Begin(StateChanges changes, JournalSegment upTo)
    {
        lock (_gate)
        {
            _isUnderWay = true;
            _saves.Add((changes, upTo));
            Monitor.Pulse(_gate);
        }
    }

    /// <summary>What was begun last and is no longer read in the store, once.</summary>
    public bool TryTakeBack([NotNullWhen(true)] out StateChanges? changes)
    {
        changes = _taken is null ? null : Interlocked.Exchange(ref _taken, null);
        return changes is not null;
    }

    /// <summary>Segments have become durable.</summary>
    public void Look()
    {
        if (_isUnderWay)
        {
            lock (_gate)
            {
                Monitor.Pulse(_gate);
            }
        }
    }

    /// <summary>Finishes what can be finished, and ends. Everything that will ever be durable is.</summary>
    public void Stop()
    {
        lock (_gate)
        {
            _isStopping = true;
            Monitor.Pulse(_gate);
        }

        _thread?.Join();
    }

    private void Run()
    {
        try
        {
            while (Next() is { } save)
            {
                Fold(save.Changes, save.UpTo.LastRow);
                changed();
            }
        }
        catch (Exception failure)
        {
            failed(failure);
        }
    }

    private (StateChanges Changes, JournalSegment UpTo)? Next()
    {
        lock (_gate)
        {
            while (_saves.Count == 0 || _saves[0].UpTo.LastRow == 0)
            {
                if (_isStopping)
                {
                    return null;
                }

                Monitor.Wait(_gate);
            }

            var next = _saves[0];
            _saves.Clear();
            return next;
        }
    }

    private void Fold(StateChanges changes, long row)
    {
        // While its records are frozen, every write pays for it; the copy is made in a moment, the fold in
        // seconds.
        changes.Keys.Detach();
        Volatile.Write(ref _taken, changes);
        changed();

        while (true)
        {
            try
            {
                state.Fold(changes, row);
                break;
            }
            catch (SqliteException failure) when (Database.IsFull(failure))
            {
                // The journal needs it more.
                state.ReleaseRoom();
                _lacksRoom = true;
                changed();

                // The journal has it all: the next start takes it in from there.
                if (HasToStop())
                {
                    return;
                }
            }
        }

        Volatile.Write(ref _foldedRow, row);
        _lacksRoom = false;
        _isUnderWay = false;
    }

    private bool HasToStop()
    {
        lock (_gate)
        {
            return _isStopping || (Monitor.Wait(_gate, TryAgainAfter) && _isStopping);
        }
    }
}
