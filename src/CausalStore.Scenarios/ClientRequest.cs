using System.Text;
using CausalStore.Protocol;

namespace CausalStore.Scenarios;

public enum RequestVerb
{
    Write,
    Read,
    Scan,
    Watch,
    Unwatch,
}

/// <summary>What a client asks for: the line, and what it says.</summary>
/// <param name="Keys">Those that are read, or the one prefix that is watched or scanned.</param>
/// <param name="Changes">What a write changes; null deletes.</param>
public sealed record ClientRequest(
    string Line, RequestVerb Verb, IReadOnlyList<string> Keys,
    IReadOnlyList<(string Key, string? Value)> Changes)
{
    /// <exception cref="ProtocolException">It is none, or none that a scenario has.</exception>
    public static ClientRequest Parse(string line)
    {
        var words = new WordSplitter().Split(Encoding.UTF8.GetBytes(line));

        if (words.Count == 0)
        {
            throw ProtocolException.Syntax("what the client does is missing, as in: write x lost");
        }

        if (Operations.IsVerb(words[0]))
        {
            return new ClientRequest(line, RequestVerb.Write, [], ChangesOf(words));
        }

        if (words[0].SequenceEqual("read"u8))
        {
            words.Required(1, "the key to read");
            return new ClientRequest(line, RequestVerb.Read, KeysOf(words), []);
        }

        return RequestParser.Parse(words) switch
        {
            Request.Scan scan => Of(RequestVerb.Scan, scan.Prefix),
            Request.Watch watch => Of(RequestVerb.Watch, watch.Prefix),
            Request.Unwatch unwatch => Of(RequestVerb.Unwatch, unwatch.Prefix),
            _ => throw ProtocolException.Syntax(
                "a client reads, writes, deletes, scans, watches and unwatches; there is no more to it"),
        };

        ClientRequest Of(RequestVerb verb, byte[] prefix) =>
            new(line, verb, [Encoding.UTF8.GetString(prefix)], []);
    }

    private static List<(string Key, string? Value)> ChangesOf(Words words)
    {
        List<(string Key, string? Value)> changes = [];

        foreach (var operation in new Operations(words, first: 0))
        {
            changes.Add((Text(operation.Key), operation.IsDelete ? null : Text(operation.Value)));
        }

        return changes;
    }

    private static List<string> KeysOf(Words words)
    {
        List<string> keys = [];

        for (int index = 1; index < words.Count; index++)
        {
            keys.Add(Text(Operations.CheckedKey(words[index])));
        }

        return keys;
    }

    private static string Text(ReadOnlySpan<byte> word) => Encoding.UTF8.GetString(word);
}
