using System.Text;
using CausalStore.Protocol;

namespace CausalStore.Simulation;

/// <summary>A write as its session made it, with its true causal past.</summary>
/// <param name="Operations">Key and value; null for a delete. Each key once.</param>
/// <param name="Past">What its session had seen, this write included.</param>
internal sealed record WriteRecord(
    WriteVersion Version, IReadOnlyList<(int Key, string? Value)> Operations, Sight Past, string Writer)
{
    public bool Touches(int key) => Operations.Any(operation => operation.Key == key);
}

/// <summary>Everything that was ever written in one cluster: what nobody inside it can know.</summary>
internal sealed class Record(string cluster, Keys keys)
{
    private readonly Dictionary<WriteVersion, WriteRecord> _writes = [];
    private readonly Dictionary<WriteVersion, Context> _needs = [];
    private readonly Dictionary<(string Id, string About), string> _statements = [];
    private readonly HashSet<string> _aboutWhom = [];
    private readonly List<SessionLog> _logs = [];
    private IReadOnlyList<WriteRange> _survivors = [];
    private int _settled;
    private readonly WriteVersion[] _deletedUpTo = new WriteVersion[keys.Count];

    /// <summary>The cluster's name.</summary>
    public string Cluster => cluster;

    public Keys Keys => keys;

    public IReadOnlyCollection<WriteRecord> Writes => _writes.Values;

    /// <summary>What every session did and saw.</summary>
    public IReadOnlyList<SessionLog> Logs => _logs;

    /// <summary>Servers that an operator has declared gone.</summary>
    public HashSet<ServerId> Forgotten { get; } = [];

    /// <summary>The servers have agreed on what is left of the forgotten ones; who is forgotten later is
    /// settled with them anew.</summary>
    public void Settled(IdSet about, IReadOnlyList<WriteRange> survivors)
    {
        if (about.Ids.Length >= _settled)
        {
            _settled = about.Ids.Length;
            _survivors = survivors;
        }
    }

    /// <summary>Whether it is one of a forgotten server's writes of which nothing is left.</summary>
    public bool IsLost(WriteVersion version) => Forgotten.Contains(version.Origin) && !_survivors.Any(range =>
        range.Origin == version.Origin && range.After < version.Timestamp && version.Timestamp <= range.UpTo);

    public void Add(WriteRecord write)
    {
        if (!_writes.TryAdd(write.Version, write))
        {
            throw new BrokenPromiseException(Promises.VersionsAreUnique, $"{write.Version} was given twice");
        }

        foreach (var (key, value) in write.Operations)
        {
            if (value is null && write.Version > _deletedUpTo[key])
            {
                _deletedUpTo[key] = write.Version;
            }
        }
    }

    /// <summary>A write that was lost with a crash before anybody saw it: its version may be given
    /// again.</summary>
    public void Remove(WriteVersion version)
    {
        if (!_writes.Remove(version, out var gone))
        {
            return;
        }

        foreach (var (key, _) in gone.Operations)
        {
            _deletedUpTo[key] = _writes.Values
                .Where(write => write.Operations.Contains((key, null)))
                .Select(write => write.Version).DefaultIfEmpty().Max();
        }

        foreach (var log in _logs)
        {
            log.NeverHappened(version);
        }
    }

    /// <summary>Whether nobody has said before what survives of those.</summary>
    public bool IsSettledFirst(string about) => _aboutWhom.Add(about);

    public void DemandStatement(string id, string about)
    {
        if (!_statements.ContainsKey((id, about)))
        {
            throw new BrokenPromiseException(
                Promises.StatementsAreFinal, $"{about} is settled without the word of server {id}");
        }
    }

    /// <summary>A server says what it holds of forgotten ones: once and for all.</summary>
    public void Stated(string id, string about, string held, bool isFinal)
    {
        if (!_statements.TryAdd((id, about), held) && isFinal
            && _statements[(id, about)] is var before && before != held)
        {
            throw new BrokenPromiseException(
                Promises.StatementsAreFinal,
                $"server {id} says of {about} that it holds {held}, and said {before}");
        }
    }

    public SessionLog LogOf(string session)
    {
        SessionLog log = new(session);
        _logs.Add(log);
        return log;
    }

    public WriteRecord? Find(WriteVersion version) => _writes.GetValueOrDefault(version);

    /// <summary>The write that somebody was shown: that version, of that key, with that value.</summary>
    public WriteRecord Shown(int key, byte[]? value, WriteVersion version)
    {
        var write = Find(version)
            ?? throw new BrokenPromiseException(
                Promises.NothingFromThinAir, $"{keys[key]} has the version {version}, which nobody ever got");
        string? text = value is null ? null : Encoding.UTF8.GetString(value);

        return write.Operations.Contains((key, text))
            ? write
            : throw new BrokenPromiseException(
                Promises.NothingFromThinAir,
                $"{keys[key]} = {text ?? "(deleted)"} is not what {version} wrote");
    }

    /// <summary>Whether a key of which nothing is left can reflect that version: only if it was deleted
    /// since.</summary>
    public bool MayBeGone(int key, WriteVersion version) =>
        version == default || _deletedUpTo[key] >= version;

    public bool WasDeleted(int key) => _deletedUpTo[key] != default;

    /// <summary>A write was seen in the air: its NEEDS are of its making, so they are always the same, and
    /// name only what its writer had seen.</summary>
    /// <returns>Whether it is seen for the first time.</returns>
    public bool Travels(WriteVersion version, Context needs)
    {
        if (_needs.TryGetValue(version, out var before))
        {
            return before.UpTo.SequenceEqual(needs.UpTo) && before.Exact.SequenceEqual(needs.Exact)
                ? false
                : throw new BrokenPromiseException(
                    Promises.VersionsAreUnique, $"{version} travels needing {needs}, and needing {before}");
        }

        _needs.Add(version, needs);

        if (Find(version) is { } write)
        {
            CheckNeeds(write, needs);
        }

        return true;
    }

    public Context? NeedsOf(WriteVersion version) => _needs.GetValueOrDefault(version);

    private void CheckNeeds(WriteRecord write, Context needs)
    {
        foreach (var need in needs.Exact)
        {
            int key = Find(need) is { } cause ? write.Past.FirstBeyond(cause.Past) : -1;

            if (key >= 0)
            {
                throw new BrokenPromiseException(
                    Promises.NoFalseDependency,
                    $"{write.Version} needs {need}, whose writer had seen more of {keys[key]} than its own");
            }
        }
    }
}
