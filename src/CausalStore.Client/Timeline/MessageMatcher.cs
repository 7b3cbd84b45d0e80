using CausalStore.Protocol;
using CausalStore.Tracing;

namespace CausalStore.Client.Timeline;

/// <summary>An event before its place in the order of all is known.</summary>
internal readonly record struct Place(int Life, int Position);

/// <summary>
/// Finds the two ends of each message. The processes do not number their messages, so ends are paired by what
/// they say: a write by its version, a send and its receipt by version and servers, an answer or a push by
/// the client and what was shown. Of several equal ones the earlier go together; of a message that was sent
/// again, the last that can have arrived.
/// </summary>
internal sealed class MessageMatcher(IReadOnlyList<TraceLife> lives)
{
    /// <summary>How much the clocks of two machines may differ before a sending counts as later than its
    /// arrival.</summary>
    private static readonly TimeSpan ClockSkewMax = TimeSpan.FromSeconds(1);

    private readonly Dictionary<object, (List<Place> From, List<Place> To)> _ends = [];

    public List<(Place From, Place To, MessageKind Kind)> Find()
    {
        foreach (var (life, lived) in lives.Index())
        {
            foreach (var (position, line) in lived.Lines.Index())
            {
                File(lived.Process, line.Event, new Place(life, position));
            }
        }

        return [.. _ends.SelectMany(pair => Pair(KindOf(pair.Key), pair.Value.From, pair.Value.To))];
    }

    private sealed record RequestKey(WriteVersion Version);

    private sealed record ReplicationKey(WriteVersion Version, string From, string To);

    private sealed record AnswerKey(string Client, string Shown);

    private sealed record PushKey(string Client, string Key, WriteVersion Version);

    private void File(TracedProcess process, TraceEvent traced, Place place)
    {
        switch (traced)
        {
            case TraceEvent.Wrote { Version: { } version }:
                Ends(new RequestKey(version)).From.Add(place);
                break;
            case TraceEvent.Accepted accepted:
                Ends(new RequestKey(accepted.Version)).To.Add(place);
                break;
            case TraceEvent.Sent(var version, var to, _):
                Ends(new ReplicationKey(version, process.Name, $"{to}")).From.Add(place);
                break;
            case TraceEvent.Received(var version, var from):
                Ends(new ReplicationKey(version, $"{from}", process.Name)).To.Add(place);
                break;
            case TraceEvent.Showed(var session, var shown):
                Ends(new AnswerKey(session.Name, Text(shown))).From.Add(place);
                break;
            case TraceEvent.Saw(var shown):
                Ends(new AnswerKey(process.Name, Text(shown))).To.Add(place);
                break;
            case TraceEvent.Pushed(var session, string key, var version):
                Ends(new PushKey(session.Name, key, version)).From.Add(place);
                break;
            case TraceEvent.WasPushed({ Version: { } version } sight):
                Ends(new PushKey(process.Name, sight.Key, version)).To.Add(place);
                break;
        }
    }

    private (List<Place> From, List<Place> To) Ends(object key)
    {
        if (!_ends.TryGetValue(key, out var ends))
        {
            _ends.Add(key, ends = ([], []));
        }

        return ends;
    }

    private IEnumerable<(Place From, Place To, MessageKind Kind)> Pair(
        MessageKind kind, List<Place> from, List<Place> to)
    {
        var sent = from.OrderBy(Time).ToList();
        var arrived = to.OrderBy(Time).ToList();

        for (int last = arrived.Count - 1, free = sent.Count - 1; last >= 0 && free >= 0; last--, free--)
        {
            // What was sent after it had arrived was sent once more; but each that arrived needs one.
            while (free > last && Time(sent[free]) > Time(arrived[last]) + ClockSkewMax)
            {
                free--;
            }

            yield return (sent[free], arrived[last], kind);
        }
    }

    private DateTime Time(Place place) => lives[place.Life].Lines[place.Position].Time;

    private static string Text(IReadOnlyList<Sight> shown) =>
        string.Join(' ', shown.Select(sight => $"{sight.Key}={sight.Version}"));

    private static MessageKind KindOf(object key) => key switch
    {
        RequestKey => MessageKind.Request,
        ReplicationKey => MessageKind.Replication,
        AnswerKey => MessageKind.Answer,
        _ => MessageKind.Push,
    };
}
