using System.Buffers.Text;
using System.Text;
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

    /// <summary>Lines for people up to <c>end COUNT</c>: <c>pending</c>, <c>why</c>, <c>history</c>,
    /// <c>conflicts</c>, <c>status</c>, <c>members</c>.</summary>
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
    private RequestLine(ReadOnlySpan<byte> line) => Wire = (byte[])[.. line, (byte)'\n'];

    /// <summary>The line with its LF.</summary>
    public ReadOnlyMemory<byte> Wire { get; }

    /// <summary>The line without its LF.</summary>
    public ReadOnlyMemory<byte> Line => Wire[..^1];

    public RequestKind Kind { get; private init; } = RequestKind.Other;

    /// <summary>The first word; empty where the words cannot be told apart.</summary>
    public string Verb { get; private init; } = "";

    /// <summary>The lines that answer a <see cref="RequestKind.Read"/>; 0 for every other kind.</summary>
    public int ReadKeys { get; private init; }

    /// <summary>What is watched, or no longer.</summary>
    public Word Prefix { get; private init; }

    /// <summary>How many keys a scan shows at most.</summary>
    public int ScanLimit { get; private init; }

    /// <summary>What <c>context CONTEXT</c> names.</summary>
    public Context Context { get; private init; } = Context.Empty;

    /// <summary>Whether it was asked when nothing was written any more: for the record.</summary>
    public bool IsAtRest { get; set; }

    /// <summary>When it was sent: for the trace.</summary>
    public (long Sequence, DateTime Time) Sent { get; set; }

    /// <summary>Whether it is asked again and again until the reply pleases.</summary>
    public bool IsPoll { get; init; }

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

        string verb = Encoding.UTF8.GetString(words[0]);
        var kind = KindOf(verb, words.Count);
        var argument = words.Count > 1 ? words[1] : [];
        return new RequestLine(line)
        {
            Kind = kind,
            Verb = verb,
            ReadKeys = kind == RequestKind.Read ? Math.Max(1, words.Count - 1) : 0,
            Prefix = kind is RequestKind.Watch or RequestKind.Unwatch ? argument.ToArray() : default(Word),
            ScanLimit = kind == RequestKind.Scan ? LimitOf(words) : 0,
            Context = kind == RequestKind.SetContext && Context.TryParse(argument, out var context)
                ? context
                : Context.Empty,
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
            return new RequestLine(line);
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

    /// <summary>A read that is repeated until the key has the value that is waited for.</summary>
    public static RequestLine Poll(Word key) => new(Of("read", key).Line.Span)
    {
        Kind = RequestKind.Read,
        Verb = "read",
        ReadKeys = 1,
        IsPoll = true,
    };

    /// <summary>The request that follows a word of the client's own; null: none does.</summary>
    public RequestLine? WithoutFirstWord()
    {
        var words = new WordSplitter().Split(Line.Span);
        List<Word> rest = [];

        for (int index = 1; index < words.Count; index++)
        {
            rest.Add(words[index].ToArray());
        }

        return rest.Count > 0 ? Of(rest) : null;
    }

    private static RequestKind KindOf(string verb, int words) => verb switch
    {
        "read" => RequestKind.Read,
        "write" or "delete" => RequestKind.Write,
        "scan" => RequestKind.Scan,
        "pending" or "why" or "history" or "conflicts" or "status" or "members" => RequestKind.Report,
        "watch" => RequestKind.Watch,
        "unwatch" => RequestKind.Unwatch,
        "context" => words == 1 ? RequestKind.GetContext : RequestKind.SetContext,
        "hello" => RequestKind.Hello,
        "ping" => RequestKind.Ping,
        "quit" => RequestKind.Quit,
        _ => RequestKind.Other,
    };

    private static int LimitOf(Words words) =>
        words.Count > 2 && Utf8Parser.TryParse(words[2], out int limit, out _)
            ? limit
            : Request.Scan.LimitMax;
}
