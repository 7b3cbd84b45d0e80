using System.Buffers;
using System.Text;
using CausalStore.Scenarios.Tests.Kit;
using CausalStore.Tracing;

namespace CausalStore.Scenarios.Tests;

public sealed class ShippedScenariosTests
{
    public static TheoryData<string> Names => [.. ShippedScenarios.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task It_goes_as_it_says(string name)
    {
        var played = await Played.OfAsync(ShippedScenarios.Get(name));

        Assert.Empty(played.Verdict.Failed);
        Assert.InRange(played.Verdict.Expected, 3, 20);
        Assert.Equal(played.Verdict.Expected, played.Outcomes.Count(one => one.Kind == OutcomeKind.Held));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void It_teaches(string name)
    {
        var scenario = ShippedScenarios.Get(name);

        Assert.NotEqual(name, scenario.Title);
        Assert.True(scenario.Steps.OfType<Step.Say>().Count() >= 3);
        Assert.IsType<Expectation.SameEverywhere>(((Step.Expect)scenario.Steps[^1]).Expectation);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task It_gives_the_same_run_to_the_byte(string name)
    {
        var scenario = ShippedScenarios.Get(name);

        Assert.Equal(Bytes(await Played.OfAsync(scenario)), Bytes(await Played.OfAsync(scenario)));
    }

    [Fact]
    public void The_list_has_all_of_them()
    {
        var files = typeof(ShippedScenarios).Assembly.GetManifestResourceNames()
            .Select(name => name["Scenario.".Length..]);

        Assert.Equal(files.Order(), ShippedScenarios.Names.Order());
        Assert.Equal(12, ShippedScenarios.Names.Count);
        Assert.Null(ShippedScenarios.TextOf("no-such"));
    }

    private static string Bytes(Played played)
    {
        ArrayBufferWriter<byte> output = new();

        foreach (var line in played.Lines)
        {
            TraceWriter.Write(line, output);
        }

        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
