namespace CausalStore.Checking.Judging;

// What an operation did, in a few words: all of a short one, of a long one only the keys that matter.
internal static class OperationText
{
    private const int PartsMax = 4;

    public static string Of(IReadOnlyList<HistoryStep> steps, HashSet<Bytes> matters)
        => steps is [HistoryStep.Scan scan]
            ? $"scanned \"{scan.Prefix}\" and saw " + Join(Seen(scan, matters), matters, "nothing")
            : Join([.. steps.Select(Part)], matters, "");

    public static string Shown(Bytes key, Bytes? value)
        => value is { } some ? $"{key} = {some}" : $"{key} missing";

    private static string Join(List<(Bytes Key, string Text)> parts, HashSet<Bytes> matters, string none)
    {
        var chosen = parts.Count <= PartsMax
            ? parts
            : [.. parts.OrderBy(part => matters.Contains(part.Key) ? 0 : 1).Take(PartsMax)];
        var more = parts.Count > chosen.Count ? $" and {parts.Count - chosen.Count} more" : "";

        return parts.Count == 0 ? none : string.Join(", ", chosen.Select(part => part.Text)) + more;
    }

    private static List<(Bytes Key, string Text)> Seen(HistoryStep.Scan scan, HashSet<Bytes> matters)
    {
        var rows = scan.Rows.Select(row => (row.Key, Shown(row.Key, row.Value))).ToList();
        var absent = matters.Where(
            key => key.StartsWith(scan.Prefix) && scan.Rows.All(row => row.Key != key));

        return [.. absent.Select(key => (key, Shown(key, null))), .. rows];
    }

    private static (Bytes Key, string Text) Part(HistoryStep step) => step switch
    {
        HistoryStep.Write write => (write.Key, $"wrote {write.Key} = {write.Value}" + At(write.Version)),
        HistoryStep.Delete delete => (delete.Key, $"deleted {delete.Key}" + At(delete.Version)),
        HistoryStep.Read read => (read.Key, $"read {Shown(read.Key, read.Value)}" + At(read.Version)),
        HistoryStep.Push push => (push.Key, $"was pushed {Shown(push.Key, push.Value)}" + At(push.Version)),
        HistoryStep.Scan scan => (scan.Prefix, $"scanned \"{scan.Prefix}\""),
        _ => (default, ""),
    };

    private static string At(HistoryVersion? version) => version is { } some ? $" ({some})" : "";
}
