using CausalStore.Protocol;
using CausalStore.Tracing;

namespace CausalStore.Client.Timeline;

/// <summary>Makes one run of the traces of its processes.</summary>
internal static class RunBuilder
{
    /// <param name="files">The lines of each trace.</param>
    /// <param name="isOver">Nothing runs any more: who has not said that it stops has crashed.</param>
    /// <exception cref="TraceFormatException">There is nothing to draw.</exception>
    public static Run Build(IEnumerable<IReadOnlyList<TraceLine>> files, bool isOver = false)
    {
        var lives = TraceLives.Of(files);

        if (lives.Count == 0)
        {
            throw new TraceFormatException("the traces are empty: nothing was written yet");
        }

        var (lanes, laneOf) = TraceLives.Lanes(lives);
        var pairs = new MessageMatcher(lives).Find();
        var order = EventOrder.Of(lives, laneOf, pairs);
        var indexOf = order.Index().ToDictionary(pair => pair.Item, pair => pair.Index);
        Message[] messages =
        [
            .. pairs.Select(pair => new Message(indexOf[pair.From], indexOf[pair.To], pair.Kind))
                .Where(message => message.From < message.To)
                .OrderBy(message => message.To),
        ];
        var events = Events(lives, lanes, laneOf, order, messages);
        var causes = new CauseFinder(events, messages).Find();

        return new Run(
            lives.Min(life => life.Begin), lanes, Lives(lives, laneOf, indexOf, isOver), events, messages,
            new DelayFinder(events).Find(), AnomalyFinder.Find(events), causes,
            events.Any(one => one.Traced is TraceEvent.Started { Consistency: Consistency.Eventual }));
    }

    private static RunEvent[] Events(
        List<TraceLife> lives, List<Lane> lanes, int[] laneOf, IReadOnlyList<Place> order,
        Message[] messages)
    {
        var begin = lives.Min(life => life.Begin);
        var events = order.Index().Select(item =>
        {
            var line = lives[item.Item.Life].Lines[item.Item.Position];
            return new RunEvent(
                item.Index, laneOf[item.Item.Life], item.Item.Life, line.Time - begin, line.Event,
                Mark: item.Index);
        }).ToArray();

        var marks = new MarkFinder(events, lanes, messages).Find();
        return [.. events.Select(one => one with { Mark = marks[one.Index] })];
    }

    private static Life[] Lives(
        List<TraceLife> lives, int[] laneOf, Dictionary<Place, int> indexOf, bool isOver) =>
    [
        .. lives.Select((life, index) => new Life(
            laneOf[index],
            indexOf[new Place(index, 0)],
            indexOf[new Place(index, life.Lines.Count - 1)],
            life.CanHaveCrashed && (isOver || Enumerable.Range(index + 1, lives.Count - index - 1)
                .Any(later => laneOf[later] == laneOf[index])))),
    ];
}
