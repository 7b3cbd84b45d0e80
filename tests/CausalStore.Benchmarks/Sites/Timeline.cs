namespace CausalStore.Benchmarks.Sites;

/// <summary>What happens, in the order of time; at one moment, in the order of planning.</summary>
internal sealed class Timeline
{
    private readonly PriorityQueue<Action, (TimeSpan At, long Number)> _planned = new();
    private long _number;

    public TimeSpan Now { get; private set; }

    public void At(TimeSpan time, Action happens) =>
        _planned.Enqueue(happens, (time > Now ? time : Now, ++_number));

    public void After(TimeSpan time, Action happens) => At(Now + time, happens);

    public void RunFor(TimeSpan time)
    {
        var end = Now + time;

        while (_planned.TryPeek(out _, out var next) && next.At <= end)
        {
            Now = next.At;
            _planned.Dequeue()();
        }

        Now = end;
    }
}
