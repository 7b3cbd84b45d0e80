namespace CausalStore.Simulation;

/// <summary>Virtual time: what happens when. Nothing takes time but waiting for the next event.</summary>
internal sealed class Timeline
{
    private readonly PriorityQueue<Action, (TimeSpan At, long Number)> _events = new();
    private long _number;

    public TimeSpan Now { get; private set; }

    /// <summary>Events that have happened.</summary>
    public long Count { get; private set; }

    /// <summary>Lets something happen then; of two at the same time, the one said first comes
    /// first.</summary>
    public void At(TimeSpan time, Action happens) =>
        _events.Enqueue(happens, (time < Now ? Now : time, _number++));

    public void After(TimeSpan delay, Action happens) => At(Now + delay, happens);

    /// <summary>Lets happen what happens until then, that moment included.</summary>
    public void RunUntil(TimeSpan end)
    {
        while (_events.TryPeek(out _, out var next) && next.At <= end)
        {
            Now = next.At;
            Count++;
            _events.Dequeue()();
        }

        Now = end;
    }
}
