using System.Globalization;
using System.Text;
using CausalStore.Protocol;

namespace CausalStore.Client.Shell;

/// <summary>How the lines of <c>history</c> and <c>conflicts</c> read to a person.</summary>
internal static class ReportPhrases
{
    /// <summary>Null: not such a line, or one of a server that says it otherwise.</summary>
    public static string? Of(RequestLine request, ReadOnlySpan<byte> line)
    {
        if (request.Verb is not ("history" or "conflicts"))
        {
            return null;
        }

        try
        {
            var words = new WordSplitter().Split(line);
            return request.Verb == "history" ? OfVersion(words) : OfConflicts(words);
        }
        catch (ProtocolException)
        {
            return null;
        }
    }

    /// <summary><c>version VERSION SECONDS FATE WINNER ORDER OP</c></summary>
    private static string? OfVersion(Words words)
    {
        if (words.Count < 8 || !words[0].SequenceEqual("version"u8))
        {
            return null;
        }

        string version = Plain(words[1]);
        string did = words.Count < 9
            ? $"{version} deleted {Readable.Of(words[7])}"
            : $"{version} wrote {Readable.Of(words[7])} = {Readable.Of(words[8])}";
        string since = Plain(words[2]);
        string when = since == "-" ? "" : $", which came {Seconds(since)} ago";
        string winner = Plain(words[4]);
        string how = How(Plain(words[5]));

        return Plain(words[3]) switch
        {
            "current" => $"{did}{when}: that is what it holds now",
            "delayed" => $"{did}, and waits since {Seconds(since)}: 'why {version}' tells for what",
            "replaced" => $"{did}{when}: {winner} took its place, {how}",
            "lost" => $"{did}{when}, too late to be shown: {winner} was there already, {how}",
            _ => null,
        };
    }

    /// <summary><c>unseen COUNT unknown COUNT</c>, <c>conflict WINNER LOSER SECONDS KEY</c></summary>
    private static string? OfConflicts(Words words) => words.Count switch
    {
        4 when words[0].SequenceEqual("unseen"u8) =>
            $"{Times(words[1])} a write was overwritten by somebody who had not seen it, since this server "
            + $"started; {Times(words[3])} that cannot be told",
        5 when words[0].SequenceEqual("conflict"u8) =>
            $"{Readable.Of(words[4])}: {Plain(words[1])} took the place of {Plain(words[2])} unseen, "
            + $"{Seconds(Plain(words[3]))} ago",
        _ => null,
    };

    private static string How(string order) => order switch
    {
        "seen" => "having seen it",
        "in-order" => "later at the same server",
        "shown" => "where it was shown; whether its writer had looked is not recorded",
        "unseen" => "without having seen it: they were concurrent",
        _ => "and whether it had seen it cannot be told any more",
    };

    private static string Times(ReadOnlySpan<byte> count) =>
        count.SequenceEqual("1"u8) ? "once" : $"{Plain(count)} times";

    private static string Seconds(string seconds) =>
        double.TryParse(seconds, NumberStyles.Float, CultureInfo.InvariantCulture, out double value)
            ? $"{value.ToString("0.#", CultureInfo.InvariantCulture)} s"
            : $"{seconds} s";

    private static string Plain(ReadOnlySpan<byte> word) => Readable.Line(Encoding.UTF8.GetString(word));
}
