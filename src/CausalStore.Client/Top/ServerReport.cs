using System.Globalization;
using System.Text;
using CausalStore.Protocol;

namespace CausalStore.Client.Top;

/// <summary>What one server said of itself at one moment: its answers to <c>status</c>, <c>members</c> and
/// <c>pending</c>. What another version of it says otherwise is not there.</summary>
internal sealed class ServerReport
{
    private readonly Dictionary<string, string> _status = [];

    private ServerReport()
    {
    }

    public required ServerId Id { get; init; }

    public required IReadOnlyList<MemberLine> Members { get; init; }

    /// <summary>Nothing where more waits than anybody wants to see.</summary>
    public IReadOnlyList<DelayedLine> Pending { get; private set; } = [];

    public Context Applied { get; private set; } = Context.Empty;

    /// <summary>What is wrong with the lines to others, by their id; nothing where nothing is.</summary>
    public IReadOnlyDictionary<ServerId, string> Faults { get; private set; } =
        new Dictionary<ServerId, string>();

    public string this[string name] => _status.GetValueOrDefault(name, "");

    /// <summary>Null: it is not told, or no number.</summary>
    public double? Number(string name) =>
        double.TryParse(this[name], NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
            ? number
            : null;

    /// <summary>Up to which timestamp it has all of a server's writes.</summary>
    public long Watermark(ServerId origin)
    {
        foreach (var version in Applied.UpTo)
        {
            if (version.Origin == origin)
            {
                return version.Timestamp;
            }
        }

        return 0;
    }

    /// <summary>Null: that is no server of ours.</summary>
    public static ServerReport? Of(Reply status, Reply members)
    {
        var pairs = Lines(status).Select(line => line.Split(' ', 2)).Where(pair => pair.Length == 2).ToList();
        string? own = pairs.Find(pair => pair[0] == "server")?[1];

        if (!ServerId.TryParse(Encoding.UTF8.GetBytes(own ?? ""), out var id))
        {
            return null;
        }

        ServerReport report = new()
        {
            Id = id,
            Members = [.. Lines(members).Select(Member).OfType<MemberLine>()],
        };

        foreach (string[] pair in pairs)
        {
            report._status.TryAdd(pair[0], pair[1]);
        }

        report.Applied = Context.TryParse(Encoding.UTF8.GetBytes(report["applied"]), out var applied)
            ? applied
            : Context.Empty;
        report.Faults = FaultsOf(pairs);
        return report;
    }

    public void Add(Reply pending) => Pending = [.. Lines(pending).Select(Delayed).OfType<DelayedLine>()];

    private static IEnumerable<string> Lines(Reply reply) => reply.Error is null
        ? reply.Lines.SkipLast(1).Select(line => Readable.Line(line.Bytes.Span))
        : [];

    private static MemberLine? Member(string line) =>
        line.Split(' ', 5) is ["member", var word, _, var address, var link]
        && ServerId.TryParse(Encoding.UTF8.GetBytes(word), out var id)
            ? new MemberLine(id, ServerAddress.TryParse(Encoding.UTF8.GetBytes(address), "", out var known)
                && known is { Listens: true, Host.Length: > 0 } ? known : null, link.Split(';')[0])
            : null;

    private static DelayedLine? Delayed(string line) =>
        line.Split(' ', 5) is ["delayed", var version, var seconds, var needs, var operations]
            ? new DelayedLine(version, seconds, needs, operations)
            : null;

    /// <summary><c>link.3 127.0.0.1:60003 for 8.4 s, dialled, cut</c>: what stands behind the
    /// last comma, unless that is how the connection came about.</summary>
    private static Dictionary<ServerId, string> FaultsOf(IEnumerable<string[]> pairs)
    {
        Dictionary<ServerId, string> faults = [];

        foreach (string[] pair in pairs)
        {
            string[] parts = pair[1].Split(", ");

            if (pair[0].StartsWith("link.", StringComparison.Ordinal)
                && ServerId.TryParse(Encoding.UTF8.GetBytes(pair[0]["link.".Length..]), out var id)
                && parts.Length > 1 && parts[^1] != "dialled")
            {
                faults[id] = parts[^1];
            }
        }

        return faults;
    }
}
