namespace CausalStore.Checking.Judging;

// Finds the write that every read shows: by its value, or by its version where the value does not tell.
internal sealed class ReadsFrom
{
    private const Promises NeverWritten = Promises.CausalConsistency | Promises.CausalConvergence;

    private readonly Graph _graph;
    private readonly VersionUse _versions;
    private readonly Findings _findings;
    private readonly Storyteller _teller;

    // Writers of one value by version; Open where several writers share it. No version stands for "none".
    private readonly Dictionary<(int Value, HistoryVersion? Version), int> _byVersion = [];

    private ReadsFrom(Graph graph, VersionUse versions, Findings findings, Storyteller teller)
    {
        _graph = graph;
        _versions = versions;
        _findings = findings;
        _teller = teller;
    }

    /// <summary>
    /// Fills in <see cref="Graph.WriterOf"/>; what several writes could explain stays open.
    /// </summary>
    public static void Resolve(Graph graph, VersionUse versions, Findings findings, Storyteller teller)
    {
        var readsFrom = new ReadsFrom(graph, versions, findings, teller);
        readsFrom.IndexVersions();

        for (var node = 0; node < graph.NodeCount; node++)
        {
            for (var read = graph.Reads.Start(node); read < graph.Reads.End(node); read++)
            {
                graph.WriterOf[read] = readsFrom.Find(node, read);
            }
        }
    }

    private void IndexVersions()
    {
        for (var node = 0; node < _graph.NodeCount; node++)
        {
            for (var write = _graph.Writes.Start(node); write < _graph.Writes.End(node); write++)
            {
                var value = _graph.Writes.Value[write];

                if (_graph.WritersOfValue.All(value).Length > 1 || _graph.Values[value].Value is null)
                {
                    var key = (value, _versions == VersionUse.Ignore ? null : _graph.VersionOf[node]);
                    _byVersion[key] = _byVersion.ContainsKey(key) ? Graph.Open : node;
                }
            }
        }
    }

    private int Find(int node, int read)
    {
        var value = _graph.Reads.Value[read];
        var writers = _graph.WritersOfValue.All(value);
        var version = _versions == VersionUse.Ignore ? null : _graph.Reads.Version[read];
        var missing = _graph.Values[value].Value is null;

        if (writers.Length == 1 && !missing)
        {
            JudgeVersion(node, read, writers[0]);
            return writers[0];
        }

        if (version is not null && _byVersion.TryGetValue((value, version), out var named))
        {
            return named;
        }

        if (version is not null && _byVersion.TryGetValue((value, null), out var unnamed))
        {
            return unnamed;
        }

        if (version is not null && _versions == VersionUse.Judge)
        {
            return ReportThinAir(node, read);
        }

        return (writers.Length, missing) switch
        {
            (0, true) => Graph.Initial,
            (0, false) => ReportThinAir(node, read),
            _ => Graph.Open,
        };
    }

    private void JudgeVersion(int node, int read, int writer)
    {
        if (_versions == VersionUse.Judge
            && _graph.Reads.Version[read] is { } shown
            && _graph.VersionOf[writer] is { } given
            && shown != given)
        {
            _findings.Report(
                ViolationKind.WrongVersion,
                Promises.Versions,
                () => _teller.WrongVersion(node, read, writer));
        }
    }

    private int ReportThinAir(int node, int read)
    {
        if (_graph.Overwritten.TryGetValue(_graph.Reads.Value[read], out var writer))
        {
            _findings.Report(
                ViolationKind.HalfOfAWrite,
                NeverWritten | Promises.AtomicVisibility,
                () => _teller.HalfOfAWrite(node, read, writer));
        }
        else
        {
            _findings.Report(ViolationKind.ThinAirRead, NeverWritten, () => _teller.ThinAir(node, read));
        }

        return Graph.Dropped;
    }
}
