namespace CausalStore.Scenarios;

/// <summary>The scenarios that come with the program.</summary>
public static class ShippedScenarios
{
    private const string Prefix = "Scenario.";

    /// <summary>In the order in which they teach.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        "lost-ring", "eventual", "transitivity", "photo-album", "concurrent-writes", "version-trap",
        "atomic-transfer", "deleted-key", "partition", "relay", "fail-over", "late-joiner",
    ];

    /// <summary>The text of one; null: there is none of that name.</summary>
    public static string? TextOf(string name)
    {
        using var stream = typeof(ShippedScenarios).Assembly.GetManifestResourceStream(Prefix + name);

        if (stream is null)
        {
            return null;
        }

        using StreamReader reader = new(stream);
        return reader.ReadToEnd();
    }

    /// <exception cref="ArgumentException">There is none of that name.</exception>
    public static Scenario Get(string name) => ScenarioParser.Parse(
        TextOf(name) ?? throw new ArgumentException($"no scenario is called {name}", nameof(name)),
        name, $"{name}.scenario");
}
