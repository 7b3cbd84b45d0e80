using System.Runtime.InteropServices;

namespace CausalStore.Checking.Tests;

// Tiny histories with few keys, in which nearly everything is possible and much of it is wrong.
internal sealed class RandomHistories(int seed)
{
    private readonly Random _random = new(seed);
    private readonly List<(string Key, string? Value, HistoryVersion Version)> _written = [];
    private bool _withVersions;
    private int _values;

    /// <param name="withDeletes">Whether some writes are deletes.</param>
    /// <param name="withVersions">Whether versions are recorded; they then name what was read.</param>
    public History Next(bool withDeletes, bool withVersions = false)
    {
        _written.Clear();
        _values = 0;
        _withVersions = withVersions;
        var writes = Enumerable.Range(0, _random.Next(1, 5)).Select(_ => NextWrite(withDeletes)).ToList();
        var readers = _random.Next(1, 5);
        var sessions = _random.Next(2, 4);
        var sights = Enumerable.Range(0, readers).Select(_ => NextSight());
        List<HistoryStep[]> operations = [.. writes, .. sights];
        _random.Shuffle(CollectionsMarshal.AsSpan(operations));
        var history = new History();

        foreach (var steps in operations)
        {
            var session = history.Session($"s{_random.Next(sessions) + 1}");

            if (steps.All(step => step is HistoryStep.Write or HistoryStep.Delete) && _random.Next(6) == 0)
            {
                session.MayHave([.. steps.Select(WithoutVersion)]);
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

    private static HistoryStep WithoutVersion(HistoryStep step) => step switch
    {
        HistoryStep.Write write => write with { Version = null },
        HistoryStep.Delete delete => delete with { Version = null },
        _ => step,
    };

    // A transaction: what it reads, then what it writes.
    private HistoryStep[] Mixed(HistoryStep[] steps)
        => [.. steps.All(step => step is HistoryStep.Write) ? NextRead() : [], .. steps];

    private HistoryStep[] NextWrite(bool withDeletes)
    {
        var version = new HistoryVersion(_written.Count + 1, 1);

        return [.. NextKeys().ConvertAll<HistoryStep>(key => withDeletes && _random.Next(3) == 0
            ? Delete(key, version)
            : Write(key, version))];
    }

    private HistoryStep.Write Write(string key, HistoryVersion version)
    {
        _written.Add((key, $"v{++_values}", version));
        return new HistoryStep.Write(key, $"v{_values}", Recorded(version));
    }

    private HistoryStep.Delete Delete(string key, HistoryVersion version)
    {
        _written.Add((key, null, version));
        return new HistoryStep.Delete(key, Recorded(version));
    }

    private HistoryVersion? Recorded(HistoryVersion? version) => _withVersions ? version : null;

    private HistoryStep[] NextSight() => _random.Next(6) > 0
        ? NextRead()
        : [.. NextKeys().Select(StateOf).Select(
            state => new HistoryStep.Push(state.Key, state.Value, state.Version))];

    private HistoryStep[] NextRead()
    {
        if (_random.Next(5) > 0)
        {
            return [.. NextKeys().Select(StateOf).Select(
                state => new HistoryStep.Read(state.Key, state.Value, state.Version))];
        }

        Bytes? after = _random.Next(5) == 0 ? Bytes.FromText("x") : (Bytes?)null;
        Bytes? through = _random.Next(5) == 0 ? Bytes.FromText("x") : (Bytes?)null;
        var rows = NextKeys().Select(StateOf).Where(
            state => state.Value is not null
            && (after is not { } low || state.Key > low)
            && (through is not { } high || state.Key <= high));
        return [new HistoryStep.Scan(
            "", [.. rows.Select(row => new Row(row.Key, row.Value!.Value, row.Version))], after, through)];
    }

    private (Bytes Key, Bytes? Value, HistoryVersion? Version) StateOf(string key)
    {
        var written = _written.FindAll(write => write.Key == key);

        // "Missing" is one of many values: it would otherwise be the reason of nearly every violation.
        if (written.Count == 0 || _random.Next(8) == 0)
        {
            return (key, null, null);
        }

        var (_, value, version) = written[_random.Next(written.Count)];
        return (key, value is null ? (Bytes?)null : value, Recorded(version));
    }

    private List<string> NextKeys() => _random.Next(6) switch
    {
        0 or 1 => ["x"],
        2 or 3 => ["y"],
        4 => ["x", "y"],
        _ => ["y", "x"],
    };
}
