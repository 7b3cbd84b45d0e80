namespace CausalStore.Simulation;

/// <summary>What clients do: few keys, many sessions, reads before writes, and now and then another
/// server.</summary>
internal sealed class Workload(World world, Dice dice)
{
    private readonly List<SimulatedClient> _clients = [];
    private readonly List<(int Weight, Func<SimulatedClient, IEnumerable<Asked>> Draw)> _kinds = [];
    private readonly Keys _keys = world.Keys;
    private int _values;

    public IReadOnlyList<SimulatedClient> Clients => _clients;

    public void Start()
    {
        var mix = world.Settings.Requests;
        _kinds.Add((mix.Read, _ => [Read(1)]));
        _kinds.Add((mix.ReadMany, _ => [Read(dice.Between(2, _keys.Count))]));
        _kinds.Add((mix.Scan, _ => [Scan()]));
        _kinds.Add((mix.ReadThenWrite, _ => [Read(dice.Between(1, 3)), Write(1, deletes: 0)]));
        _kinds.Add((mix.Write, _ => [Write(1, deletes: 0)]));
        _kinds.Add((mix.WriteMany, _ => [Write(dice.Between(2, 4), deletes: 0.2)]));
        _kinds.Add((mix.Delete, _ => [Write(1, deletes: 1)]));
        _kinds.Add((mix.Watch, _ => [Watch()]));
        _kinds.Add((mix.Context, _ => [new Asked.GetContext()]));
        _kinds.Add((mix.FailOver, FailOver));

        for (int number = 1; number <= world.Settings.Clients; number++)
        {
            SimulatedClient client = new(world, $"c{number}");
            _clients.Add(client);
            ActLater(client);
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

    private void ActLater(SimulatedClient client)
    {
        world.Timeline.After(dice.Around(world.Settings.Think), () =>
        {
            if (!world.IsHealing)
            {
                Act(client);
                ActLater(client);
            }
        });
    }

    private void Act(SimulatedClient client)
    {
        if (!client.IsConnected)
        {
            Connect(client);
        }
        else if (client.IsIdle)
        {
            int drawn = dice.Below(_kinds.Sum(kind => kind.Weight));
            int kind = 0;

            while (drawn >= _kinds[kind].Weight)
            {
                drawn -= _kinds[kind++].Weight;
            }

            client.Ask(_kinds[kind].Draw(client));
        }
    }

    /// <summary>Goes to any server that runs and that nobody has declared gone.</summary>
    private void Connect(SimulatedClient client)
    {
        var candidates = world.Running
            .Where(server => !world.IsForgotten(server.Id) && server.Mistake != Mistake.OldCopy)
            .ToArray();

        if (dice.PickOrNone(candidates) is { } server)
        {
            client.Connect(server);
        }
    }

    private IEnumerable<Asked> FailOver(SimulatedClient client)
    {
        world.Timeline.After(TimeSpan.Zero, client.Disconnect);
        return [];
    }

    private Asked.Read Read(int count)
    {
        var keys = PickKeys(count);
        return new Asked.Read($"read {string.Join(' ', keys.Select(key => _keys[key]))}", keys);
    }

    private Asked.Scan Scan()
    {
        string prefix = dice.Chance(0.6) ? "" : dice.Pick(Keys.Prefixes);
        int limit = dice.Chance(0.7) ? AllKeys : dice.Between(1, 4);
        int? after = dice.Chance(0.8) ? null : dice.Below(_keys.Count);
        string line = $"scan {Keys.Word(prefix)} {limit}" + (after is { } key ? $" {_keys[key]}" : "");
        return new Asked.Scan(line, prefix, limit, after);
    }

    private Asked.Write Write(int count, double deletes)
    {
        string value = $"v{++_values}";
        var operations = PickKeys(count)
            .Select(key => (Key: key, Value: dice.Chance(deletes) ? null : value))
            .ToList();
        string line = string.Join(' ', operations.Select(Word));

        // The same key twice: the last one counts.
        if (count > 1 && dice.Chance(0.1))
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
        string prefix = dice.Pick(Keys.Prefixes);
        bool ends = dice.Chance(0.3);
        return new Asked.Watch($"{(ends ? "unwatch" : "watch")} {Keys.Word(prefix)}", prefix, ends);
    }

    private List<int> PickKeys(int count)
    {
        List<int> keys = [.. Enumerable.Range(0, _keys.Count)];
        dice.Shuffle(keys);
        return keys[..count];
    }
}
