using System.Diagnostics.CodeAnalysis;
using CausalStore.Replication;
using CausalStore.Server.Journal;

namespace CausalStore.Server.Tests.Kit;

/// <summary>A journal whose disk is a person: what is durable is said by the test.</summary>
internal sealed class HandJournal : IJournal
{
    private long _durable;
    private long _last;
    private int _turns;
    private volatile bool _isFull;
    private volatile bool _isBehind;
    private volatile string? _failure;

    /// <summary>Called when anything was changed by hand.</summary>
    public Action Changed { get; set; } = () => { };

    public long Durable => Volatile.Read(ref _durable);

    public bool WantsChanges => false;

    public bool IsFull
    {
        get => _isFull;
        set => Change(() => _isFull = value);
    }

    public bool IsBehind
    {
        get => _isBehind;
        set => Change(() => _isBehind = value);
    }

    public string? Failure
    {
        get => _failure;
        set => Change(() => _failure = value);
    }

    /// <summary>How often the loop has come by.</summary>
    public int Turns => Volatile.Read(ref _turns);

    /// <summary>The last batch that was handed out.</summary>
    public long Last => Volatile.Read(ref _last);

    public void MakeDurable(long batch) => Change(() => Volatile.Write(ref _durable, batch));

    public long Append(ReadOnlySpan<byte> lines)
    {
        Interlocked.Increment(ref _turns);
        return lines.IsEmpty ? _last : Interlocked.Increment(ref _last);
    }

    public bool HasRoomFor(int bytes) => !_isBehind;

    public void Save(StateChanges changes)
    {
    }

    public bool TryTakeSaved([NotNullWhen(true)] out StateChanges? changes)
    {
        changes = null;
        return false;
    }

    private void Change(Action change)
    {
        change();
        Changed();
    }
}
