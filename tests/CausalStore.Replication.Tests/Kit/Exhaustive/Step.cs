namespace CausalStore.Replication.Tests.Kit.Exhaustive;

/// <summary>What can happen to one server. Connections are numbered as in
/// <see cref="Scope.AllConnections"/>.</summary>
internal abstract record Step
{
    private Step()
    {
    }

    /// <summary>It connects to another.</summary>
    public sealed record Dial(int Connection) : Step;

    /// <summary>Lines of another arrive.</summary>
    public sealed record Take(int Connection, string Lines) : Step;

    /// <summary>A write that it has taken arrives again.</summary>
    public sealed record TakeAgain(int Connection, string Line) : Step;

    /// <summary>It finds that a connection has ended; what was on its way is lost.</summary>
    public sealed record Lose(int Connection) : Step;

    public sealed record Write(Writer Writer, string Operations) : Step;

    public sealed record PassTime : Step;

    /// <summary>Its process ends, another one begins on its disk and dials the others.</summary>
    public sealed record Restart : Step;

    /// <summary>The watcher leaves, with its context.</summary>
    public sealed record Leave : Step;

    /// <summary>It comes from another server.</summary>
    /// <param name="Context">What that server answered to <c>context</c>.</param>
    /// <param name="Seen">The versions that were shown to it there.</param>
    public sealed record Arrive(string Context, string Seen) : Step;
}
