using CausalStore.Tracing;

namespace CausalStore.Client.Timeline;

/// <summary>One life of a process, in its own order.</summary>
internal sealed record TraceLife(TracedProcess Process, IReadOnlyList<TraceLine> Lines)
{
    public DateTime Begin => Lines[0].Time;

    public DateTime End => Lines[^1].Time;

    /// <summary>It did not say that it stops. Where only its server tells of a client, it would not
    /// say that it starts either.</summary>
    public bool CanHaveCrashed => Lines[^1].Event is not TraceEvent.Stopped
        && (Process.IsServer || Lines[0].Event is TraceEvent.Started);
}

/// <summary>Tells the lives in traces apart and gives them lanes.</summary>
internal static class TraceLives
{
    /// <summary>The lives of all processes, by their beginning.</summary>
    /// <param name="files">The lines of each file.</param>
    public static List<TraceLife> Of(IEnumerable<IReadOnlyList<TraceLine>> files)
    {
        List<TraceLife> lives = [];

        foreach (var process in files.SelectMany(file => file.GroupBy(line => line.Process)))
        {
            List<TraceLine> lines = [];

            foreach (var line in process)
            {
                if (line.Event is TraceEvent.Started && lines.Count > 0)
                {
                    lives.Add(LifeOf(process.Key, lines));
                    lines = [];
                }

                lines.Add(line);
            }

            lives.Add(LifeOf(process.Key, lines));
        }

        return [.. lives.OrderBy(life => life.Begin)];
    }

    /// <summary>Servers by their ids, each client beside the server that it used first. Clients of one name
    /// share a lane, unless they lived at the same time.</summary>
    /// <returns>The lanes, and the lane of each life.</returns>
    public static (List<Lane> Lanes, int[] LaneOf) Lanes(IReadOnlyList<TraceLife> lives)
    {
        List<(TracedProcess Process, DateTime BusyUntil, List<int> Lives)> strips = [];

        foreach (var (index, life) in lives.Index())
        {
            int strip = strips.FindIndex(strip => strip.Process == life.Process
                && (life.Process.IsServer || strip.BusyUntil <= life.Begin));

            if (strip < 0)
            {
                strips.Add((life.Process, life.End, [index]));
            }
            else
            {
                strips[strip].Lives.Add(index);
                strips[strip] = strips[strip] with { BusyUntil = life.End };
            }
        }

        int[] laneOf = new int[lives.Count];
        List<Lane> lanes = [];

        foreach (var strip in strips.OrderBy(strip => Place(strip.Process, lives[strip.Lives[0]])))
        {
            foreach (int life in strip.Lives)
            {
                laneOf[life] = lanes.Count;
            }

            lanes.Add(new Lane(lanes.Count, Unique($"{strip.Process}", lanes), strip.Process.IsServer));
        }

        return (lanes, laneOf);
    }

    private static TraceLife LifeOf(TracedProcess process, IEnumerable<TraceLine> lines)
    {
        var ordered = lines.OrderBy(line => line.Sequence).ToList();

        // A clock that was set back does not turn the order round.
        for (int index = 1; index < ordered.Count; index++)
        {
            if (ordered[index].Time < ordered[index - 1].Time)
            {
                ordered[index] = ordered[index] with { Time = ordered[index - 1].Time };
            }
        }

        return new TraceLife(process, ordered);
    }

    private static (int Server, bool IsServer) Place(TracedProcess process, TraceLife first) =>
        process.IsServer
            ? (int.Parse(process.Name), true)
            : (first.Lines.Select(line => line.Event).OfType<TraceEvent.Connected>()
                .Select(connected => (int)connected.Server.Value).FirstOrDefault(int.MaxValue), false);

    private static string Unique(string name, List<Lane> lanes)
    {
        string wanted = name.Length > 0 ? name : "client";
        string unique = wanted;

        for (int number = 2; lanes.Exists(lane => lane.Name == unique); number++)
        {
            unique = $"{wanted}~{number}";
        }

        return unique;
    }
}
