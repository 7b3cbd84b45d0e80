namespace CausalStore.Checking.Tests;

// Tiny histories with few keys, in which nearly everything is possible and much of it is wrong.
internal sealed class RandomHistories(int seed)
{
    private readonly Random _random = new(seed);
    private readonly List<(string Key, string? Value)> _written = [];
    private int _values;

    public History Next(bool withDeletes)
    {
        _written.Clear();
        _values = 0;
        var writes = Enumerable.Range(0, _random.Next(1, 5)).Select(_ => NextWrite(withDeletes)).ToList();
        var readers = _random.Next(1, 5);
        var sessions = _random.Next(2, 4);
        List<HistoryStep[]> operations = [.. writes, .. Enumerable.Range(0, readers).Select(_ => NextRead())];
        _random.Shuffle(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(operations));
        var history = new History();

        foreach (var steps in operations)
        {
            var session = history.Session($"s{_random.Next(sessions) + 1}");

            if (steps.All(step => step is HistoryStep.Write or HistoryStep.Delete) && _random.Next(6) == 0)
            {
                session.MayHave(steps);
            }
            else
            {
                session.Together(_random.Next(12) == 0 ? Mixed(steps) : steps);
            }
        }

        for (var final = _random.Next(-2, 3); final > 0; final--)
        {
            history.Session($"s{final}").AtRest(NextRead());
        }

        return history;
    }

    // A transaction: what it reads, then what it writes.
    private HistoryStep[] Mixed(HistoryStep[] steps)
        => [.. steps.All(step => step is HistoryStep.Write) ? NextRead() : [], .. steps];

    private HistoryStep[] NextWrite(bool withDeletes)
        => [.. NextKeys().ConvertAll<HistoryStep>(key => withDeletes && _random.Next(3) == 0
            ? Delete(key)
            : Write(key))];

    private HistoryStep.Write Write(string key)
    {
        _written.Add((key, $"v{++_values}"));
        return new HistoryStep.Write(key, $"v{_values}");
    }

    private HistoryStep.Delete Delete(string key)
    {
        _written.Add((key, null));
        return new HistoryStep.Delete(key);
    }

    private HistoryStep[] NextRead()
    {
        if (_random.Next(5) > 0)
        {
            return [.. NextKeys().Select(key => new HistoryStep.Read(key, ValueOf(key)))];
        }

        var rows = NextKeys().Select(key => (Key: key, Value: ValueOf(key))).Where(
            row => row.Value is not null);
        return [new HistoryStep.Scan("", [.. rows.Select(row => new Row(row.Key, row.Value!.Value))])];
    }

    private Bytes? ValueOf(string key)
    {
        string?[] values = [null, .. _written.Where(write => write.Key == key).Select(write => write.Value)];

        // "Missing" is one of many values: it would otherwise be the reason of nearly every violation.
        var value = values[_random.Next(Math.Min(1, values.Length - 1), values.Length)];
        return value is null || _random.Next(8) == 0 ? (Bytes?)null : value;
    }

    private List<string> NextKeys() => _random.Next(6) switch
    {
        0 or 1 => ["x"],
        2 or 3 => ["y"],
        4 => ["x", "y"],
        _ => ["y", "x"],
    };
}
