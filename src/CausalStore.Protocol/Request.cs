namespace CausalStore.Protocol;

/// <summary>
/// What a client asks for, all cases on one screen; but for <c>read</c>, <c>write</c> and <c>delete</c>,
/// which are the hot path and are executed as slices of the receive buffer (<see cref="Operations"/>).
/// </summary>
public abstract record Request
{
    private Request()
    {
    }

    /// <summary><c>hello client NAME [CLUSTER]</c></summary>
    public sealed record Hello(string Name, string? Cluster) : Request;

    /// <summary><c>scan PREFIX [LIMIT [AFTER]]</c></summary>
    public sealed record Scan(byte[] Prefix, int Limit, byte[]? After) : Request
    {
        public const int LimitMax = 10_000;
    }

    /// <summary><c>watch PREFIX</c></summary>
    public sealed record Watch(byte[] Prefix) : Request;

    /// <summary><c>unwatch PREFIX</c></summary>
    public sealed record Unwatch(byte[] Prefix) : Request;

    /// <summary><c>context</c></summary>
    public sealed record GetContext : Request;

    /// <summary><c>context CONTEXT</c></summary>
    public sealed record SetContext(Context Context) : Request;

    /// <summary><c>pending</c></summary>
    public sealed record Pending : Request;

    /// <summary><c>why KEY</c>, or <c>why VERSION</c> where the word reads as a version.</summary>
    public sealed record Why(byte[] Subject) : Request;

    /// <summary><c>history KEY</c></summary>
    public sealed record History(byte[] Key) : Request;

    /// <summary><c>conflicts</c></summary>
    public sealed record Conflicts : Request;

    /// <summary><c>trace</c></summary>
    public sealed record Trace : Request;

    /// <summary><c>status</c></summary>
    public sealed record Status : Request;

    /// <summary><c>members</c></summary>
    public sealed record Members : Request;

    /// <summary><c>link SERVER cut</c>, <c>link SERVER heal</c>, <c>link SERVER delay MILLISECONDS</c>,
    /// <c>link SERVER step [N]</c></summary>
    public sealed record Link(ServerId Server, LinkAction Action, int Amount) : Request;

    /// <summary><c>forget SERVER</c></summary>
    public sealed record Forget(ServerId Server) : Request;

    /// <summary><c>ping</c></summary>
    public sealed record Ping : Request;

    /// <summary><c>quit</c></summary>
    public sealed record Quit : Request;
}

/// <summary>What <c>link</c> does to the lines that this server sends to another.</summary>
public enum LinkAction
{
    /// <summary>Holds them.</summary>
    Cut,

    /// <summary>Lets each go so many milliseconds after it was sent.</summary>
    Delay,

    /// <summary>Lets them go.</summary>
    Heal,

    /// <summary>Lets the next so many held writes go, and what stands before them.</summary>
    Step,
}
