using CausalStore.Protocol;
using CausalStore.Terminal;

namespace CausalStore.Client.Shell;

/// <summary>Replies of many lines, as tables for people.</summary>
internal static class ReplyTable
{
    /// <summary>The first row has the headings; null: it is told in sentences.</summary>
    public static IReadOnlyList<string>? Of(RequestLine request, Reply reply, int columns)
    {
        if (reply.Error is not null || reply.Lines.Count < 2)
        {
            return null;
        }

        return request.Kind == RequestKind.Scan
            ? OfScan(reply, columns)
            : ReportTable.Of(
                request.Verb,
                [.. reply.Lines.SkipLast(1).Select(line => Readable.Line(line.Bytes.Span))],
                columns);
    }

    private static List<string> OfScan(Reply reply, int columns)
    {
        Table table = new("KEY", "VALUE", "VERSION");

        foreach (var line in reply.Lines)
        {
            if (line.Meaning is Response.Value(var key, var value, var version))
            {
                table.Add(Readable.Of(key), Readable.Of(value), $"{version}");
            }
        }

        return [.. table.Lines(columns)];
    }
}
