namespace CausalStore.Checking.Tests;

// A small store in which the last writer wins. It keeps its promises: every server applies the others' writes
// in an order that respects causality (a prefix of what the other has applied). Late, but never wrong, unless
// it is told to apply writes as they come.
internal sealed class ToyStore
{
    private readonly Server[] _servers;
    private readonly string[] _keys;
    private readonly Random _random;
    private readonly History _history = new();
    private int _values;

    public ToyStore(int seed, int servers, int keys)
    {
        _random = new Random(seed);
        _servers = [.. Enumerable.Range(1, servers).Select(id => new Server(id, servers))];
        _keys = [.. Enumerable.Range(0, keys).Select(number => $"k{number}")];
    }

    /// <summary>Deletes leave no tombstones to see, and versions are recorded only if asked for.</summary>
    public bool RecordVersions { get; init; } = true;

    /// <summary>Whether a write waits for its causes.</summary>
    public bool Waits { get; init; } = true;

    /// <summary>Of so many writes the reply of one never comes; half of these happen all the same.</summary>
    public int OneIsUnknownOf { get; init; } = int.MaxValue;

    public History Run(int operations, int sessions)
    {
        for (var i = 0; i < operations; i++)
        {
            var number = _random.Next(sessions);
            var session = _history.Session($"s{number}");
            var server = _servers[number % _servers.Length];

            if (_random.Next(3) == 0)
            {
                Exchange(server, _servers[_random.Next(_servers.Length)], _random.Next(1, 8));
            }

            Act(session, server);
        }

        Settle(sessions);
        return _history;
    }

    private void Act(SessionHistory session, Server server)
    {
        switch (_random.Next(20))
        {
            case < 6:
                Write(session, server, 1);
                break;
            case < 8:
                Write(session, server, 3);
                break;
            case 8:
                Delete(session, server);
                break;
            case < 16:
                session.Together(Read(server, _keys[_random.Next(_keys.Length)]));
                break;
            case < 19:
                session.Together(
                    Read(server, _keys[0]), Read(server, _keys[^1]), Read(server, _keys[_keys.Length / 2]));
                break;
            default:
                var prefix = _keys[_random.Next(Math.Min(10, _keys.Length))];
                session.Scanned(prefix, [.. _keys.Where(key => key.StartsWith(
                    prefix, StringComparison.Ordinal)
                    && server.Value(key) is not null).Select(key => Row(server, key))]);
                break;
        }
    }

    private void Write(SessionHistory session, Server server, int count)
    {
        var change = Enumerable.Range(0, count).Select(_ => _keys[_random.Next(_keys.Length)]).Distinct()
            .ToDictionary(key => key, _ => (string?)$"v{++_values}");

        if (_random.Next(OneIsUnknownOf) == 0)
        {
            session.MayHave([.. change.Select(pair => new HistoryStep.Write(pair.Key, pair.Value!))]);
            _ = _random.Next(2) == 0 ? server.Accept(change) : default;
            return;
        }

        var version = server.Accept(change);
        session.Together(
            [.. change.Select(pair => new HistoryStep.Write(pair.Key, pair.Value!, Recorded(version)))]);
    }

    private void Delete(SessionHistory session, Server server)
    {
        var key = _keys[_random.Next(_keys.Length)];
        var version = server.Accept(new Dictionary<string, string?> { [key] = null });
        session.Deleted(key, Recorded(version));
    }

    private HistoryStep.Read Read(Server server, string key)
    {
        var value = server.Value(key);
        return new HistoryStep.Read(key, value is null ? (Bytes?)null : value, Recorded(server.Version(key)));
    }

    private Row Row(Server server, string key) => new(key, server.Value(key)!, Recorded(server.Version(key)));

    private HistoryVersion? Recorded(HistoryVersion? version) => RecordVersions ? version : null;

    private void Exchange(Server to, Server from, int count)
    {
        if (to != from && (Waits || count == int.MaxValue))
        {
            to.Take(from, count);
        }
        else if (to != from)
        {
            to.TakeOne(from, _random);
        }
    }

    private void Settle(int sessions)
    {
        for (var round = 0; round < _servers.Length; round++)
        {
            foreach (var to in _servers)
            {
                foreach (var from in _servers)
                {
                    Exchange(to, from, int.MaxValue);
                }
            }
        }

        for (var number = 0; number < Math.Min(sessions, _servers.Length); number++)
        {
            var server = _servers[number % _servers.Length];
            _history.Session($"s{number}").AtRest([.. _keys.Select(key => Read(server, key))]);
        }
    }

    private sealed class Server(int id, int servers)
    {
        private readonly Dictionary<string, (string? Value, HistoryVersion Version)> _state = [];
        private readonly List<(HistoryVersion Version, Dictionary<string, string?> Change)> _applied = [];
        private readonly HashSet<HistoryVersion> _known = [];
        private readonly int[] _taken = new int[servers + 1];
        private long _clock;

        private int Id { get; } = id;

        public string? Value(string key) => _state.GetValueOrDefault(key).Value;

        public HistoryVersion? Version(string key)
            => _state.TryGetValue(key, out var kept) ? kept.Version : null;

        public HistoryVersion Accept(Dictionary<string, string?> change)
        {
            var version = new HistoryVersion(_clock + 1, Id);
            Apply(version, change);
            return version;
        }

        public void Take(Server from, int count)
        {
            for (; count > 0 && _taken[from.Id] < from._applied.Count; count--)
            {
                var (version, change) = from._applied[_taken[from.Id]++];
                Apply(version, change);
            }
        }

        public void TakeOne(Server from, Random random)
        {
            if (from._applied.Count > 0)
            {
                var late = random.Next(Math.Min(40, from._applied.Count));
                var (version, change) = from._applied[^(late + 1)];
                Apply(version, change);
            }
        }

        private void Apply(HistoryVersion version, Dictionary<string, string?> change)
        {
            if (!_known.Add(version))
            {
                return;
            }

            _applied.Add((version, change));
            _clock = Math.Max(_clock, version.Timestamp);

            foreach (var (key, value) in change)
            {
                if (!_state.TryGetValue(key, out var kept) || kept.Version < version)
                {
                    _state[key] = (value, version);
                }
            }
        }
    }
}
