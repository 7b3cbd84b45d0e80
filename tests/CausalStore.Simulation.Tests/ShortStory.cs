using CausalStore.Client.Timeline;
using CausalStore.Tracing;

namespace CausalStore.Simulation.Tests;

/// <summary>A run that fails, told as shortly as it can be: a space-time diagram of what led to
/// it.</summary>
internal static class ShortStory
{
    /// <summary>So many runs are tried to make it shorter: some seconds.</summary>
    private const int RunsToShrink = 600;

    public static string Of(ulong seed, Profile profile)
    {
        var shrunk = Shrinker.Shrink(seed, profile, RunsToShrink);
        return $"""
            The shortest story that breaks the same promise:

            {shrunk.Failure}

            {Draw(shrunk.Events)}
            """;
    }

    /// <param name="events">As lines of a trace.</param>
    public static string Draw(string events)
    {
        var lines = TraceReader.Read(new StringReader(events), "the run", onTorn: _ => { });
        StringWriter diagram = new();
        new TextDiagram(RunBuilder.Build([lines])).Write(diagram);
        return $"{diagram}";
    }
}
