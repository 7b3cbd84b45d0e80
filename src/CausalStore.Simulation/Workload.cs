namespace CausalStore.Simulation;

/// <summary>What clients do: few keys, many sessions, reads before writes, and now and then another
/// server.</summary>
internal sealed class Workload
{
    private const int LargeValueEvery = 30;

    /// <summary>What is larger than half of a small store's memory goes other ways through it.</summary>
    private static readonly string Filling = new('.', 3000);

    private readonly World _world;
    private readonly Dice _clocks;
    private readonly List<SimulatedClient> _clients = [];
    private readonly List<(int Weight, Func<SimulatedClient, IEnumerable<Asked>> Draw)> _kinds = [];
    private readonly Keys _keys;

    /// <summary>Those of the act at hand.</summary>
    private Dice _dice;
    private int _values;

    public Workload(World world, Dice dice)
    {
        _world = world;
        _keys = world.Keys;
        _clocks = dice;
        _dice = dice;
    }

    public IReadOnlyList<SimulatedClient> Clients => _clients;

    public void Start()
    {
        var mix = _world.Settings.Requests;
        _kinds.Add((mix.Read, _ => [Read(1)]));
        _kinds.Add((mix.ReadMany, _ => [Read(_dice.Between(2, _keys.Count))]));
        _kinds.Add((mix.Scan, _ => [Scan()]));
        _kinds.Add((mix.ReadThenWrite, _ => [Read(_dice.Between(1, 3)), Write(1, deletes: 0)]));
        _kinds.Add((mix.Write, _ => [Write(1, deletes: 0)]));
        _kinds.Add((mix.WriteMany, _ => [Write(_dice.Between(2, 4), deletes: 0.2)]));
        _kinds.Add((mix.Delete, _ => [Write(1, deletes: 1)]));
        _kinds.Add((mix.Watch, _ => [Watch()]));
        _kinds.Add((mix.Context, _ => [new Asked.GetContext()]));
        _kinds.Add((mix.FailOver, FailOver));

        for (int number = 1; number <= _world.Settings.Clients; number++)
        {
            SimulatedClient client = new(_world, $"c{number}");
            _clients.Add(client);
            ActLater(client, _clocks.Fork());
        }
    }

    /// <summary>Reads every key, so that nobody's last look is left unjudged.</summary>
    public void ReadAll()
    {
        foreach (var client in _clients.Where(client => client.IsIdle && client.Server!.IsServing))
        {
            client.Ask([new Asked.Scan("scan \"\"", "", AllKeys, null), Read(_keys.Count)]);
        }
    }

    private const int AllKeys = 10_000;

    private void ActLater(SimulatedClient client, Dice own)
    {
        _world.Timeline.After(own.Around(_world.Settings.Think), () =>
        {
            if (_world.IsHealing)
            {
                return;
            }

            _dice = own.Fork();

            if (_world.Acts())
            {
                Act(client);
            }

            ActLater(client, own);
        });
    }

    private void Act(SimulatedClient client)
    {
        if (!client.IsConnected)
        {
            Connect(client);
        }
        else if (client.IsIdle && IsReader(client))
        {
            client.Ask(Look());
        }
        else if (client.IsIdle)
        {
            int drawn = _dice.Below(_kinds.Sum(kind => kind.Weight));
            int kind = 0;

            while (drawn >= _kinds[kind].Weight)
            {
                drawn -= _kinds[kind++].Weight;
            }

            client.Ask(_kinds[kind].Draw(client));
        }
    }

    /// <summary>Not where one of them alone would fill a log or a delay queue.</summary>
    private bool IsLarge =>
        _values % LargeValueEvery == 0 && !_world.Settings.TinyLogs && !_world.Settings.TinyDelayQueue;

    private bool IsReader(SimulatedClient client) => _clients.IndexOf(client) < _world.Settings.Readers;

    private IEnumerable<Asked> Look() => _dice.Below(40) switch
    {
        0 => [Write(1, deletes: 0)],
        1 => [new Asked.GetContext()],
        < 4 => [new Asked.Watch("watch \"\"", "", Ends: false)],
        _ => [Read(_keys.Count)],
    };

    /// <summary>Goes to any server that runs and that nobody has declared gone.</summary>
    private void Connect(SimulatedClient client)
    {
        var candidates = _world.Running
            .Where(server => !_world.IsForgotten(server.Id) && server.Mistake != Mistake.OldCopy)
            .ToArray();

        if (_dice.PickOrNone(candidates) is { } server)
        {
            client.Connect(server);
        }
    }

    private IEnumerable<Asked> FailOver(SimulatedClient client)
    {
        _world.Timeline.After(TimeSpan.Zero, client.Disconnect);
        return [];
    }

    private Asked.Read Read(int count)
    {
        var keys = PickKeys(count);
        return new Asked.Read($"read {string.Join(' ', keys.Select(key => _keys[key]))}", keys);
    }

    private Asked.Scan Scan()
    {
        string prefix = _dice.Chance(0.6) ? "" : _dice.Pick(Keys.Prefixes);
        int limit = _dice.Chance(0.7) ? AllKeys : _dice.Between(1, 4);
        int? after = _dice.Chance(0.8) ? null : _dice.Below(_keys.Count);
        string line = $"scan {Keys.Word(prefix)} {limit}" + (after is { } key ? $" {_keys[key]}" : "");
        return new Asked.Scan(line, prefix, limit, after);
    }

    private Asked.Write Write(int count, double deletes)
    {
        string value = $"v{++_values}{(IsLarge ? Filling : "")}";
        var operations = PickKeys(count)
            .Select(key => (Key: key, Value: _dice.Chance(deletes) ? null : value))
            .ToList();
        string line = string.Join(' ', operations.Select(Word));

        // The same key twice: the last one counts.
        if (count > 1 && _dice.Chance(0.1))
        {
            line = $"write {_keys[operations[0].Key]} overwritten {line}";
        }

        return new Asked.Write(line, operations);
    }

    private string Word((int Key, string? Value) operation) =>
        operation.Value is null
            ? $"delete {_keys[operation.Key]}"
            : $"write {_keys[operation.Key]} {operation.Value}";

    private Asked.Watch Watch()
    {
        string prefix = _dice.Pick(Keys.Prefixes);
        bool ends = _dice.Chance(0.3);
        return new Asked.Watch($"{(ends ? "unwatch" : "watch")} {Keys.Word(prefix)}", prefix, ends);
    }

    private List<int> PickKeys(int count)
    {
        List<int> keys = [.. Enumerable.Range(0, _keys.Count)];
        _dice.Shuffle(keys);
        return keys[..count];
    }
}
