namespace CausalStore.Client.Timeline;

/// <summary>
/// One order of all events: by the clock, but that no process is turned round and no message arrives before
/// it is sent, however much the clocks of the machines differ.
/// </summary>
internal static class EventOrder
{
    public static IReadOnlyList<Place> Of(
        IReadOnlyList<TraceLife> lives, int[] laneOf,
        IEnumerable<(Place From, Place To, MessageKind Kind)> messages)
    {
        var fromOf = messages.ToLookup(message => message.To, message => message.From);
        var toOf = messages.ToLookup(message => message.From, message => message.To);
        var livesOf = Enumerable.Range(0, lives.Count).GroupBy(life => laneOf[life])
            .ToDictionary(lane => lane.Key, lane => lane.ToArray());
        Dictionary<int, (int Life, int Position)> heads =
            livesOf.ToDictionary(lane => lane.Key, _ => (0, 0));
        PriorityQueue<int, (DateTime, int)> open = new(
            livesOf.Keys.Select(lane => (lane, (TimeOf(HeadOf(lane)), lane))));
        Dictionary<Place, int> blocked = [];
        HashSet<Place> done = [];
        List<Place> order = [];

        while (open.TryDequeue(out int lane, out _) || Unblock(out lane))
        {
            var place = HeadOf(lane);

            // Whoever is waited for is told of it when it comes.
            if (fromOf[place].Any(from => !done.Contains(from)) && !blocked.ContainsKey(place))
            {
                blocked.Add(place, lane);
                continue;
            }

            blocked.Remove(place);
            done.Add(place);
            order.Add(place);

            if (Advance(lane))
            {
                open.Enqueue(lane, (TimeOf(HeadOf(lane)), lane));
            }

            foreach (var waiting in toOf[place].Where(to => blocked.ContainsKey(to)))
            {
                open.Enqueue(blocked[waiting], (TimeOf(waiting), blocked[waiting]));
                blocked.Remove(waiting);
            }
        }

        return order;

        Place HeadOf(int lane) => new(livesOf[lane][heads[lane].Life], heads[lane].Position);

        DateTime TimeOf(Place place) => lives[place.Life].Lines[place.Position].Time;

        bool Advance(int lane)
        {
            var (life, position) = heads[lane];
            bool isLifeOver = position + 1 == lives[livesOf[lane][life]].Lines.Count;
            heads[lane] = isLifeOver ? (life + 1, 0) : (life, position + 1);
            return heads[lane].Life < livesOf[lane].Length;
        }

        // Only ends that were paired wrongly wait for each other: the earliest goes on without its message.
        bool Unblock(out int lane)
        {
            lane = blocked.Count > 0 ? blocked.MinBy(place => TimeOf(place.Key)).Value : 0;
            return blocked.Count > 0;
        }
    }
}
