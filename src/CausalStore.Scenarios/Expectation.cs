using CausalStore.Protocol;

namespace CausalStore.Scenarios;

/// <summary>A key and what is expected of it.</summary>
/// <param name="Value">Null: it has none.</param>
public readonly record struct ExpectedKey(string Key, string? Value);

/// <summary>What a scenario may expect, all cases on one screen.</summary>
public abstract record Expectation
{
    private Expectation()
    {
    }

    /// <summary>What a client reads, in one snapshot. It has read it then.</summary>
    public sealed record Read(string Client, IReadOnlyList<ExpectedKey> Keys) : Expectation;

    /// <summary>The keys of the writes that wait at a server, in the order of their versions.</summary>
    public sealed record Pending(int Server, IReadOnlyList<string> Keys) : Expectation;

    /// <summary>All that was pushed to a client since this was last asked, in order.</summary>
    public sealed record Pushes(string Client, IReadOnlyList<ExpectedKey> Keys) : Expectation;

    /// <summary>All servers that run have the same keys, values and versions, and nothing waits.</summary>
    public sealed record SameEverywhere : Expectation;

    /// <summary>A server is a member and serves, or still waits to be one.</summary>
    public sealed record Serving(int Server, bool IsServing) : Expectation;

    /// <summary>What the step before was answered with.</summary>
    public sealed record Error(ErrorCode Code) : Expectation;
}
