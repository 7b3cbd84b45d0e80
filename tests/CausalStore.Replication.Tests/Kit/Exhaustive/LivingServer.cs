using System.Text;
using CausalStore.Protocol;

namespace CausalStore.Replication.Tests.Kit.Exhaustive;

/// <summary>One real replica to which steps happen, with its clients.</summary>
internal sealed class LivingServer
{
    /// <summary>Longer than anything in a replica waits: a relay, a <c>have</c>, a context.</summary>
    private static readonly TimeSpan LongTime = TimeSpan.FromSeconds(6);

    private readonly int _number;
    private readonly Scope _scope;
    private readonly Link?[] _links;
    private TestServer _server;
    private TestSession _watcher;
    private TestSession? _mover;
    private Past _now;
    private Draft _draft;

    /// <summary>What the present step adds to the past.</summary>
    private sealed class Draft(Past past)
    {
        public string[][] Sent { get; } = [.. past.Sent];

        public int[] Taken { get; } = [.. past.Taken];

        public bool[] IsGone { get; } = [.. past.IsGone];

        public Shown[] Watched { get; set; } = [.. past.Sight.Watched];

        public List<(int Key, Shown Shown)> Pushes { get; } = [];

        public List<Made> Writes { get; } = [.. past.Writes];

        public List<WriteVersion> WatcherSaw { get; } = [.. past.WatcherSaw];

        public List<WriteVersion> MoverSaw { get; set; } = [.. past.MoverSaw];

        public Arrival Arrival { get; set; } = past.Arrival;

        public Step.Arrive? Left { get; set; } = past.Left;
    }

    public LivingServer(int number, Scope scope, ReplicaOptions options, Disk disk, Past beginning)
    {
        _number = number;
        _scope = scope;
        _links = new Link?[scope.AllConnections.Count];
        _server = new TestServer(options, disk);
        _now = beginning;
        _draft = new Draft(beginning);
        _watcher = _server.Connect();
        _watcher.Say("watch \"\"");
    }

    /// <summary>The past of a server to which nothing has happened.</summary>
    public static Past Beginning(int server, Scope scope) => new()
    {
        Number = 0,
        Server = server,
        Before = null,
        Last = null,
        Sent = [.. scope.AllConnections.Select(_ => Array.Empty<string>())],
        Taken = new int[scope.AllConnections.Count],
        IsGone = new bool[scope.AllConnections.Count],
        Sight = new Sight(
            new Shown[Scope.Keys.Count], new Shown[Scope.Keys.Count], [], Context.Empty, []),
        Writes = [],
        WatcherSaw = [],
        Arrival = Arrival.None,
        MoverSaw = [],
        Left = null,
    };

    /// <summary>Does what it did before.</summary>
    public void Repeat(Past next)
    {
        Do(next.Last!);
        Collect();
        _now = next;
    }

    /// <summary>Does something for the first time.</summary>
    public Past Do(Step step, int number)
    {
        Do(step);
        Collect();
        _now = new Past
        {
            Number = number,
            Server = _number,
            Before = _now,
            Last = step,
            Sent = _draft.Sent,
            Taken = _draft.Taken,
            IsGone = _draft.IsGone,
            Sight = Look(),
            Writes = _draft.Writes,
            WatcherSaw = _draft.WatcherSaw,
            Arrival = _draft.Arrival,
            MoverSaw = _draft.MoverSaw,
            Left = _draft.Left,
            Passes = _now.Passes + (step is Step.PassTime ? 1 : 0),
            Restarts = _now.Restarts + (step is Step.Restart ? 1 : 0),
            Repeats = _now.Repeats + (step is Step.TakeAgain ? 1 : 0),
            Redials = _now.Redials
                + (step is Step.Dial(var again) && _scope.AllConnections[again].IsLater ? 1 : 0),
        };
        return _now;
    }

    private void Do(Step step)
    {
        _draft = new Draft(_now);

        switch (step)
        {
            case Step.Dial(var connection):
                Dial(connection);
                break;
            case Step.Take(var connection, var lines):
                _draft.Taken[connection] += lines.Count('\n') + 1;
                Take(connection, lines.Split('\n'));
                break;
            case Step.TakeAgain(var connection, var line):
                Take(connection, [line]);
                break;
            case Step.Lose(var connection):
                Lose(connection);
                break;
            case Step.Write(var writer, var operations):
                Write(writer, operations);
                break;
            case Step.PassTime:
                _server.Now += LongTime;
                _server.Turn(() => { });
                _server.Save();
                break;
            case Step.Restart:
                Restart();
                break;
            case Step.Leave:
                string context = Ask(_watcher, "context")["context ".Length..];
                _draft.Left = new Step.Arrive(context, string.Join(',', _draft.WatcherSaw));
                break;
            case Step.Arrive(var carried, var seen):
                _draft.MoverSaw = [.. seen.Split(',', StringSplitOptions.RemoveEmptyEntries)
                    .Select(Parse.Version)];
                _draft.Arrival = Arrival.Waiting;
                _mover = _server.Connect();
                _server.Turn(() => _server.Replica.Receive(
                    _mover.Session, Encoding.UTF8.GetBytes($"context {carried}")));
                break;
        }
    }

    private void Dial(int connection)
    {
        ServerAddress address = new("127.0.0.1", 60001 + _scope.AllConnections[connection].Listener);
        _server.Turn(() =>
            _links[connection] = _server.Replica.OpenLink(address, "127.0.0.1", "127.0.0.1"));
    }

    private void Take(int connection, string[] lines)
    {
        _server.Turn(() =>
        {
            _links[connection] ??= _server.Replica.OpenLink(null, "127.0.0.1", "127.0.0.1");

            foreach (string line in lines)
            {
                Assert.False(_links[connection]!.IsClosing, "a connection stands until it is lost");
                _server.Replica.Receive(_links[connection]!, Encoding.UTF8.GetBytes(line));
            }
        });
    }

    private void Lose(int connection)
    {
        _draft.IsGone[connection] = true;

        if (_links[connection] is { } link)
        {
            _server.Turn(() => _server.Replica.CloseLink(link));
            _links[connection] = null;
        }
    }

    private void Write(Writer writer, string operations)
    {
        string value = $"{"abc"[_number]}{_draft.Writes.Count + 1}";
        List<(string, string?)> made = [];
        List<string> words = [];

        foreach (string operation in operations.Split(", "))
        {
            string key = operation.Split(' ')[1];
            bool isDelete = operation.StartsWith("delete", StringComparison.Ordinal);
            made.Add((key, isDelete ? null : value));
            words.Add(isDelete ? operation : $"{operation} {value}");
        }

        var session = writer switch
        {
            Writer.Watcher => _watcher,
            Writer.Mover => _mover!,
            _ => _server.Connect(),
        };
        List<WriteVersion> seen = writer switch
        {
            Writer.Reader => VersionsOf(Read(session)),
            Writer.Watcher => [.. _draft.WatcherSaw],
            Writer.Mover => [.. _draft.MoverSaw],
            _ => [],
        };
        string answer = Ask(session, string.Join(' ', words));
        Assert.StartsWith("ok ", answer);
        var version = Parse.Version(answer["ok ".Length..]);
        _draft.Writes.Add(new Made(version, made, seen));

        if (writer == Writer.Watcher)
        {
            _draft.WatcherSaw.Add(version);
        }
        else if (writer == Writer.Mover)
        {
            _draft.MoverSaw.Add(version);
        }
        else
        {
            session.Leave();
        }
    }

    private void Restart()
    {
        for (int connection = 0; connection < _links.Length; connection++)
        {
            var (dialler, _, isLater) = _scope.AllConnections[connection];
            _draft.IsGone[connection] |=
                _scope.AllConnections[connection].Joins(_number) && !(isLater && dialler == _number);
            _links[connection] = null;
        }

        _server = _server.Restart();
        _draft.Arrival = _mover is null ? _draft.Arrival : Arrival.Refused;
        _mover = null;
        _watcher = _server.Connect();
        _watcher.Say("watch \"\"");
        _draft.Watched = Read(_watcher);
        _draft.WatcherSaw.AddRange(VersionsOf(_draft.Watched));

        for (int connection = 0; connection < _links.Length; connection++)
        {
            if (_scope.AllConnections[connection] is { IsLater: true } own && own.Dialler == _number)
            {
                Dial(connection);
            }
        }
    }

    /// <summary>Asks and takes the answer; what is pushed meanwhile is taken as such.</summary>
    private string Ask(TestSession session, string request)
    {
        string? answer = null;

        foreach (string line in session.Ask(request))
        {
            if (session == _watcher && IsPush(line))
            {
                Push(line);
            }
            else
            {
                answer = answer is null ? line : $"{answer}\n{line}";
            }
        }

        return answer ?? throw new InvalidOperationException($"no answer to {request}");
    }

    private static bool IsPush(string line) =>
        line.StartsWith("update ", StringComparison.Ordinal)
        || line.StartsWith("removed ", StringComparison.Ordinal);

    private void Push(string line)
    {
        var (key, shown) = Shown.Parse(line);
        int number = Scope.Keys.Index().First(each => each.Item == key).Index;
        _draft.Pushes.Add((number, shown));
        _draft.Watched[number] = shown;
        _draft.WatcherSaw.Add(shown.Version);
    }

    /// <summary>Takes what the replica has put into its outputs.</summary>
    private void Collect()
    {
        foreach (string line in _watcher.Heard())
        {
            Push(line);
        }

        if (_mover?.Heard() is [var answer])
        {
            _draft.Arrival = answer == "ok" ? Arrival.Done : Arrival.Refused;
        }

        for (int connection = 0; connection < _links.Length; connection++)
        {
            if (_links[connection] is { } link && TestServer.TakeLines(link.Output) is { Length: > 0 } lines)
            {
                _draft.Sent[connection] = [.. _draft.Sent[connection], .. lines];
            }
        }

        Assert.Null(_server.Exit);
        _server.Notices.Clear();
        _server.Dials.Clear();
    }

    private Sight Look()
    {
        var session = _server.Connect();
        string applied = session.Ask("status").First(
            line => line.StartsWith("applied ", StringComparison.Ordinal));
        Sight sight = new(
            Read(session), _draft.Watched, _draft.Pushes, Parse.Context(applied["applied ".Length..]),
            [.. session.Ask("pending")[..^1].Select(line => Parse.Version(line.Split(' ')[1]))]);
        session.Leave();
        return sight;
    }

    private static List<WriteVersion> VersionsOf(Shown[] keys) =>
        [.. keys.Where(shown => !shown.IsNothing).Select(shown => shown.Version)];

    private Shown[] Read(TestSession session) =>
        [.. Ask(session, $"read {string.Join(' ', Scope.Keys)}").Split('\n')
            .Select(line => Shown.Parse(line).Shown)];
}
