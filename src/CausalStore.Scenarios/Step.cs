using CausalStore.Protocol;

namespace CausalStore.Scenarios;

/// <summary>One line of a scenario, all cases on one screen; how they are written is said in
/// <see cref="ScenarioParser"/>.</summary>
public abstract record Step
{
    private Step()
    {
    }

    /// <summary>The line of the file, from 1.</summary>
    public int Line { get; init; }

    /// <summary>That line.</summary>
    public string Source { get; init; } = "";

    /// <summary>A sentence for whoever watches.</summary>
    public sealed record Say(string Text) : Step;

    /// <summary>Servers 1 to <paramref name="Count"/>, one cluster.</summary>
    /// <param name="RelayAfter">How long a server lacks a write before another than its origin sends it;
    /// zero: for ever, so that only the links of the story carry it.</param>
    public sealed record Servers(int Count, Consistency Consistency, TimeSpan RelayAfter) : Step;

    /// <summary>A client does something at the server where it is.</summary>
    public sealed record At(string Client, int Server, ClientRequest Request) : Step;

    /// <summary>A client goes on at another server.</summary>
    /// <param name="WithContext">Whether it takes along what it has seen.</param>
    public sealed record Move(string Client, int To, bool WithContext) : Step;

    /// <summary>What some servers send to others is held, slow, or let go again.</summary>
    public sealed record Disturb(IReadOnlyList<Arrow> Arrows, LinkAction Action, TimeSpan Delay) : Step;

    /// <summary>Everything that was disturbed is let go.</summary>
    public sealed record HealAll : Step;

    /// <summary>A server begins: a new one, or one that had ended, with its data.</summary>
    /// <param name="IsNew">Whether it has not been there before: it joins.</param>
    public sealed record Start(int Server, bool IsNew) : Step;

    /// <summary>A server ends in good order: it hands over what others lack.</summary>
    public sealed record Stop(int Server) : Step;

    /// <summary>A server ends at once.</summary>
    public sealed record Kill(int Server) : Step;

    public sealed record Wait(TimeSpan Time) : Step;

    /// <summary>Time passes until something is so, a minute at most.</summary>
    public sealed record WaitUntil(Expectation Expectation) : Step;

    /// <summary>Something is so, now or in a moment.</summary>
    public sealed record Expect(Expectation Expectation) : Step;
}

/// <summary>What one server sends to another.</summary>
public readonly record struct Arrow(int From, int To)
{
    public override string ToString() => $"{From}->{To}";
}
