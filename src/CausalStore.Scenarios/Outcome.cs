namespace CausalStore.Scenarios;

public enum OutcomeKind
{
    /// <summary>A sentence of the scenario's.</summary>
    Said,

    /// <summary>Somebody did something, and this came of it.</summary>
    Happened,

    /// <summary>It is as expected.</summary>
    Held,

    /// <summary>It is not as expected.</summary>
    Failed,
}

/// <summary>What came of a step, in a sentence. It is the same wherever the scenario is played.</summary>
public sealed record Outcome(Step Step, OutcomeKind Kind, string Text);

/// <summary>What came of a scenario.</summary>
/// <param name="Expected">How many expectations there were.</param>
public sealed record Verdict(int Expected, IReadOnlyList<Outcome> Failed)
{
    public bool Holds => Failed.Count == 0;
}
