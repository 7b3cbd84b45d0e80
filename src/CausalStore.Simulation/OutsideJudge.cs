using CausalStore.Checking;
using CausalStore.Protocol;

namespace CausalStore.Simulation;

/// <summary>Hands what the sessions did and saw to a judge who knows nothing of the store or of this
/// world.</summary>
internal sealed class OutsideJudge(Record record)
{
    /// <summary>Where servers were forgotten, writes may be lost that were acknowledged: no read is final
    /// then.</summary>
    private bool HasFinalReads => record.Forgotten.Count == 0;

    /// <summary>Reads, scans and writes of the history; what was pushed is judged with them.</summary>
    public long Operations => record.Logs.Sum(log =>
        log.Entries.LongCount(entry => entry is not (SessionLog.Entry.Break or SessionLog.Entry.Push)));

    /// <summary>What is wrong with the history, or null.</summary>
    public string? Judge()
    {
        History history = new();

        foreach (var log in record.Logs)
        {
            Tell(history, log);
        }

        CheckOptions options = new() { Versions = VersionUse.Judge, NothingIsLost = HasFinalReads };

        return CausalChecker.Check(history, options) is Verdict.Violated violated
            ? string.Join('\n', violated.Violations)
            : null;
    }

    private void Tell(History history, SessionLog log)
    {
        int part = 0;
        var session = history.Session(log.Name);

        foreach (var entry in log.Entries)
        {
            switch (entry)
            {
                case SessionLog.Entry.Break:
                    session = history.Session($"{log.Name}~{++part}");
                    break;
                case SessionLog.Entry.Write write when write.IsUnknown:
                    session.MayHave(Steps(write));
                    break;
                case SessionLog.Entry.Write write:
                    session.Together(Steps(write));
                    break;
                case SessionLog.Entry.Read read when read.IsAtRest && HasFinalReads:
                    session.AtRest(Steps(read));
                    break;
                case SessionLog.Entry.Read read:
                    session.Together(Steps(read));
                    break;
                case SessionLog.Entry.Scan scan when scan.IsAtRest && HasFinalReads:
                    session.AtRest(Step(scan));
                    break;
                case SessionLog.Entry.Scan scan:
                    session.Together(Step(scan));
                    break;
                case SessionLog.Entry.Push push:
                    session.Pushed(Key(push.Key), Value(push.Value), Version(push.Version));
                    break;
            }
        }
    }

    private HistoryStep[] Steps(SessionLog.Entry.Write write) =>
    [
        .. write.Operations.Select(operation => operation.Value is null
            ? (HistoryStep)new HistoryStep.Delete(Key(operation.Key), Version(write.Version))
            : new HistoryStep.Write(Key(operation.Key), operation.Value, Version(write.Version))),
    ];

    private HistoryStep[] Steps(SessionLog.Entry.Read read) =>
        [.. read.Lines.Select(line => Step(line.Key, line.Shown))];

    private HistoryStep.Read Step(int key, Response shown) => shown switch
    {
        Response.Value value => new HistoryStep.Read(Key(key), Value(value.Data), Version(value.Version)),
        Response.Missing { Version: { } deleted } => new HistoryStep.Read(Key(key), null, Version(deleted)),
        _ => new HistoryStep.Read(Key(key), null),
    };

    private HistoryStep.Scan Step(SessionLog.Entry.Scan scan)
    {
        var rows = scan.Rows
            .Select(row => new Row(Bytes.From(row.Key), Bytes.From(row.Data), Version(row.Version)))
            .ToArray();
        bool isCutShort = rows.Length == scan.Asked.Limit;
        return new HistoryStep.Scan(
            scan.Asked.Prefix, rows, After: scan.Asked.After is { } after ? Key(after) : default(Bytes?),
            Through: isCutShort ? rows[^1].Key : default(Bytes?));
    }

    private Bytes Key(int key) => Bytes.From(record.Keys.Bytes(key));

    private static Bytes? Value(byte[]? value) => value is null ? default(Bytes?) : Bytes.From(value);

    private static HistoryVersion Version(WriteVersion version) =>
        new(version.Timestamp, version.Origin.Value);
}
