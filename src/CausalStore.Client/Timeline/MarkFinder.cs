using CausalStore.Protocol;
using CausalStore.Tracing;

namespace CausalStore.Client.Timeline;

/// <summary>
/// Which events have a mark of their own, and at whose mark the others are drawn: a write is sent where it
/// is accepted, received where it is applied or delayed, pushed where it becomes visible, and shown where the
/// client reads it. What a cluster says of itself before anybody writes stands at its servers' starts, the
/// coming and going of a client at what it does first and last.
/// </summary>
internal sealed class MarkFinder
{
    /// <summary>What is sent later than this after it was applied is sent again, or by somebody else.
    /// </summary>
    private static readonly TimeSpan AtOnce = TimeSpan.FromMilliseconds(50);

    private readonly RunEvent[] _events;
    private readonly IReadOnlyList<Lane> _lanes;
    private readonly Dictionary<int, int> _readAt;
    private readonly int[] _marks;
    private readonly Dictionary<(int Lane, WriteVersion Version), int> _visible = [];
    private readonly Dictionary<int, int> _starts = [];
    private bool _hasWritten;

    public MarkFinder(RunEvent[] events, IReadOnlyList<Lane> lanes, IEnumerable<Message> messages)
    {
        _events = events;
        _lanes = lanes;
        _marks = [.. Enumerable.Range(0, events.Length)];
        _readAt = messages.Where(message => message.Kind == MessageKind.Answer)
            .ToDictionary(message => message.From, message => message.To);
    }

    public int[] Find()
    {
        Dictionary<int, int> before = [];
        Dictionary<int, int> behind = [];

        foreach (var one in _events)
        {
            _marks[one.Index] = MarkOf(one);
            _hasWritten |= one.Traced is TraceEvent.Wrote or TraceEvent.Accepted;
            Hide(one, before, isHidden: IsEndOfClient(one) && one.Traced is TraceEvent.Stopped);
        }

        foreach (var one in _events.Reverse())
        {
            Hide(one, behind, isHidden: IsEndOfClient(one) && one.Traced is not TraceEvent.Stopped);
        }

        MoveReceipts();
        return _marks;
    }

    private int MarkOf(RunEvent one)
    {
        switch (one.Traced)
        {
            case TraceEvent.Started:
                _starts[one.Life] = one.Index;
                return one.Index;
            case TraceEvent.Accepted or TraceEvent.Applied:
                _visible[(one.Lane, one.Version!.Value)] = one.Index;
                return one.Index;
            case TraceEvent.Sent or TraceEvent.Pushed:
                return _visible.TryGetValue((one.Lane, one.Version!.Value), out int visible)
                    && one.Time - _events[visible].Time < AtOnce ? visible : one.Index;
            case TraceEvent.Showed:
                return _readAt.GetValueOrDefault(one.Index, one.Index);
            case TraceEvent.Connected or TraceEvent.Noted when !_hasWritten:
                return _starts.GetValueOrDefault(one.Life, one.Index);
            default:
                return one.Index;
        }
    }

    private bool IsEndOfClient(RunEvent one) => !_lanes[one.Lane].IsServer
        && one.Traced is TraceEvent.Started or TraceEvent.Connected or TraceEvent.Stopped;

    private void Hide(RunEvent one, Dictionary<int, int> neighbours, bool isHidden)
    {
        if (!isHidden)
        {
            neighbours[one.Life] = one.Index;
        }
        else if (neighbours.TryGetValue(one.Life, out int neighbour))
        {
            _marks[one.Index] = _marks[neighbour];
        }
    }

    /// <summary>A receipt is drawn where the next event of that write at that server is.</summary>
    private void MoveReceipts()
    {
        Dictionary<int, RunEvent> next = [];

        foreach (var one in _events.Reverse())
        {
            if (one.Traced is TraceEvent.Applied or TraceEvent.Delayed)
            {
                next[one.Life] = one;
            }
            else if (one.Traced is TraceEvent.Received && next.TryGetValue(one.Life, out var taken)
                && taken.Version == one.Version && taken.Time - one.Time < AtOnce)
            {
                _marks[one.Index] = taken.Index;
            }
        }
    }
}
