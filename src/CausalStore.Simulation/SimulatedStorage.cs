using CausalStore.Replication;

namespace CausalStore.Simulation;

/// <summary>
/// How one process writes to its disk: batches become durable in their order, each after a while, and the
/// next turns go on meanwhile; from time to time the state is saved, in pieces. In memory everything is as
/// durable as it ever gets.
/// </summary>
internal sealed class SimulatedStorage(SimulatedServer server, SimulatedDisk? disk, Dice dice)
{
    private readonly Queue<(long Batch, byte[] Lines)> _pending = [];
    private readonly World _world = server.World;
    private long _last = disk?.LastBatch ?? 0;
    private TimeSpan _lastDone;
    private bool _hasEnded;
    private Saving? _saving;

    /// <summary>A save that is under way: begun once its turn is durable.</summary>
    private sealed record Saving(StateChanges Changes, long UpTo)
    {
        public bool HasBegun { get; set; }

        public int KeysSaved { get; set; }
    }

    /// <summary>The last batch that is durable.</summary>
    public long Durable { get; private set; } = disk?.LastBatch ?? 0;

    public bool IsSaving => _saving is { HasBegun: true };

    /// <summary>Until then nothing more becomes durable: the disk is full, or slow.</summary>
    public TimeSpan StandsStillUntil { get; set; }

    /// <summary>The end of a turn.</summary>
    /// <returns>The batch that must be durable before anything leaves that shows what is in it.</returns>
    public long EndTurn(Replica replica, ReadOnlySpan<byte> lines)
    {
        if (disk is null)
        {
            return 0;
        }

        if (!lines.IsEmpty)
        {
            _pending.Enqueue((++_last, lines.ToArray()));
            MakeDurableLater();
        }

        if (_saving is null && dice.Chance(_world.Settings.SaveShare))
        {
            _saving = new Saving(replica.TakeChanges(), _last);
            BeginToSave();
        }

        return _last;
    }

    /// <summary>The process is gone, perhaps its machine: of what was on its way, a part may have
    /// arrived.</summary>
    /// <returns>The last batch that is there.</returns>
    public long End()
    {
        _hasEnded = true;
        int arrived = dice.Chance(0.3) ? dice.Between(0, _pending.Count) : 0;
        _world.Coverage.Count(Happening.BatchesLost, _pending.Count - arrived);
        _world.Coverage.Count(Happening.CrashesWhileSaving, IsSaving ? 1 : 0);

        for (; arrived > 0; arrived--)
        {
            var (batch, lines) = _pending.Dequeue();
            disk!.Append(batch, lines);
            Durable = batch;
        }

        return Durable;
    }

    private void MakeDurableLater()
    {
        var settings = _world.Settings;
        bool isSlow = dice.Chance(settings.SlowDiskShare) && !_world.IsCalm;
        _world.Coverage.Count(Happening.SlowWritesToDisk, isSlow ? 1 : 0);
        var delay = isSlow
            ? dice.Around(TimeSpan.FromSeconds(1))
            : dice.Between(TimeSpan.Zero, settings.DiskDelayMax);
        _lastDone = Later(_world.Timeline.Now + delay, Later(_lastDone, StandsStillUntil));
        _world.Timeline.At(_lastDone, MakeDurable);
    }

    private void MakeDurable()
    {
        if (_hasEnded)
        {
            return;
        }

        if (StandsStillUntil > _world.Timeline.Now)
        {
            _world.Timeline.At(StandsStillUntil, MakeDurable);
            return;
        }

        var (batch, lines) = _pending.Dequeue();
        disk!.Append(batch, lines);
        Durable = batch;
        server.BecameDurable(batch);
        BeginToSave();
    }

    private void BeginToSave()
    {
        if (!_hasEnded && _saving is { HasBegun: false } saving && saving.UpTo <= Durable)
        {
            saving.HasBegun = true;
            SaveNext(saving);
        }
    }

    private void SaveNext(Saving saving)
    {
        if (_hasEnded)
        {
            return;
        }

        if (server.CrashPoint == CrashPoint.WhileSaving)
        {
            server.Crash();
            return;
        }

        if (saving.KeysSaved < saving.Changes.Keys.Count)
        {
            disk!.Save(saving.Changes.Keys, saving.KeysSaved++);
        }
        else
        {
            disk!.Save(saving.Changes, saving.UpTo, _world.Settings.JournalLinesKept);
            Replica.EndSave(saving.Changes);
            _saving = null;
            _world.Coverage.Count(Happening.StatesSaved);
            return;
        }

        _world.Timeline.After(
            dice.Between(TimeSpan.Zero, _world.Settings.DiskDelayMax), () => SaveNext(saving));
    }

    private static TimeSpan Later(TimeSpan left, TimeSpan right) => left > right ? left : right;
}
