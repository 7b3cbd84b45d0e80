namespace CausalStore.Protocol;

/// <summary>Why a line was refused. Each but <see cref="Internal"/> says that nothing was written.</summary>
public enum ErrorCode
{
    /// <summary><c>syntax</c>: malformed, an empty key, a bad number.</summary>
    Syntax,

    /// <summary><c>unknown-command</c></summary>
    UnknownCommand,

    /// <summary><c>too-long</c>: the line.</summary>
    TooLong,

    /// <summary><c>too-large</c>: a key over 1,024 bytes, a timestamp too far ahead.</summary>
    TooLarge,

    /// <summary><c>not-yet</c>: what a context names has not arrived here in time.</summary>
    NotYet,

    /// <summary><c>not-allowed</c>: by how the server was started, or by who asks.</summary>
    NotAllowed,

    /// <summary><c>lost</c>: what a context names was lost with a forgotten server, or is another
    /// cluster's.</summary>
    Lost,

    /// <summary><c>overloaded</c>: a limit of connections, members, queues or contexts.</summary>
    Overloaded,

    /// <summary><c>unavailable</c>: the server waits for others, or cannot keep what it is told.</summary>
    Unavailable,

    /// <summary><c>internal</c>: a mistake in the server; the request may have been carried out.</summary>
    Internal,
}

/// <summary>The words of <see cref="ErrorCode"/> on the wire.</summary>
public static class ErrorCodes
{
    private static readonly string[] Names =
    [
        "syntax", "unknown-command", "too-long", "too-large", "not-yet", "not-allowed", "lost", "overloaded",
        "unavailable", "internal",
    ];

    public static string Name(this ErrorCode code) => Names[(int)code];

    /// <summary>The code of that name; one that is not known reads as <see cref="ErrorCode.Internal"/>, which
    /// promises least.</summary>
    public static ErrorCode FromName(string name)
    {
        int index = Array.IndexOf(Names, name);
        return index < 0 ? ErrorCode.Internal : (ErrorCode)index;
    }
}
