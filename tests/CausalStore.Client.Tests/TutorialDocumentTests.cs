using System.Text.RegularExpressions;
using CausalStore.Client.Shell;
using CausalStore.Client.Tests.Kit;
using CausalStore.Scenarios;

namespace CausalStore.Client.Tests;

/// <summary>What docs/tutorial.md shows is what its tool makes: outputs, scenarios and pictures.</summary>
public sealed partial class TutorialDocumentTests
{
    private static readonly string Docs = Path.Combine(Binaries.Root, "docs");

    private static readonly string Text =
        File.ReadAllText(Path.Combine(Docs, "tutorial.md")).ReplaceLineEndings("\n");

    private static IEnumerable<(string Heading, string Body)> Blocks =>
        Block().Matches(Text).Select(match => (match.Groups["heading"].Value, match.Groups["body"].Value));

    public static TheoryData<string> Names => [.. ShippedScenarios.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Every_scenario_is_walked_through_with_its_picture(string name)
    {
        Assert.Contains($"\n    play {name}\n", Text.Replace("CausalStore.Client.dll play", "\n    play"));
        Assert.Contains($"](pictures/scenarios/{name}.svg)", Text);
        string picture = Path.Combine(Docs, "pictures", "scenarios", $"{name}.svg");
        string drawn = Path.GetTempFileName();

        try
        {
            await PlayAsync(name, "--svg", drawn);

            Assert.True(
                File.ReadAllText(picture).ReplaceLineEndings("\n") == File.ReadAllText(drawn),
                $"the picture is old; draw it: 'play {name} --svg docs/pictures/scenarios/{name}.svg'");
        }
        finally
        {
            File.Delete(drawn);
        }
    }

    [Fact]
    public async Task What_is_said_to_be_told_is_told()
    {
        var told = Blocks.Where(
            block => block.Heading.StartsWith("play ", StringComparison.Ordinal)).ToList();

        foreach (var (heading, body) in told)
        {
            string output = await PlayAsync(heading.Split(' ')[1..]);
            Assert.Contains($"\n{body}", $"\n{output}");
        }

        Assert.Equal(await PlayAsync("lost-ring"), told[0].Body);
    }

    [Fact]
    public async Task What_is_said_to_be_a_scenario_is_one()
    {
        Assert.Equal(
            ShippedScenarios.TextOf("lost-ring"),
            Blocks.Single(block => block.Heading == "scenario lost-ring").Body);
        string file = Path.GetTempFileName();

        try
        {
            foreach (var (_, body) in Blocks.Where(block => block.Heading == "scenario"))
            {
                await File.WriteAllTextAsync(file, body, Eventually.Stop);
                Assert.Contains("\nAs expected: ", await PlayAsync(file));
            }
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static async Task<string> PlayAsync(params string[] arguments)
    {
        StringWriter output = new() { NewLine = "\n" };
        await new PlayCommand(output, TextWriter.Null).RunAsync(["play", .. arguments], Eventually.Stop);
        return $"{output}";
    }

    [GeneratedRegex(
        "^```(?<heading>[^\n`]+)\n(?<body>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();
}
