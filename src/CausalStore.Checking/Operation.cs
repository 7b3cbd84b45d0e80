namespace CausalStore.Checking;

/// <summary>
/// One request of a session with its reply: all its writes are atomic, all its reads one state.
/// </summary>
/// <remarks>
/// One line of a recorded history. The exception are pushes: several in one operation were seen one after
/// the other, in their order.
/// </remarks>
public sealed class Operation
{
    internal Operation(string session, int number, HistoryStep[] steps, bool outcomeUnknown, bool atRest)
    {
        Session = session;
        Number = number;
        Steps = steps;
        OutcomeUnknown = outcomeUnknown;
        AtRest = atRest;
    }

    public string Session { get; }

    /// <summary>Which operation of its session this is, counted from 1.</summary>
    public int Number { get; }

    public IReadOnlyList<HistoryStep> Steps { get; }

    /// <summary>The reply to a write never came: it may have happened, or happen later, or never.</summary>
    public bool OutcomeUnknown { get; }

    /// <summary>A read after the last write, when everything has arrived everywhere.</summary>
    public bool AtRest { get; }
}
