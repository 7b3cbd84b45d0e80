using CausalStore.Protocol;
using CausalStore.Tracing;

namespace CausalStore.Client.Timeline;

/// <summary>Finds what comes directly before each event (<see cref="CausalOrder"/>), in one pass over events
/// that stand in an order of their messages.</summary>
internal sealed class CauseFinder
{
    private readonly RunEvent[] _events;
    private readonly ILookup<int, int> _sentAs;
    private readonly List<int[]> _causes = [];
    private readonly List<int[]> _gathered = [];
    private readonly Dictionary<int, int> _lastOfClient = [];
    private readonly Dictionary<(int Life, long Session), int> _lastOfSession = [];
    private readonly Dictionary<WriteVersion, int> _accepted = [];

    /// <summary>Where a write became visible at a server, and before that where it arrived.</summary>
    private readonly Dictionary<(int Lane, WriteVersion Version), int> _here = [];

    private readonly Dictionary<(int Lane, ServerId Origin), Prefix> _prefixes = [];

    public CauseFinder(RunEvent[] events, IEnumerable<Message> messages)
    {
        _events = events;
        _sentAs = messages.ToLookup(message => message.To, message => message.From);
    }

    /// <summary>The writes of one origin at one server: what a need <c>..T@S</c> gathers.</summary>
    private sealed class Prefix
    {
        public List<(long Timestamp, int Event)> Rest { get; set; } = [];

        public int? Gathered { get; set; }
    }

    public CausalOrder Find()
    {
        foreach (var one in _events)
        {
            HashSet<int> causes = [.. _sentAs[one.Index], .. CausesOf(one)];
            _causes.Add([.. causes]);
            Remember(one);
        }

        return new CausalOrder([.. _causes, .. _gathered]);
    }

    private IEnumerable<int> CausesOf(RunEvent one) => one.Traced switch
    {
        TraceEvent.Accepted(_, var needs, _, var session) =>
            [.. OfSession(one, session), .. Needed(one.Lane, needs)],
        TraceEvent.Applied applied => [.. Came(one, applied.Version), .. Needed(one.Lane, applied.Needs)],
        TraceEvent.Sent sent => Came(one, sent.Version),
        TraceEvent.Received => [],
        TraceEvent.Delayed delayed => Came(one, delayed.Version),
        TraceEvent.Pushed pushed => [.. Came(one, pushed.Version), .. OfSession(one, pushed.Session)],
        TraceEvent.Showed showed => [.. Seen(one, showed.Shown), .. OfSession(one, showed.Session)],
        TraceEvent.Wrote => OfClient(one),
        TraceEvent.Saw saw => [.. OfClient(one), .. Seen(one, saw.Shown)],
        TraceEvent.WasPushed pushed => [.. OfClient(one), .. Seen(one, [pushed.Sight])],
        _ => [],
    };

    private void Remember(RunEvent one)
    {
        switch (one.Traced)
        {
            case TraceEvent.Accepted accepted:
                _accepted.TryAdd(accepted.Version, one.Index);
                _lastOfSession[(one.Life, accepted.Session.Number)] = one.Index;
                BecomeVisible(one, accepted.Version);
                break;
            case TraceEvent.Applied applied:
                BecomeVisible(one, applied.Version);
                break;
            case TraceEvent.Received:
                _here.TryAdd((one.Lane, one.Version!.Value), one.Index);
                break;
            case TraceEvent.Delayed:
                _here[(one.Lane, one.Version!.Value)] = one.Index;
                break;
            case TraceEvent.Pushed pushed:
                _lastOfSession[(one.Life, pushed.Session.Number)] = one.Index;
                break;
            case TraceEvent.Showed showed:
                _lastOfSession[(one.Life, showed.Session.Number)] = one.Index;
                break;
            case TraceEvent.Wrote or TraceEvent.Saw or TraceEvent.WasPushed:
                _lastOfClient[one.Life] = one.Index;
                break;
        }
    }

    private void BecomeVisible(RunEvent one, WriteVersion version)
    {
        _here[(one.Lane, version)] = one.Index;
        PrefixOf(one.Lane, version.Origin).Rest.Add((version.Timestamp, one.Index));
    }

    private IEnumerable<int> OfClient(RunEvent one) =>
        _lastOfClient.TryGetValue(one.Life, out int last) ? [last] : [];

    private IEnumerable<int> OfSession(RunEvent one, TracedSession session) =>
        _lastOfSession.TryGetValue((one.Life, session.Number), out int last) ? [last] : [];

    /// <summary>A write came to a server by an event of this trace; or, where that is not traced, from where
    /// it was accepted.</summary>
    private IEnumerable<int> Came(RunEvent one, WriteVersion version) =>
        _here.TryGetValue((one.Lane, version), out int here) ? [here]
        : _accepted.TryGetValue(version, out int accepted) ? [accepted]
        : [];

    /// <summary>A client is shown a write by its server's event where there is one.</summary>
    private IEnumerable<int> Seen(RunEvent one, IEnumerable<Sight> shown) => _sentAs[one.Index].Any()
        ? []
        : shown.Select(sight => sight.Version).OfType<WriteVersion>()
            .SelectMany(version => Came(one, version));

    private List<int> Needed(int lane, Context needs)
    {
        List<int> needed = [];

        foreach (var need in needs.Exact)
        {
            if (_here.TryGetValue((lane, need), out int here) || _accepted.TryGetValue(need, out here))
            {
                needed.Add(here);
            }
        }

        foreach (var need in needs.UpTo)
        {
            if (Gather(PrefixOf(lane, need.Origin), need.Timestamp) is { } gathered)
            {
                needed.Add(gathered);
            }
        }

        return needed;
    }

    private Prefix PrefixOf(int lane, ServerId origin)
    {
        if (!_prefixes.TryGetValue((lane, origin), out var prefix))
        {
            _prefixes.Add((lane, origin), prefix = new Prefix());
        }

        return prefix;
    }

    /// <summary>One node for all writes up to a timestamp, which adds only what the last one had not.
    /// </summary>
    private int? Gather(Prefix prefix, long timestamp)
    {
        var inside = prefix.Rest.Where(write => write.Timestamp <= timestamp).Select(write => write.Event);
        int[] gathered = [.. inside, .. prefix.Gathered is { } before ? [before] : Array.Empty<int>()];

        if (gathered.Length > 0)
        {
            prefix.Rest.RemoveAll(write => write.Timestamp <= timestamp);
            prefix.Gathered = _events.Length + _gathered.Count;
            _gathered.Add(gathered);
        }

        return prefix.Gathered;
    }
}
