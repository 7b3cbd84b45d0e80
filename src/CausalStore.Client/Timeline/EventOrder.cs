namespace CausalStore.Client.Timeline;

/// <summary>
/// One order of all events: by the clock, but that no process is turned round and no message arrives before
/// it is sent, however much the clocks of the machines differ.
/// </summary>
internal sealed class EventOrder
{
    private readonly IReadOnlyList<TraceLife> _lives;
    private readonly int[][] _livesOf;
    private readonly ILookup<Place, Place> _fromOf;
    private readonly ILookup<Place, Place> _toOf;

    /// <summary>The next event of each lane.</summary>
    private readonly (int Life, int Position)[] _heads;

    /// <summary>Lanes whose next event can be taken, by its time.</summary>
    private readonly PriorityQueue<int, (DateTime, int)> _open = new();

    /// <summary>Arrivals whose sending is still to come, and their lanes.</summary>
    private readonly Dictionary<Place, int> _blocked = [];
    private readonly HashSet<Place> _done = [];

    private EventOrder(
        IReadOnlyList<TraceLife> lives, int[] laneOf,
        IReadOnlyCollection<(Place From, Place To, MessageKind Kind)> messages)
    {
        _lives = lives;
        _fromOf = messages.ToLookup(message => message.To, message => message.From);
        _toOf = messages.ToLookup(message => message.From, message => message.To);
        _livesOf =
        [
            .. Enumerable.Range(0, lives.Count).GroupBy(life => laneOf[life]).OrderBy(lane => lane.Key)
                .Select(lane => lane.ToArray()),
        ];
        _heads = new (int, int)[_livesOf.Length];
    }

    public static IReadOnlyList<Place> Of(
        IReadOnlyList<TraceLife> lives, int[] laneOf,
        IReadOnlyCollection<(Place From, Place To, MessageKind Kind)> messages) =>
        new EventOrder(lives, laneOf, messages).Find();

    private List<Place> Find()
    {
        List<Place> order = [];

        for (int lane = 0; lane < _livesOf.Length; lane++)
        {
            Open(lane);
        }

        while (_open.TryDequeue(out int lane, out _) || TryUnblock(out lane))
        {
            var place = HeadOf(lane);

            if (_fromOf[place].Any(from => !_done.Contains(from)) && _blocked.TryAdd(place, lane))
            {
                continue;
            }

            _blocked.Remove(place);
            _done.Add(place);
            order.Add(place);
            Advance(lane);
            Release(place);
        }

        return order;
    }

    private Place HeadOf(int lane) => new(_livesOf[lane][_heads[lane].Life], _heads[lane].Position);

    private DateTime TimeOf(Place place) => _lives[place.Life].Lines[place.Position].Time;

    private void Open(int lane) => _open.Enqueue(lane, (TimeOf(HeadOf(lane)), lane));

    private void Advance(int lane)
    {
        var (life, position) = _heads[lane];
        bool isLifeOver = position + 1 == _lives[_livesOf[lane][life]].Lines.Count;
        _heads[lane] = isLifeOver ? (life + 1, 0) : (life, position + 1);

        if (_heads[lane].Life < _livesOf[lane].Length)
        {
            Open(lane);
        }
    }

    private void Release(Place sent)
    {
        foreach (var arrival in _toOf[sent])
        {
            if (_blocked.Remove(arrival, out int lane))
            {
                Open(lane);
            }
        }
    }

    /// <summary>Only ends that were paired wrongly wait for each other: the earliest goes on without its
    /// message.</summary>
    private bool TryUnblock(out int lane)
    {
        lane = _blocked.Count > 0 ? _blocked.MinBy(arrival => TimeOf(arrival.Key)).Value : 0;
        return _blocked.Count > 0;
    }
}
