namespace CausalStore.Scenarios.Virtual;

/// <summary>Time that passes when it is told to: what is due happens, in its order.</summary>
internal sealed class VirtualClock
{
    private static readonly DateTime Beginning = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    private readonly PriorityQueue<Action, (TimeSpan Time, long Number)> _due = new();
    private long _number;

    public TimeSpan Now { get; private set; }

    public DateTime Date => Beginning + Now;

    /// <summary>Of what is due at the same time, what was said first happens first.</summary>
    public void At(TimeSpan time, Action happens) => _due.Enqueue(happens, (time, _number++));

    public void After(TimeSpan time, Action happens) => At(Now + time, happens);

    public void RunUntil(TimeSpan end)
    {
        while (_due.TryPeek(out _, out var next) && next.Time <= end)
        {
            Next();
        }

        Now = end;
    }

    /// <summary>Lets the next thing that is due happen.</summary>
    public void Next()
    {
        if (!_due.TryDequeue(out var happens, out var due))
        {
            throw new InvalidOperationException("nothing will ever happen any more");
        }

        Now = due.Time > Now ? due.Time : Now;
        happens();
    }
}
