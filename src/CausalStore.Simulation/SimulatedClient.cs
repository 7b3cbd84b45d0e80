using CausalStore.Protocol;
using CausalStore.Replication;

namespace CausalStore.Simulation;

/// <summary>
/// A client as the contract has it: sends lines, pairs replies with requests, and goes to another server with
/// its context when the one it had is gone.
/// </summary>
internal sealed class SimulatedClient(World world, string name)
{
    private readonly ClientTrace _trace = new(world, name);
    private readonly Queue<Asked> _unsent = [];
    private readonly Queue<Asked> _asked = [];
    private readonly List<string> _watched = [];
    private readonly List<(int Key, WriteVersion Version)> _pushed = [];
    private ClientContext _context = new();
    private readonly Queue<(long Batch, Received State)> _unheard = [];
    private Received? _received;
    private int _lives;

    /// <summary>What it knew when it had received its last line.</summary>
    private sealed record Received(Sight Named, Sight Seen, ClientContext Context, int Logged);

    public string Name => name;

    public SimulatedServer? Server { get; private set; }

    public Session? Session { get; private set; }

    /// <summary>What it has seen; null before it has found a cluster.</summary>
    public SessionJudge? Judge { get; private set; }

    public bool IsConnected => Session is not null;

    /// <summary>It was pushed something in the step at hand.</summary>
    public bool WasPushed => _pushed.Count > 0;

    /// <summary>It is connected, its context is taken over, and everything it asked is answered.</summary>
    public bool IsIdle => IsConnected && Judge is not null && _received is null
        && _asked.Count == 0 && _unsent.Count == 0;

    public void Connect(SimulatedServer server)
    {
        server.TryObserve();

        if (!server.IsRunning)
        {
            return;
        }

        Server = server;
        bool carries = Judge is not null && !_context.IsEmpty;
        string hello = Judge is null ? $"hello client {name}" : $"hello client {name} {Judge.Record.Cluster}";

        server.Turn(replica =>
        {
            Session = replica.OpenSession();
            Session.Owner = this;
            _unsent.Enqueue(new Asked.Hello(hello));

            if (carries)
            {
                _unsent.Enqueue(new Asked.SetContext($"context {_context}"));
            }

            SendNext();
        });
    }

    /// <summary>Sends requests, one behind the other, in one turn of the server.</summary>
    public void Ask(IEnumerable<Asked> requests)
    {
        Server!.TryObserve();

        // It may just have ended.
        if (Server is { } server)
        {
            requests.ToList().ForEach(_unsent.Enqueue);
            server.Turn(_ => SendNext());
        }
    }

    /// <summary>Leaves the server.</summary>
    public void Disconnect()
    {
        if (Session is { } session && Server is { } server)
        {
            Gone();
            session.Owner = null;
            server.Turn(replica => replica.CloseSession(session));
        }
    }

    /// <summary>The connection is gone, and with it what was on its way.</summary>
    public void Gone()
    {
        if (_received is var (named, seen, context, logged))
        {
            world.Coverage.Count(Happening.WritesOfUnknownOutcome, Judge?.Rewind(logged) ?? 0);
            Judge?.Leave(named, seen);
            _context = context;
            _received = null;
        }
        else
        {
            Judge?.Leave(Judge.Named, Judge.Seen);
        }

        _unheard.Clear();

        Server = null;
        Session = null;
        _asked.Clear();
        _unsent.Clear();
        _watched.Clear();
        _pushed.Clear();
    }

    /// <summary>Reads what the server says.</summary>
    /// <param name="isLost">It says it, and nobody hears it yet: it must be durable first, or the server is
    /// about to crash.</param>
    public void Read(Session session, bool isLost)
    {
        if (isLost && _received is null && Judge is { } judge)
        {
            _received = ReceivedSoFar(judge);
        }

        world.Trace.Line(world.Timeline.Now, Server!.Name, name, session.Output.Written);

        foreach (var response in world.Parse(session.Output))
        {
            if (response is Response.Update or Response.Removed)
            {
                TakePush(response);
            }
            else
            {
                TakeReply(response);
            }
        }
    }

    /// <summary>At the end of a turn of the server: goes on, or is turned out.</summary>
    /// <param name="batch">Hears what was said in the turn once that is durable.</param>
    public void TurnEnded(Session session, long batch)
    {
        if (_received is not null && Judge is { } judge && Server is { CrashPoint: not CrashPoint.InATurn })
        {
            _unheard.Enqueue((batch, ReceivedSoFar(judge)));
            Hear(Server.Durable);
        }

        if (session.IsClosing)
        {
            world.Timeline.After(TimeSpan.Zero, Disconnect);
        }
        else if (!session.IsBlocked && _unsent.Count > 0)
        {
            world.Timeline.After(TimeSpan.Zero, () => Server?.Turn(_ => SendNext()));
        }
    }

    /// <summary>What its server said up to there has left it.</summary>
    public void Hear(long durable)
    {
        while (_unheard.TryPeek(out var next) && next.Batch <= durable)
        {
            _received = _unheard.Dequeue().State;

            if (_unheard.Count == 0)
            {
                _received = null;
            }
        }
    }

    /// <summary>Compares what it was pushed in a step with what the server showed then.</summary>
    public void JudgeWatch(Observer observer)
    {
        var keys = observer.Record.Keys;
        int next = 0;

        foreach (var push in observer.Pushes)
        {
            var (key, version) = Named(keys, push);

            if (_watched.Any(prefix => keys.HasPrefix(key, prefix))
                && (next == _pushed.Count || _pushed[next++] != (key, version)))
            {
                throw Torn($"{keys[key]} {version} is missing, or not where it should be");
            }
        }

        if (next < _pushed.Count)
        {
            throw Torn($"{_pushed[next].Version} has changed nothing, or was pushed twice");
        }

        _pushed.Clear();
    }

    private BrokenPromiseException Torn(string what) => new(
        Promises.PushesInOrder,
        $"{name} at server {Server!.Id} watches '{string.Join("', '", _watched)}': {what}");

    private static (int Key, WriteVersion Version) Named(Keys keys, Response push) => push switch
    {
        Response.Update update => (keys.IndexOf(update.Key), update.Version),
        Response.Removed removed => (keys.IndexOf(removed.Key), removed.Version),
        _ => throw new BrokenPromiseException(Promises.CleanAnswers, $"not a push: {push}"),
    };

    private Received ReceivedSoFar(SessionJudge judge) =>
        new(judge.Named.Copy(), judge.Seen.Copy(), _context.Copy(), judge.Log.Entries.Count);

    private void SendNext()
    {
        while (Session is { IsBlocked: false, IsClosing: false } session
            && _unsent.TryDequeue(out var request))
        {
            _asked.Enqueue(request);
            Server!.Hand(session, request.Line);
        }
    }

    private void TakePush(Response push)
    {
        var judge = Judge
            ?? throw new BrokenPromiseException(Promises.CleanAnswers, $"pushed before welcome: {push}");

        if (_asked.TryPeek(out var asked) && asked.Reply.Count > 0)
        {
            throw new BrokenPromiseException(
                Promises.CleanAnswers, $"{push} stands inside the reply to {asked.Line}");
        }

        var (key, version) = Named(judge.Record.Keys, push);
        _trace.Pushed(push);
        judge.Pushed(Server!, key, (push as Response.Update)?.Data, version);
        _context.Shows(version);
        _pushed.Add((key, version));
    }

    private void TakeReply(Response response)
    {
        if (!_asked.TryPeek(out var asked))
        {
            throw new BrokenPromiseException(
                Promises.CleanAnswers, $"nobody asked for this: {World.Words(response)}");
        }

        asked.Reply.Add(response);

        if (!asked.IsAnswered)
        {
            return;
        }

        _asked.Dequeue();
        world.Coverage.Count(Happening.Operations);

        if (response is Response.Error error)
        {
            Refused(asked, error);
        }
        else
        {
            Answered(asked);
        }
    }

    private void Answered(Asked asked)
    {
        _trace.Answered(asked);

        switch (asked, asked.Reply[0])
        {
            case (Asked.Hello, Response.Welcome welcome):
                Welcomed(welcome);
                break;
            case (Asked.Write write, Response.Ok { Version: { } version }):
                Judge!.Wrote(Server!, write, version);
                _context.Is(Context.Of(version));
                break;
            case (Asked.Read read, _):
                Judge!.Read(Server!, read);
                Show(read.Reply);
                break;
            case (Asked.Scan scan, _):
                Judge!.Scanned(Server!, scan);
                Show(scan.Reply);
                break;
            case (Asked.Watch watch, Response.Ok { Version: null }):
                Watches(watch);
                break;
            case (Asked.GetContext, Response.Seen(var context)):
                _context.Is(context);
                Judge!.NameAll();
                break;
            case (Asked.SetContext, Response.Ok { Version: null }):
                Carried();
                break;
            default:
                throw new BrokenPromiseException(
                    Promises.CleanAnswers, $"'{asked.Line}' was answered with {World.Words(asked.Reply[0])}");
        }
    }

    private void Welcomed(Response.Welcome welcome)
    {
        if (welcome.Cluster is not { } cluster)
        {
            Leave(Happening.Unavailable);
        }
        else if (Judge is null)
        {
            string session = _lives == 0 ? name : $"{name}#{_lives}";
            Judge = new SessionJudge(session, world.RecordOf(cluster), world.Coverage);
        }
        else if (_context.IsEmpty && Server!.Observer is not null)
        {
            Carried();
        }
    }

    private void Carried()
    {
        var (server, judge) = (Server!, Judge!);
        world.Coverage.Count(Happening.FailOvers);
        server.WhenStepIsDone(() => judge.Carried(server));
    }

    private void Watches(Asked.Watch watch)
    {
        if (watch.Ends)
        {
            _watched.Remove(watch.Prefix);
        }
        else if (!_watched.Contains(watch.Prefix))
        {
            _watched.Add(watch.Prefix);
        }
    }

    private void Show(IEnumerable<Response> lines)
    {
        foreach (var line in lines)
        {
            if (line is Response.Value { Version: var shown })
            {
                _context.Shows(shown);
            }
            else if (line is Response.Missing { Version: { } deleted })
            {
                _context.Shows(deleted);
            }
        }
    }

    private void Refused(Asked asked, Response.Error error)
    {
        switch (error.Code)
        {
            case ErrorCode.Unavailable when !Server!.IsServing:
                Leave(Happening.Unavailable);
                break;
            case ErrorCode.Unavailable when asked is Asked.Write && Server!.IsFull:
                world.Coverage.Count(Happening.WritesRefusedForRoom);
                break;
            case ErrorCode.NotYet when asked is Asked.SetContext:
                Leave(Happening.FailOversNotYet);
                break;
            case ErrorCode.Lost when asked is Asked.Hello or Asked.SetContext
                && World.MayHaveLost(Judge!.Record, Server!):
                // What this session has seen is gone: whoever goes on has seen nothing.
                Judge = null;
                _received = null;
                _unheard.Clear();
                _context = new ClientContext();
                _lives++;
                Leave(Happening.FailOversLost);
                break;
            default:
                throw new BrokenPromiseException(
                    Promises.CleanAnswers,
                    $"server {Server!.Id} answers '{asked.Line}' with {World.Words(error)}");
        }
    }

    private void Leave(Happening why)
    {
        world.Coverage.Count(why);
        _unsent.Clear();
        world.Timeline.After(TimeSpan.Zero, Disconnect);
    }
}
