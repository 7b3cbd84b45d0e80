using CausalStore.Protocol;
using CausalStore.Replication;

namespace CausalStore.Simulation;

/// <summary>
/// Watches everything at one server and holds every push against the record: what a server has shown, it has
/// shown to this one. It writes nothing, so nothing depends on it.
/// </summary>
internal sealed class Observer
{
    private readonly SimulatedServer _server;
    private readonly Record _record;
    private readonly Sight _past;
    private readonly (WriteVersion Version, bool IsPresent)[] _shown;
    private readonly HashSet<WriteVersion> _pushed = [];
    private readonly List<Response> _pushes = [];
    private readonly List<(WriteRecord Effect, int Key)> _unseen = [];

    public Observer(SimulatedServer server, Session session)
    {
        _server = server;
        Session = session;
        session.Owner = this;
        _record = server.World.RecordOf(server.Status("cluster"));
        _past = new Sight(_record.Keys.Count);
        _shown = new (WriteVersion, bool)[_record.Keys.Count];
    }

    public Session Session { get; }

    public Record Record => _record;

    /// <summary>What has been pushed in the step at hand, for those who watch a part of it.</summary>
    public IReadOnlyList<Response> Pushes => _pushes;

    /// <summary>Everything that the server has shown, and what follows from it.</summary>
    public Sight Past => _past;

    /// <summary>Looks at what is there: a server that begins to serve must show a causal state at
    /// once.</summary>
    /// <param name="before">What it showed before it crashed; null: it did not.</param>
    public void Begin(Sight? before)
    {
        _server.Ask(Session, "watch \"\"");

        foreach (var response in _server.Ask(Session, "scan \"\""))
        {
            if (response is Response.Value(var name, var value, var version))
            {
                int key = _record.Keys.IndexOf(name);
                _past.Add(_record.Shown(key, value, version).Past);
                _shown[key] = (version, true);
            }
        }

        for (int key = 0; key < _shown.Length; key++)
        {
            Demand(key, _past[key], Promises.CausesFirst, "it began to serve");

            if (before is not null)
            {
                Demand(key, before[key], Promises.SurvivesACrash, "it was restarted");
            }
        }
    }

    public void Read(IReadOnlyList<Response> responses) => _pushes.AddRange(responses);

    /// <summary>Judges what has been pushed in this step, write by write.</summary>
    public void EndStep()
    {
        int next = 0;

        while (next < _pushes.Count)
        {
            next = JudgeWrite(next);
        }

        // Only now: within a step, what is not pushed at all can be seen by asking, once the step is done.
        foreach (var (effect, key) in _unseen)
        {
            Demand(key, effect.Past[key], PromiseAbout(effect, key), $"{effect.Version} was pushed");
        }

        _unseen.Clear();
        _server.World.JudgeWatchers(_server, this);
        _pushes.Clear();
    }

    /// <summary>Fails unless that version of the key, or a greater one, is reflected here now.</summary>
    public void Demand(int key, WriteVersion version, string promise, string since)
    {
        if (_shown[key].Version >= version)
        {
            return;
        }

        var response = _server.Probe($"read {_record.Keys[key]}")[0];
        var found = response switch
        {
            Response.Value value => value.Version,
            Response.Missing { Version: { } deleted } => deleted,
            Response.Missing when _record.MayBeGone(key, version) => version,
            _ => default,
        };

        CheckPresence(key, response);

        if (found < version)
        {
            throw new BrokenPromiseException(
                promise, $"server {_server.Id}: {since}, and {_record.Keys[key]} does not reflect {version}: "
                    + World.Words(response));
        }

        _server.World.Coverage.Count(Happening.WritesHidden);

        if (response is Response.Missing { Version: null })
        {
            _server.World.Coverage.Count(Happening.TombstonesGone);
        }
        else
        {
            _shown[key].Version = found;
        }
    }

    /// <summary>What a request shows must be what the pushes have told.</summary>
    public void JudgeShown(int key, Response response)
    {
        var (version, isPresent) = _shown[key];
        bool agrees = response switch
        {
            Response.Value value => isPresent && value.Version == version,
            Response.Missing { Version: { } deleted } => !isPresent && deleted >= version,
            _ => !isPresent,
        };

        if (!agrees)
        {
            throw new BrokenPromiseException(
                Promises.OneState, $"server {_server.Id} has pushed {_record.Keys[key]} as {version} "
                    + $"({(isPresent ? "a value" : "nothing there")}), and answers {World.Words(response)}");
        }

        if (response is Response.Missing { Version: { } later })
        {
            _shown[key].Version = later;
        }
    }

    public bool IsPresent(int key) => _shown[key].IsPresent;

    private int JudgeWrite(int first)
    {
        var (_, version, _) = Pushed(_pushes[first]);
        var write = _record.Find(version)
            ?? throw new BrokenPromiseException(
                Promises.NothingFromThinAir, $"{version} was pushed, and nobody wrote it");

        if (!_pushed.Add(version))
        {
            throw new BrokenPromiseException(
                Promises.AtomicWrites, $"server {_server.Id} pushed {version} twice, or in pieces");
        }

        Sight before = _past.Copy();
        int next = first;

        while (next < _pushes.Count
            && Pushed(_pushes[next]) is var (key, itsVersion, value) && itsVersion == version)
        {
            _record.Shown(key, value, version);
            JudgeOrder(before, key, version);
            _shown[key] = (version, value is not null);
            next++;
        }

        Expect(write);
        _past.Add(write.Past);
        return next;
    }

    private void JudgeOrder(Sight before, int key, WriteVersion version)
    {
        if (before[key] == version)
        {
            throw new BrokenPromiseException(
                Promises.PushesInOrder,
                $"server {_server.Id} pushed {version} after a write that depends on it");
        }

        if (before[key] > version || _shown[key].Version >= version)
        {
            throw new BrokenPromiseException(
                Promises.LastWriterWins,
                $"server {_server.Id} pushed {version} of {_record.Keys[key]}, after it had "
                    + $"shown {_shown[key].Version} and what follows from {before[key]}");
        }
    }

    /// <summary>What a write's past has of other keys must be here as well: shown, or hidden by what
    /// is.</summary>
    private void Expect(WriteRecord write)
    {
        for (int key = 0; key < _shown.Length; key++)
        {
            if (write.Past[key] > _shown[key].Version)
            {
                _unseen.Add((write, key));
            }
        }
    }

    private static string PromiseAbout(WriteRecord effect, int key) =>
        effect.Past[key] == effect.Version ? Promises.AtomicWrites : Promises.CausesFirst;

    private void CheckPresence(int key, Response response)
    {
        if (response is Response.Value != _shown[key].IsPresent)
        {
            throw new BrokenPromiseException(
                Promises.PushesInOrder,
                $"server {_server.Id} never pushed what it shows of {_record.Keys[key]}: "
                    + World.Words(response));
        }
    }

    private (int Key, WriteVersion Version, byte[]? Value) Pushed(Response response) => response switch
    {
        Response.Update(var name, var value, var version) => (_record.Keys.IndexOf(name), version, value),
        Response.Removed(var name, var version) => (_record.Keys.IndexOf(name), version, null),
        _ => throw new BrokenPromiseException(
            Promises.CleanAnswers,
            $"server {_server.Id} pushed this to who only watches: {World.Words(response)}"),
    };
}
