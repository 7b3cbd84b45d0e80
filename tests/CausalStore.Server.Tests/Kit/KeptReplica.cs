using System.Text;
using CausalStore.Protocol;
using CausalStore.Replication;
using CausalStore.Server.Journal;
using CausalStore.Server.Storage;

namespace CausalStore.Server.Tests.Kit;

/// <summary>A replica whose turns are journaled as a server does it, with nobody connected.</summary>
internal sealed class KeptReplica : IDisposable
{
    private readonly DataDirectory _data;
    private readonly Effects _effects = new() { Journaling = true };
    private readonly Replica _replica;
    private readonly Session _session;
    private TimeSpan _now;

    public KeptReplica(string directory, SqliteJournalOptions? journal = null)
        : this(OptionsFor(directory), journal)
    {
    }

    public KeptReplica(StorageOptions options, SqliteJournalOptions? journal = null)
    {
        _data = DataDirectory.Open(options);
        _replica = new Replica(
            new ReplicaOptions
            {
                Id = options.Id,
                Instance = _data.Instance,
                Consistency = options.Consistency,
            },
            _effects);

        try
        {
            _data.Load(_replica.Recover());
        }
        catch
        {
            _data.Dispose();
            throw;
        }

        Journal = new SqliteJournal(
            _data, journal ?? new SqliteJournalOptions(), () => { }, TimeProvider.System);
        Journal.Start();
        _session = _replica.OpenSession();
    }

    public SqliteJournal Journal { get; }

    public DataDirectory Data => _data;

    public static StorageOptions OptionsFor(string directory) => new()
    {
        Directory = directory,
        Id = new ServerId(1),
        NewInstance = "k7Qm2wXp",
        Boot = "id here",
        ReserveBytes = 1000,
    };

    /// <summary>One turn with one request.</summary>
    /// <returns>The answer, and the batch that must be durable before it leaves.</returns>
    public (string Answer, long Batch) Turn(string request)
    {
        _replica.IsFull = Journal.IsFull;
        _replica.Advance(_now += TimeSpan.FromMilliseconds(1));
        _replica.Receive(_session, Encoding.UTF8.GetBytes(request));
        _replica.Flush();
        long batch = Journal.Append(_effects.ToJournal.Written);
        _effects.Clear();
        string answer = Encoding.UTF8.GetString(_session.Output.ToArray());
        _session.Output.Clear();
        return (answer.TrimEnd('\n'), batch);
    }

    public void Save()
    {
        if (Journal.TryTakeSaved(out var saved))
        {
            Replica.EndSave(saved);
        }

        Journal.Save(_replica.TakeChanges());
    }

    /// <summary>One turn, and waits until it is kept.</summary>
    public async Task<string> AskAsync(string request)
    {
        var (answer, batch) = Turn(request);
        await Eventually.TrueAsync(
            () => Journal.Durable >= batch, $"'{request}' is durable; {Journal.Failure}");
        return answer;
    }

    public async Task FoldAsync()
    {
        long last = Journal.Append([]);
        await Eventually.TrueAsync(() => Journal.Durable >= last, $"all is durable; {Journal.Failure}");
        Save();
        await Eventually.TrueAsync(() => !Journal.IsFolding, "it is folded");
    }

    /// <summary>Ends as a server does that is told to.</summary>
    public void Finish()
    {
        if (Journal.Stop(_replica.TakeChanges))
        {
            _data.Finish();
        }
    }

    /// <summary>Ends with nothing done that kill -9 would not do.</summary>
    public void Dispose()
    {
        Journal.Stop(changes: null);
        _data.Dispose();
    }
}
