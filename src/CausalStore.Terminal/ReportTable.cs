namespace CausalStore.Terminal;

/// <summary>What a server says of itself, as tables for people.</summary>
public static class ReportTable
{
    /// <summary>Rows for the answer to <c>members</c>, <c>pending</c> or <c>status</c>; null: it looks like
    /// something else, and is shown as it is.</summary>
    /// <param name="lines">Without the <c>end COUNT</c>, fit for a terminal.</param>
    public static IReadOnlyList<string>? Of(string request, IReadOnlyList<string> lines, int columns) =>
        request switch
        {
            "members" => Members(lines)?.Lines(columns).ToList(),
            "pending" when lines.Count > 0 => Pending(lines)?.Lines(columns).ToList(),
            "status" => Status(lines, columns),
            _ => null,
        };

    private static Table? Members(IReadOnlyList<string> lines)
    {
        Table table = new(">SERVER", "ADDRESS", "LINK", "INSTANCE", "STANDING");

        foreach (string line in lines)
        {
            string[] words = line.Split(' ', 5);

            if (words is ["forgotten", var gone])
            {
                table.Add(gone, "-", "forgotten", "-", "");
            }
            else if (words is ["member", var own, var ownInstance, ("joined" or "waiting") and var state,
                "this server"])
            {
                table.Add(own, "this server", state, ownInstance, "");
            }
            else if (line.Split(' ', 5) is ["member", var id, var instance, var address, var link])
            {
                string[] parts = link.Split("; ", 2);
                table.Add(id, address, parts[0], instance, parts.ElementAtOrDefault(1) ?? "");
            }
            else
            {
                return null;
            }
        }

        return table;
    }

    private static Table? Pending(IReadOnlyList<string> lines)
    {
        Table table = new("WRITE", ">WAITS", "NEEDS", "OPERATIONS");

        foreach (string line in lines)
        {
            if (line.Split(' ', 5) is not ["delayed", var version, var seconds, var needs, var operations])
            {
                return null;
            }

            table.Add(version, $"{seconds} s", needs, operations);
        }

        return table;
    }

    private static List<string>? Status(IReadOnlyList<string> lines, int columns)
    {
        var pairs = lines.Select(line => line.Split(' ', 2)).ToList();

        if (pairs.Count == 0 || pairs.Exists(pair => pair.Length < 2))
        {
            return null;
        }

        int names = pairs.Max(pair => pair[0].Length) + 2;
        List<string> rows = [];

        foreach (string[] pair in pairs)
        {
            var values = TextColumns.Wrap(pair[1], Math.Max(20, columns - names));
            rows.AddRange(values.Select(
                (value, index) => (index == 0 ? pair[0] : "").PadRight(names) + value));
        }

        return rows;
    }
}
