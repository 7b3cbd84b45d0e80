namespace CausalStore.Scenarios;

/// <summary>A story about servers and clients that plays itself.</summary>
/// <param name="Name">What the file is called, for people.</param>
/// <param name="Title">What the story is called; without one, its name.</param>
public sealed record Scenario(string Name, string Title, IReadOnlyList<Step> Steps);
