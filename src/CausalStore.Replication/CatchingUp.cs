using CausalStore.Protocol;

namespace CausalStore.Replication;

/// <summary>
/// How far a server that comes back, or joins, is with what the others had when it met them: for people who
/// wait. Each of the others counts once, by its first <c>have</c>.
/// </summary>
internal sealed class CatchingUp(ReplicaState state, KeptCopies<ArrivingCopy> copies)
{
    private readonly HashSet<ServerId> _heard = [];
    private readonly Dictionary<ServerId, Way> _ways = [];

    private readonly record struct Way(long From, long To);

    /// <summary>From 0 to 99; null: nothing is missing of what was known at the start.</summary>
    public int? Percent
    {
        get
        {
            if (_ways.Count == 0)
            {
                return null;
            }

            double total = _ways.Values.Sum(way => (double)(way.To - way.From));
            double missing = _ways.Sum(way => Missing(way.Key, way.Value));
            double copied = copies.All.Select(copy => copy.Fraction).DefaultIfEmpty().Max();
            return (int)Math.Clamp(100 * (1 - (missing * (1 - copied) / total)), 0, 99);
        }
    }

    /// <summary>What another server has.</summary>
    public void Learn(ServerId peer, Context have)
    {
        bool mayLack = state.HasRecovered || !state.Members.HasJoined;

        if (!mayLack || !_heard.Add(peer))
        {
            return;
        }

        foreach (var version in have.UpTo)
        {
            long from = state.Applied.Watermark(version.Origin);

            if (version.Timestamp > from)
            {
                var way = _ways.GetValueOrDefault(version.Origin, new Way(from, from));
                _ways[version.Origin] = way with { To = Math.Max(way.To, version.Timestamp) };
            }
        }
    }

    /// <summary>Says how far it is, while there is something to say.</summary>
    public void Tell()
    {
        if (_ways.Count == 0)
        {
            return;
        }

        if (_ways.All(way => Missing(way.Key, way.Value) == 0))
        {
            _ways.Clear();
            state.Tell("caught up with what the others had");
        }
        else
        {
            state.Tell($"catching up: {Percent}%");
        }
    }

    private double Missing(ServerId origin, Way way) =>
        Math.Max(0, way.To - Math.Max(way.From, state.Applied.Watermark(origin)));
}
