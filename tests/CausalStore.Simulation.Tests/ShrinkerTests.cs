namespace CausalStore.Simulation.Tests;

/// <summary>A seed that fails is no use to people before its story is short.</summary>
public sealed class ShrinkerTests(ITestOutputHelper output)
{
    private const int Runs = 400;

    [Fact]
    public void A_seed_that_fails_shrinks_to_a_story_of_a_few_requests()
    {
        var mutant = Mutant.All.Single(each => each.Name == "apply without waiting");
        var planted = MutantCompiler.Compile(mutant);
        ulong seed = FirstThatFails(planted, mutant.Profile);

        var (failure, events) = planted.Shrink(seed, mutant.Profile, Runs);
        string drawn = ShortStory.Draw(events);
        output.WriteLine($"{failure}\n\n{drawn}");

        Assert.StartsWith(Promises.CausesFirst, failure);
        Assert.InRange(Requests(events), 2, 8);
        Assert.InRange(drawn.Split('\n').Length, 5, 40);
        Assert.Equal((failure, events), planted.Shrink(seed, mutant.Profile, Runs));
    }

    [Fact]
    public void A_seed_that_keeps_every_promise_is_left_as_it_is()
    {
        Assert.Null(Shrinker.Shrink(1, Profile.Plain, Runs).Failure);
    }

    private static ulong FirstThatFails(CompiledMutant planted, Profile profile)
    {
        ulong seed = 1;

        while (planted.Run(seed, profile) is null)
        {
            seed++;
        }

        return seed;
    }

    /// <summary>Reads and writes of clients.</summary>
    private static int Requests(string events) => events.Split('\n').Count(line =>
        line.StartsWith("{\"client\"", StringComparison.Ordinal)
        && (line.Contains("\"event\":\"read\"", StringComparison.Ordinal)
            || line.Contains("\"event\":\"write\"", StringComparison.Ordinal)));
}
