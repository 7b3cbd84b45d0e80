using CausalStore.Protocol;
using CausalStore.Tracing;

namespace CausalStore.Client.Timeline;

/// <summary>
/// Finds effects that became visible before their causes. Only a server that was started
/// <c>--consistency eventual</c> shows any; it does not ask what a write needs, so what its writer had seen
/// is taken from the trace of the server that accepted it.
/// </summary>
internal static class AnomalyFinder
{
    public static Anomaly[] Find(IReadOnlyList<RunEvent> events)
    {
        var eventual = events.Where(one =>
            one.Traced is TraceEvent.Started { Consistency: Consistency.Eventual }).Select(one => one.Life)
            .ToHashSet();
        Dictionary<(int Life, long Session), HashSet<WriteVersion>> seen = [];
        Dictionary<WriteVersion, HashSet<WriteVersion>> causes = [];
        HashSet<(int Lane, WriteVersion Version)> visible = [];
        List<Anomaly> anomalies = [];

        foreach (var one in events.Where(one => eventual.Contains(one.Life)))
        {
            switch (one.Traced)
            {
                case TraceEvent.Showed(var session, var shown):
                    SeenBy(session).UnionWith(shown.Select(sight => sight.Version).OfType<WriteVersion>());
                    break;
                case TraceEvent.Pushed(var session, _, var version):
                    SeenBy(session).Add(version);
                    break;
                case TraceEvent.Accepted(var version, _, _, var session):
                    causes[version] = SeenBy(session);
                    seen[(one.Life, session.Number)] = [version];
                    visible.Add((one.Lane, version));
                    break;
                case TraceEvent.Applied applied:
                    visible.Add((one.Lane, applied.Version));
                    anomalies.AddRange(causes.GetValueOrDefault(applied.Version, [])
                        .Where(cause => !visible.Contains((one.Lane, cause)))
                        .Select(cause => new Anomaly(one.Index, cause)));
                    break;
            }

            HashSet<WriteVersion> SeenBy(TracedSession session)
            {
                if (!seen.TryGetValue((one.Life, session.Number), out var some))
                {
                    seen.Add((one.Life, session.Number), some = []);
                }

                return some;
            }
        }

        return [.. anomalies];
    }
}
