using CausalStore.Tracing;

namespace CausalStore.Client.Timeline;

/// <summary>
/// Where the marks of a run stand, downwards, in two ways. In real time a longer while is a longer way, but
/// not in proportion: what happens within a millisecond and a minute of silence are both to be seen, and the
/// axis says the time. In logical time a mark stands one step below the last of those that it follows, at its
/// place or by a message, so that what is beside each other could have happened in either order.
/// </summary>
internal sealed class Layout
{
    private const double Top = 30;
    private const double Bottom = 60;

    /// <summary>Between marks, wherever they are.</summary>
    private const double StepMin = 9;

    /// <summary>Between marks of one lane, so that their labels can be read.</summary>
    private const double StepInLane = 24;
    private const double StepLogical = 38;
    private const double TicksApart = 54;

    private Layout(double[] real, double[] logical, List<(double Y, string Text)> ticks)
    {
        Real = real;
        Logical = logical;
        Ticks = ticks;
    }

    /// <summary>By the index of the event; those without a mark stand where their mark is.</summary>
    public double[] Real { get; }

    public double[] Logical { get; }

    /// <summary>What the axis says in real time.</summary>
    public IReadOnlyList<(double Y, string Text)> Ticks { get; }

    public double RealHeight => Real.DefaultIfEmpty(0).Max() + Bottom;

    public double LogicalHeight => Logical.DefaultIfEmpty(0).Max() + Bottom;

    public static Layout Of(Run run)
    {
        var marks = run.Events.Where(one => one.IsMark).ToList();
        double[] real = new double[run.Events.Count];
        double[] logical = new double[run.Events.Count];
        List<(double, string)> ticks = PlaceReal(run, marks, real);
        PlaceLogical(run, logical);

        foreach (var one in run.Events)
        {
            real[one.Index] = real[one.Mark];
            logical[one.Index] = logical[one.Mark];
        }

        return new Layout(real, logical, ticks);
    }

    private static List<(double Y, string Text)> PlaceReal(Run run, List<RunEvent> marks, double[] real)
    {
        double[] lowest = [.. run.Lanes.Select(_ => double.MinValue)];
        List<(double Y, string Text)> ticks = [];
        double y = Top - StepMin;
        var last = TimeSpan.Zero;

        foreach (var mark in marks)
        {
            double way = StepMin + WayOf(mark.Time - last, mark.Traced);
            y = Math.Max(y + way, lowest[mark.Lane] + StepInLane);
            lowest[mark.Lane] = y;
            real[mark.Index] = Math.Round(y, 1);
            last = mark.Time > last ? mark.Time : last;

            if (ticks.Count == 0 || y - ticks[^1].Y >= TicksApart)
            {
                ticks.Add((Math.Round(y, 1), TimeText(mark.Time)));
            }
        }

        return ticks;
    }

    private static void PlaceLogical(Run run, double[] logical)
    {
        var arrivals = run.Messages.ToLookup(message => run.Events[message.To].Mark);
        double[] lowest = [.. run.Lanes.Select(_ => Top - StepLogical)];
        double[] sentAt = new double[run.Events.Count];

        foreach (var one in run.Events)
        {
            if (one.IsMark)
            {
                double above = arrivals[one.Index].Where(message => message.From < one.Index)
                    .Select(message => sentAt[message.From]).Append(lowest[one.Lane]).Max();
                lowest[one.Lane] = logical[one.Index] = above + StepLogical;
            }

            // What has no mark at its place was sent after the last one that is there.
            bool isAtOwnPlace = one.Mark <= one.Index && run.Events[one.Mark].Lane == one.Lane;
            sentAt[one.Index] = isAtOwnPlace ? logical[one.Mark] : lowest[one.Lane];
        }
    }

    /// <summary>20 ms: 5, 1 s: 62, a minute: 166; nobody waits for what only prepares the run.</summary>
    private static double WayOf(TimeSpan time, TraceEvent traced)
    {
        double way = time <= TimeSpan.Zero ? 0 : 18 * Math.Log2(1 + (time.TotalSeconds * 10));
        return traced is TraceEvent.Started or TraceEvent.Stopped or TraceEvent.Noted
            ? Math.Min(way, StepMin)
            : way;
    }

    private static string TimeText(TimeSpan time) => time.TotalMinutes >= 1
        ? $"{(int)time.TotalMinutes}:{time.Seconds:00}.{time.Milliseconds:000}"
        : $"{time.TotalSeconds:0.000} s";
}
