using System.Text;
using CausalStore.Protocol;
using CausalStore.Terminal;

namespace CausalStore.Client.Shell;

/// <summary>What Tab offers: requests, keys of the store, servers. Keys that it shows are scanned, so they
/// count as seen.</summary>
/// <param name="ask">Asks the server; null: it does not answer, or not soon enough.</param>
internal sealed class Completer(Func<RequestLine, CancellationToken, Task<Reply?>> ask)
{
    /// <summary>Keys that are asked for at once.</summary>
    private const int KeysMax = 100;

    private static readonly string[] Verbs =
    [
        "read", "write", "delete", "scan", "watch", "unwatch", "await", "expect", "final", "context",
        "pending", "why", "history", "conflicts", "trace", "status", "members", "link", "forget", "ping",
        "help", "quit",
    ];

    private static readonly string[] Actions = ["cut", "delay", "heal", "step"];

    /// <param name="before">What stands before the cursor.</param>
    public async Task<Completion?> CompleteAsync(string before, CancellationToken stop)
    {
        if (TypedWords.Of(before) is not { } typed)
        {
            return null;
        }

        return Place.Of(typed.Whole) switch
        {
            Expected.Verb => Among(typed, Verbs),
            Expected.ReadOrScan => Among(typed, ["read", "scan"]),
            Expected.WriteOrDelete => Among(typed, ["write", "delete"]),
            Expected.Action => Among(typed, Actions),
            Expected.Topic => Among(typed, Help.Names),
            Expected.Key => await AmongKeysAsync(typed, stop),
            Expected.Server => Among(typed, await ServersAsync(stop)),
            _ => null,
        };
    }

    private static Completion? Among(TypedWords typed, IEnumerable<string> words, bool mayHaveMore = false)
    {
        var candidates = words.Where(word => word.StartsWith(typed.Begun, StringComparison.Ordinal)).ToList();

        if (candidates.Count == 0)
        {
            return null;
        }

        string[] shown = [.. candidates.Select(word => Readable.Of(Encoding.UTF8.GetBytes(word)))];

        if (candidates.Count == 1 && !mayHaveMore)
        {
            string only = typed.IsQuoted ? Quoted(candidates[0]) : shown[0];
            return new Completion(typed.Start, only + " ", shown);
        }

        // Those that were not asked for may have less in common.
        string common = mayHaveMore ? typed.Begun : InCommon(candidates);
        bool mustQuote = typed.IsQuoted || shown.Any(word => word.StartsWith('"'));
        string text = common == typed.Begun ? typed.Last : mustQuote ? Quoted(common)[..^1] : common;
        return new Completion(typed.Start, text, shown);
    }

    private async Task<Completion?> AmongKeysAsync(TypedWords typed, CancellationToken stop)
    {
        if (await ask(RequestLine.Of("scan", typed.Begun, $"{KeysMax}"), stop) is not { Error: null } reply)
        {
            return null;
        }

        var keys = reply.Lines.Select(line => line.Meaning).OfType<Response.Value>().ToList();
        return Among(
            typed,
            keys.Select(found => found.Key).Where(CanBeTyped).Select(key => Encoding.UTF8.GetString(key)),
            mayHaveMore: keys.Count >= KeysMax);
    }

    private async Task<IEnumerable<string>> ServersAsync(CancellationToken stop)
    {
        var reply = await ask(RequestLine.Of("members"), stop);
        return reply is not { Error: null }
            ? []
            : reply.Lines.Select(line => Encoding.UTF8.GetString(line.Bytes.Span).Split(' '))
                .Where(words => words is ["member", _, ..] && words[^1] != "server")
                .Select(words => words[1]);
    }

    /// <summary>Not what is no text, nor what a terminal would obey, nor what nobody wants to see.</summary>
    private static bool CanBeTyped(byte[] key) =>
        Readable.Line(key) == Encoding.UTF8.GetString(key)
        && !Readable.Of(key).EndsWith(" bytes)", StringComparison.Ordinal);

    private static string Quoted(string word)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(word);
        byte[] quoted = new byte[Quoting.QuotedBytesMax(bytes.Length)];
        return Encoding.UTF8.GetString(quoted, 0, Quoting.Quote(bytes, quoted));
    }

    private static string InCommon(List<string> words)
    {
        int length = words.Min(word => word.Length);
        string first = words[0];

        while (!words.TrueForAll(word => word.AsSpan(0, length).SequenceEqual(first.AsSpan(0, length))))
        {
            length--;
        }

        return first[..(length > 0 && char.IsHighSurrogate(first[length - 1]) ? length - 1 : length)];
    }
}
