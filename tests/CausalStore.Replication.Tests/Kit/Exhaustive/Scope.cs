namespace CausalStore.Replication.Tests.Kit.Exhaustive;

/// <summary>What a client has seen when it writes.</summary>
internal enum Writer
{
    /// <summary>Nothing: it has just come.</summary>
    Newcomer,

    /// <summary>What its server shows: it reads every key first.</summary>
    Reader,

    /// <summary>What was pushed to it, and what it wrote: it has watched from the beginning.</summary>
    Watcher,

    /// <summary>What it had seen at another server, from where it comes with its context.</summary>
    Mover,
}

/// <summary>Three servers, and how much may happen to them: all of it does, in every order.</summary>
internal sealed record Scope
{
    public const int Servers = 3;

    public static IReadOnlyList<string> Keys { get; } = ["x", "y"];

    /// <summary>How many writes there are in all, anywhere.</summary>
    public required int Writes { get; init; }

    /// <summary>How many of them at one server.</summary>
    public int WritesEach { get; init; } = int.MaxValue;

    /// <summary>Who may write.</summary>
    public IReadOnlyList<Writer> Writers { get; init; } = [Writer.Newcomer, Writer.Reader, Writer.Watcher];

    /// <summary>What may be written, as a client says it but for the values.</summary>
    public IReadOnlyList<string> Operations { get; init; } = ["write x", "write y"];

    /// <summary>How many writes arrive once more where they have arrived, over any connection.</summary>
    public int Repeats { get; init; }

    /// <summary>How often a server dials another to which a connection stands: all is sent again.</summary>
    public int Redials { get; init; }

    /// <summary>How often time passes at a server: it says what it has, relays what others lack, lets go of
    /// tombstones, and saves its state.</summary>
    public int Passes { get; init; }

    /// <summary>How many servers are killed and started again.</summary>
    public int Restarts { get; init; }

    /// <summary>Those that may be, each once.</summary>
    public IReadOnlyList<int> Restarting { get; init; } = [0, 1, 2];

    /// <summary>How many clients leave with their context for another server.</summary>
    public int Moves { get; init; }

    /// <summary>All connections that there may be: those of the beginning, and those that are dialled
    /// later, each at most once.</summary>
    public IReadOnlyList<Connection> AllConnections => field ??=
    [
        new(0, 1), new(0, 2), new(1, 2),
        .. from dialler in Enumerable.Range(0, Restarts + Redials == 0 ? 0 : Servers)
           from listener in Enumerable.Range(0, Servers)
           where listener != dialler
           select new Connection(dialler, listener, IsLater: true),
    ];
}

/// <summary>A connection between two of the servers 0, 1 and 2, whose ids are one more.</summary>
internal readonly record struct Connection(int Dialler, int Listener, bool IsLater = false)
{
    public bool Joins(int server) => Dialler == server || Listener == server;

    public int OtherThan(int server) => Dialler == server ? Listener : Dialler;
}
