using CausalStore.Protocol;
using CausalStore.Tracing;

namespace CausalStore.Client.Live;

/// <summary>
/// What clients did and saw, by what their servers tell of their sessions, as if they had traced it
/// themselves. When a client asked and when it was answered only it knows: here both are when its server did
/// it. When it goes its server does not tell.
/// </summary>
internal sealed class ToldClients
{
    /// <summary>Sessions that have a lane; of more, those that did something last.</summary>
    public const int SessionsMax = 20;

    /// <summary>The value of a write that nobody has told of: it is from before.</summary>
    public const string ValueUnknown = "…";

    private readonly Dictionary<(WriteVersion Version, string Key), string?> _values = [];
    private readonly Dictionary<TracedProcess, int> _lives = [];
    private readonly Dictionary<(TracedProcess, int Life, long Number), List<TraceLine>> _sessions = [];

    private ToldClients()
    {
    }

    /// <summary>The lines of each session.</summary>
    /// <param name="lines">What all servers told.</param>
    public static IEnumerable<IReadOnlyList<TraceLine>> Of(IReadOnlyList<TraceLine> lines)
    {
        ToldClients told = new();

        foreach (var line in lines)
        {
            told.Learn(line.Event);
        }

        foreach (var line in lines)
        {
            told.Take(line);
        }

        return told._sessions.Values.OrderByDescending(session => session[^1].Time).Take(SessionsMax);
    }

    private void Learn(TraceEvent told)
    {
        var (version, operations) = told switch
        {
            TraceEvent.Accepted accepted => (accepted.Version, accepted.Operations),
            TraceEvent.Applied applied => (applied.Version, applied.Operations),
            _ => (default, []),
        };

        foreach (var operation in operations)
        {
            _values[(version, operation.Key)] = operation.Value;
        }
    }

    private void Take(TraceLine line)
    {
        switch (line.Event)
        {
            case TraceEvent.Started: // Its sessions are numbered anew.
                _lives[line.Process] = _lives.GetValueOrDefault(line.Process) + 1;
                break;
            case TraceEvent.Accepted accepted:
                Add(line, accepted.Session, new TraceEvent.Wrote(
                    accepted.Version, accepted.Operations, Took: TimeSpan.Zero));
                break;
            case TraceEvent.Showed showed:
                Add(line, showed.Session, new TraceEvent.Saw([.. showed.Shown.Select(Seen)]));
                break;
            case TraceEvent.Pushed(var session, string key, var version):
                Add(line, session, new TraceEvent.WasPushed(Seen(new Sight(key, null, version))));
                break;
        }
    }

    private Sight Seen(Sight shown) => shown.Version is { } version
        ? shown with { Value = _values.GetValueOrDefault((version, shown.Key), ValueUnknown) }
        : shown;

    private void Add(TraceLine line, TracedSession session, TraceEvent done)
    {
        var id = (line.Process, _lives.GetValueOrDefault(line.Process), session.Number);

        if (!_sessions.TryGetValue(id, out var lines))
        {
            _sessions.Add(id, lines = []);
            AddLine(new TraceEvent.Connected(new ServerId(ushort.Parse(line.Process.Name))));
        }

        AddLine(done);

        void AddLine(TraceEvent traced) => lines.Add(
            new TraceLine(TracedProcess.Client(session.Name), lines.Count + 1, line.Time, traced));
    }
}
