namespace CausalStore.Scenarios;

/// <summary>A scenario that cannot be played: which file, which line, what is wrong and what to do.</summary>
public sealed class ScenarioException(string message) : Exception(message);
