using CausalStore.Protocol;

namespace CausalStore.Replication.Tests.Kit.Exhaustive;

/// <summary>
/// All that has happened to one server, and so all that it is: the same input gives the same effects. Three
/// of them are a state of the cluster, for what is on its way is what one has sent and the other not taken.
/// </summary>
internal sealed class Past
{
    private readonly Dictionary<Step, Past> _next = [];

    /// <summary>Counts the pasts of this server.</summary>
    public required int Number { get; init; }

    public required int Server { get; init; }

    /// <summary>Null: this is the beginning.</summary>
    public required Past? Before { get; init; }

    public required Step? Last { get; init; }

    /// <summary>Every line that it has ever sent, by connection.</summary>
    public required string[][] Sent { get; init; }

    /// <summary>How many lines of the other end it has taken, by connection.</summary>
    public required int[] Taken { get; init; }

    /// <summary>The connections that are at their end for this server.</summary>
    public required bool[] IsGone { get; init; }

    public required Sight Sight { get; init; }

    public required IReadOnlyList<Made> Writes { get; init; }

    /// <summary>Stands for these writes and what their clients had seen.</summary>
    public int Story { get; set; }

    /// <summary>Every version that was shown to the watcher.</summary>
    public required IReadOnlyList<WriteVersion> WatcherSaw { get; init; }

    public required Arrival Arrival { get; init; }

    /// <summary>Every version that was shown to the client that came from another server, there or here.
    /// </summary>
    public required IReadOnlyList<WriteVersion> MoverSaw { get; init; }

    /// <summary>What a client that has left carries with it.</summary>
    public required Step.Arrive? Left { get; init; }

    public int Passes { get; init; }

    public int Restarts { get; init; }

    public int Repeats { get; init; }

    public int Redials { get; init; }

    public Past? Find(Step step) => _next.GetValueOrDefault(step);

    public void Add(Past next) => _next.Add(next.Last!, next);

    /// <summary>From the beginning to here.</summary>
    public List<Step> Steps()
    {
        List<Step> steps = [];

        for (var past = this; past.Last is not null; past = past.Before!)
        {
            steps.Add(past.Last);
        }

        steps.Reverse();
        return steps;
    }
}
