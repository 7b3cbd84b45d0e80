using CausalStore.Protocol;

namespace CausalStore.Client;

/// <summary>What a request is to a client: how its reply ends, and whether it may be asked twice.</summary>
internal enum RequestKind
{
    /// <summary>A line per key.</summary>
    Read,

    /// <summary><c>write</c> and <c>delete</c>.</summary>
    Write,

    /// <summary>Lines up to <c>end COUNT</c>, each of which counts as read.</summary>
    Scan,

    /// <summary>Lines for people up to <c>end COUNT</c>: <c>pending</c>, <c>why</c>, <c>status</c>,
    /// <c>members</c>.</summary>
    Report,

    Watch,

    Unwatch,

    GetContext,

    SetContext,

    Hello,

    Ping,

    /// <summary>No reply: the connection is closed.</summary>
    Quit,

    /// <summary>One line; it changes something, or is not known here.</summary>
    Other,
}

/// <summary>One request, ready to be sent.</summary>
internal sealed class RequestLine
{
    private RequestLine(byte[] wire, RequestKind kind, int words)
    {
        Wire = wire;
        Kind = kind;
        ReadKeys = kind == RequestKind.Read ? Math.Max(1, words - 1) : 0;
    }

    /// <summary>The line with its LF.</summary>
    public ReadOnlyMemory<byte> Wire { get; }

    public RequestKind Kind { get; }

    /// <summary>The lines that answer a <see cref="RequestKind.Read"/>; 0 for every other kind.</summary>
    public int ReadKeys { get; }

    /// <summary>What is watched, or no longer.</summary>
    public Word Prefix { get; private init; }

    /// <summary>What <c>context CONTEXT</c> names.</summary>
    public Context Context { get; private init; } = Context.Empty;

    public bool EndsWithCount => Kind is RequestKind.Scan or RequestKind.Report;

    /// <summary>Whether asking a second time, perhaps another server, does no harm.</summary>
    public bool IsRepeatable => Kind is not (RequestKind.Write or RequestKind.Other);

    /// <summary>Reads a line without its end.</summary>
    /// <exception cref="ProtocolException">Its words cannot be told apart, or it has none.</exception>
    public static RequestLine Parse(ReadOnlySpan<byte> line)
    {
        var words = new WordSplitter().Split(line);

        if (words.Count == 0)
        {
            throw ProtocolException.Syntax("an empty line is no request");
        }

        var kind = KindOf(words);
        bool isWatch = kind is RequestKind.Watch or RequestKind.Unwatch;
        bool setsContext = kind == RequestKind.SetContext;
        return new RequestLine([.. line, (byte)'\n'], kind, words.Count)
        {
            Prefix = isWatch && words.Count > 1 ? words[1].ToArray() : default(Word),
            Context = setsContext && Context.TryParse(words[1], out var context) ? context : Context.Empty,
        };
    }

    /// <summary>A line that a script wrote; what is wrong with it, the server will say.</summary>
    public static RequestLine AsTyped(ReadOnlySpan<byte> line)
    {
        try
        {
            return Parse(line);
        }
        catch (ProtocolException) when (line.ContainsAnyExcept((byte)' ') && !line.Contains((byte)'\n'))
        {
            return new RequestLine([.. line, (byte)'\n'], RequestKind.Other, words: 1);
        }
    }

    /// <summary>Each word is quoted where it must be.</summary>
    public static RequestLine Of(params IEnumerable<Word> words)
    {
        OutputBuffer line = new();

        foreach (var word in words)
        {
            _ = line.IsEmpty ? line : line.Space();
            line.AppendWord(word.Bytes);
        }

        return Parse(line.Written);
    }

    private static RequestKind KindOf(Words words) => words[0] switch
    {
        var verb when verb.SequenceEqual("read"u8) => RequestKind.Read,
        var verb when Operations.IsVerb(verb) => RequestKind.Write,
        var verb when verb.SequenceEqual("scan"u8) => RequestKind.Scan,
        var verb when verb.SequenceEqual("watch"u8) => RequestKind.Watch,
        var verb when verb.SequenceEqual("unwatch"u8) => RequestKind.Unwatch,
        var verb when verb.SequenceEqual("context"u8) =>
            words.Count == 1 ? RequestKind.GetContext : RequestKind.SetContext,
        var verb when verb.SequenceEqual("pending"u8) || verb.SequenceEqual("why"u8)
            || verb.SequenceEqual("status"u8) || verb.SequenceEqual("members"u8) => RequestKind.Report,
        var verb when verb.SequenceEqual("hello"u8) => RequestKind.Hello,
        var verb when verb.SequenceEqual("ping"u8) => RequestKind.Ping,
        var verb when verb.SequenceEqual("quit"u8) => RequestKind.Quit,
        _ => RequestKind.Other,
    };
}
