namespace CausalStore.Checking;

/// <summary>What one session did and saw, in the order in which it did and saw it.</summary>
/// <remarks>
/// Every method adds one operation; one that makes no sense is refused with an ArgumentException.
/// </remarks>
public sealed class SessionHistory
{
    private readonly List<Operation> _operations = [];

    internal SessionHistory(string name)
    {
        Name = name;
    }

    public string Name { get; }

    public IReadOnlyList<Operation> Operations => _operations;

    public SessionHistory Wrote(Bytes key, Bytes value, HistoryVersion? version = null)
        => Together(new HistoryStep.Write(key, value, version));

    public SessionHistory Deleted(Bytes key, HistoryVersion? version = null)
        => Together(new HistoryStep.Delete(key, version));

    /// <summary>A read of one key; no value means that it was missing.</summary>
    public SessionHistory Read(Bytes key, Bytes? value, HistoryVersion? version = null)
        => Together(new HistoryStep.Read(key, value, version));

    /// <summary>A scan that showed these rows, and no other key under the prefix.</summary>
    public SessionHistory Scanned(Bytes prefix, params Row[] rows)
        => Together(new HistoryStep.Scan(prefix, rows));

    /// <summary>A pushed line; no value means that the key was removed.</summary>
    public SessionHistory Pushed(Bytes key, Bytes? value, HistoryVersion? version = null)
        => Together(new HistoryStep.Push(key, value, version));

    /// <summary>An atomic write of several keys, or one read of several keys.</summary>
    public SessionHistory Together(params HistoryStep[] steps)
        => Add(steps, outcomeUnknown: false, atRest: false);

    /// <summary>A write whose reply never came.</summary>
    public SessionHistory MayHave(params HistoryStep[] steps)
        => Add(steps, outcomeUnknown: true, atRest: false);

    /// <summary>A read when everything has arrived everywhere. Only such reads may follow it.</summary>
    public SessionHistory AtRest(params HistoryStep[] steps)
        => Add(steps, outcomeUnknown: false, atRest: true);

    internal SessionHistory Add(HistoryStep[] steps, bool outcomeUnknown, bool atRest)
    {
        ArgumentNullException.ThrowIfNull(steps);
        OperationRules.Demand(steps, outcomeUnknown, atRest);

        if (!atRest && _operations.Count > 0 && _operations[^1].AtRest)
        {
            throw new ArgumentException(
                $"session {Name} goes on after its final reads: mark only its very last reads as final");
        }

        _operations.Add(new Operation(Name, _operations.Count + 1, steps, outcomeUnknown, atRest));
        return this;
    }
}
