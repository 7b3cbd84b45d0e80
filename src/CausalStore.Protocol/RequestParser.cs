using System.Buffers.Text;
using System.Text;

namespace CausalStore.Protocol;

/// <summary>Words to <see cref="Request"/>.</summary>
public static class RequestParser
{
    private const int DelayMillisecondsMax = 24 * 60 * 60 * 1000;

    /// <exception cref="ProtocolException">No such request; the text says what it should be.</exception>
    public static Request Parse(Words words)
    {
        var verb = words[0];

        return verb switch
        {
            _ when verb.SequenceEqual("hello"u8) => Hello(words),
            _ when verb.SequenceEqual("scan"u8) => Scan(words),
            _ when verb.SequenceEqual("watch"u8) => new Request.Watch(Prefix(words, "watch PREFIX")),
            _ when verb.SequenceEqual("unwatch"u8) => new Request.Unwatch(Prefix(words, "unwatch PREFIX")),
            _ when verb.SequenceEqual("context"u8) => ContextRequest(words),
            _ when verb.SequenceEqual("pending"u8) => Alone(words, "pending", new Request.Pending()),
            _ when verb.SequenceEqual("why"u8) => Why(words),
            _ when verb.SequenceEqual("history"u8) => History(words),
            _ when verb.SequenceEqual("conflicts"u8) => Alone(words, "conflicts", new Request.Conflicts()),
            _ when verb.SequenceEqual("trace"u8) => Alone(words, "trace", new Request.Trace()),
            _ when verb.SequenceEqual("status"u8) => Alone(words, "status", new Request.Status()),
            _ when verb.SequenceEqual("members"u8) => Alone(words, "members", new Request.Members()),
            _ when verb.SequenceEqual("link"u8) => Link(words),
            _ when verb.SequenceEqual("forget"u8) => Forget(words),
            _ when verb.SequenceEqual("ping"u8) => Alone(words, "ping", new Request.Ping()),
            _ when verb.SequenceEqual("quit"u8) => Alone(words, "quit", new Request.Quit()),
            _ => throw Unknown(verb),
        };
    }

    private static ProtocolException Unknown(ReadOnlySpan<byte> verb)
    {
        var shown = verb[..Math.Min(verb.Length, 40)];
        return new ProtocolException(
            ErrorCode.UnknownCommand,
            $"'{Text(shown)}' is no command; there are read, write, delete, scan, watch, unwatch, context, "
            + "pending, why, history, conflicts, trace, status, members, link, forget, hello, ping and quit");
    }

    private static Request Alone(Words words, string usage, Request request)
    {
        words.NoMoreThan(1, usage);
        return request;
    }

    private static Request.Hello Hello(Words words)
    {
        const string Usage = "hello client NAME [CLUSTER]";

        if (words.Count < 3 || !words[1].SequenceEqual("client"u8))
        {
            throw ProtocolException.Syntax($"it is: {Usage} (a server says hello in its first line)");
        }

        words.NoMoreThan(4, Usage);
        return new Request.Hello(Text(words[2]), words.Count == 4 ? Cluster(words[3]) : null);
    }

    /// <summary>A client that was welcomed by a server without a cluster says what it was told.</summary>
    private static string? Cluster(ReadOnlySpan<byte> word) => word.SequenceEqual("-"u8) ? null : Text(word);

    private static Request.Scan Scan(Words words)
    {
        words.NoMoreThan(4, "scan PREFIX [LIMIT [AFTER]]");
        byte[] prefix = words.Required(1, "the prefix (\"\" is every key)").ToArray();
        int limit = words.Count < 3
            ? Request.Scan.LimitMax
            : Number(words[2], 1, Request.Scan.LimitMax, "the limit");
        return new Request.Scan(prefix, limit, words.Count < 4 ? null : words[3].ToArray());
    }

    private static byte[] Prefix(Words words, string usage)
    {
        words.NoMoreThan(2, usage);
        return words.Required(1, "the prefix (\"\" is every key)").ToArray();
    }

    private static Request ContextRequest(Words words)
    {
        words.NoMoreThan(2, "context [CONTEXT]");
        return words.Count == 1 ? new Request.GetContext() : new Request.SetContext(Context.Parse(words[1]));
    }

    private static Request.Why Why(Words words)
    {
        words.NoMoreThan(2, "why KEY, or why VERSION");
        return new Request.Why(Operations.CheckedKey(words.Required(1, "a key or a version")).ToArray());
    }

    private static Request.History History(Words words)
    {
        words.NoMoreThan(2, "history KEY");
        return new Request.History(Operations.CheckedKey(words.Required(1, "the key")).ToArray());
    }

    private static Request.Link Link(Words words)
    {
        const string Usage = "link SERVER cut | delay MILLISECONDS | heal | step [N]";
        var server = Server(words.Required(1, "the server's id"));
        var action = words.Required(2, "cut, delay, heal or step");
        bool isAlone = action.SequenceEqual("cut"u8) || action.SequenceEqual("heal"u8);
        words.NoMoreThan(isAlone ? 3 : 4, Usage);

        return action switch
        {
            _ when action.SequenceEqual("cut"u8) => new Request.Link(server, LinkAction.Cut, 0),
            _ when action.SequenceEqual("heal"u8) => new Request.Link(server, LinkAction.Heal, 0),
            _ when action.SequenceEqual("delay"u8) => new Request.Link(
                server, LinkAction.Delay,
                Number(words.Required(3, "the milliseconds"), 0, DelayMillisecondsMax, "the delay")),
            _ when action.SequenceEqual("step"u8) => new Request.Link(
                server, LinkAction.Step,
                words.Count < 4 ? 1 : Number(words[3], 1, int.MaxValue, "the number of writes")),
            _ => throw ProtocolException.Syntax($"it is: {Usage}"),
        };
    }

    private static Request.Forget Forget(Words words)
    {
        words.NoMoreThan(2, "forget SERVER");
        return new Request.Forget(Server(words.Required(1, "the server's id")));
    }

    private static ServerId Server(ReadOnlySpan<byte> word) =>
        ServerId.TryParse(word, out var id)
            ? id
            : throw ProtocolException.Syntax("a server's id is a number from 1 to 65535");

    private static int Number(ReadOnlySpan<byte> word, int min, int max, string what)
    {
        bool isNumber = Utf8Parser.TryParse(word, out int number, out int used) && used == word.Length
            && word[0] != '+';
        return isNumber && number >= min && number <= max
            ? number
            : throw ProtocolException.Syntax($"{what} is a number from {min} to {max}");
    }

    private static string Text(ReadOnlySpan<byte> word) => Encoding.UTF8.GetString(word);
}
