using System.Globalization;
using CausalStore.Terminal;

namespace CausalStore.Client.Top;

/// <summary>One row of what is shown.</summary>
/// <param name="Colour">Null: as it is.</param>
internal readonly record struct Row(string Text, ConsoleColor? Colour = null);

/// <summary>A whole cluster in rows, for a terminal or a file.</summary>
internal static class TopText
{
    private const string None = "-";

    /// <summary>In a narrower terminal only the first columns are shown.</summary>
    private const int AllColumns = 72;

    private const int FewColumns = 6;
    private const ConsoleColor Heading = ConsoleColor.DarkGray;
    private const ConsoleColor Wrong = ConsoleColor.Red;
    private const ConsoleColor Doubtful = ConsoleColor.Yellow;

    /// <param name="when">The time of day, and what else is to be known of the round.</param>
    /// <param name="columns">How wide it may be.</param>
    public static IReadOnlyList<Row> Rows(ClusterView view, string when, int columns)
    {
        Row[] rows =
        [
            new(Title(view, when), ConsoleColor.Green),
            .. Servers(view, columns), .. Troubles(view), .. Links(view), .. Behind(view, columns),
            .. Waiting(view, columns),
        ];
        return [.. rows.Select(row => row with { Text = TextColumns.Fit(row.Text, columns) })];
    }

    /// <summary>A length of time for people.</summary>
    public static string Span(TimeSpan time) => time switch
    {
        { TotalSeconds: < 100 } => $"{time.TotalSeconds:0.#} s",
        { TotalMinutes: < 100 } => $"{time.TotalMinutes:0} m",
        { TotalHours: < 48 } => $"{time.TotalHours:0} h",
        _ => $"{time.TotalDays:0} d",
    };

    private static string Title(ClusterView view, string when)
    {
        string[] clusters = [.. view.Reports.Select(report => report["cluster"]).Distinct()];
        int down = view.Servers.Count(server => server.Report is null);
        string cluster = clusters.Length switch
        {
            0 => "no cluster",
            1 => $"cluster {clusters[0]}",
            _ => $"{clusters.Length} clusters: {string.Join(", ", clusters)}",
        };
        string servers = view.Servers.Count == 1 ? "1 server" : $"{view.Servers.Count} servers";
        return $"{cluster}, {servers}{(down > 0 ? $", {down} down" : "")}  {when}";
    }

    private static IEnumerable<Row> Servers(ClusterView view, int columns)
    {
        string[] headings =
            [">ID", "ADDRESS", "STATE", ">KEYS", ">REQ/S", ">WAITS", ">UP", ">WRITE/S", ">IN/S", ">OUT/S"];
        int shown = columns < AllColumns ? FewColumns : headings.Length;
        Table table = new(headings[..shown]);

        foreach (var server in view.Servers)
        {
            table.Add(Cells(server)[..shown]);
        }

        return table.Lines(columns).Select((line, index) => new Row(
            line,
            index == 0 ? Heading
                : view.Servers[index - 1].Report is not { } report ? Wrong
                : report["state"] != "serving" || report["consistency"] == "eventual" ? Doubtful
                : null));
    }

    private static string[] Cells(ServerView server)
    {
        string id = server.Id is { } known ? $"{known}" : "?";

        if (server.Report is not { } report)
        {
            return [id, $"{server.Address}", "down", None, None, None, None, None, None, None];
        }

        string state = report["consistency"] == "eventual" ? "eventual" : report["state"];
        string up = report.Number("uptime") is { } seconds ? Span(TimeSpan.FromSeconds(seconds)) : None;
        var rates = server.Rates;
        return
        [
            id, $"{server.Address}", state, Number(report.Number("keys")), Rate(rates?.Requests),
            Number(report.Number("delayed")), up, Rate(rates?.Writes), Rate(rates?.Received),
            Rate(rates?.Sent),
        ];
    }

    /// <summary>What is wrong with a server, or cannot be seen in a number.</summary>
    private static IEnumerable<Row> Troubles(ClusterView view)
    {
        foreach (var server in view.Servers)
        {
            string name = server.Id is { } id ? $"server {id}" : $"{server.Address}";

            if (server.Report is not { } report)
            {
                yield return new Row($"{name} is down for {Span(server.DownFor)}: {server.Failure}", Wrong);
                continue;
            }

            foreach (string told in new[] { "catching-up", "settlement", "refused" })
            {
                if (report[told].Length > 0)
                {
                    yield return new Row($"{name} {told}: {report[told]}", Doubtful);
                }
            }

            if (report["waiting"].Length > 0)
            {
                yield return new Row(report["waiting"], Doubtful);
            }
        }
    }

    private static IEnumerable<Row> Links(ClusterView view)
    {
        bool isAnyone = false;

        foreach (var report in view.Reports)
        {
            var ends = report.Members.Where(member => member.Id != report.Id).ToList();

            if (ends.Count == 0)
            {
                continue;
            }

            if (!isAnyone)
            {
                yield return new Row("");
                yield return new Row("LINKS", Heading);
                isAnyone = true;
            }

            bool isWhole = ends.TrueForAll(end => How(report, end).Length == 0);
            string text = string.Join(", ", ends.Select(end => $"{end.Id}{How(report, end)}"));
            yield return new Row($"{report.Id} to {text}", isWhole ? null : Doubtful);
        }
    }

    private static string How(ServerReport from, MemberLine to) =>
        (to.Link == "connected" ? "" : $" {to.Link}")
        + (from.Faults.TryGetValue(to.Id, out string? fault) ? $" {fault}" : "");

    private static IEnumerable<Row> Behind(ClusterView view, int columns)
    {
        if (view.Lags.Count == 0)
        {
            return [];
        }

        Table table = new(">SERVER", "LACKS OF", ">HAS TO", ">NEWEST", ">FOR");

        foreach (var lag in view.Lags)
        {
            table.Add(
                $"{lag.Server}", $"server {lag.Origin}", $"{lag.Has}", $"{lag.Newest}", Span(lag.For));
        }

        return Section(table, columns);
    }

    private static IEnumerable<Row> Waiting(ClusterView view, int columns)
    {
        Table table = new(">AT", "WRITE", ">WAITS", "NEEDS", "OPERATIONS");

        foreach (var report in view.Reports)
        {
            foreach (var delayed in report.Pending)
            {
                table.Add(
                    $"{report.Id}", delayed.Version, $"{delayed.Seconds} s", delayed.Needs,
                    delayed.Operations);
            }
        }

        double waiting = view.Reports.Sum(report => report.Number("delayed") ?? 0);

        return table.Count > 0 ? Section(table, columns)
            : view.Lags.Count == 0 && waiting == 0 && view.Reports.Any()
                ? [new Row(""), new Row("Nobody who answers lacks anything, and nothing waits.")]
            : [];
    }

    private static IEnumerable<Row> Section(Table table, int columns) =>
        table.Lines(columns).Select((line, index) => new Row(line, index == 0 ? Heading : null))
            .Prepend(new Row(""));

    private static string Rate(double? rate) => rate is { } known ? Number(known) : None;

    private static string Number(double? number) => number switch
    {
        null => None,
        < 9.95 and not 0 when number % 1 != 0 => number.Value.ToString("0.0", CultureInfo.InvariantCulture),
        < 100_000 => number.Value.ToString("0", CultureInfo.InvariantCulture),
        < 10_000_000 => (number.Value / 1_000).ToString("0k", CultureInfo.InvariantCulture),
        _ => (number.Value / 1_000_000).ToString("0M", CultureInfo.InvariantCulture),
    };
}
