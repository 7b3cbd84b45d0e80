using CausalStore.Checking;
using CausalStore.Client.Shell;
using CausalStore.Client.Tests.Kit;

namespace CausalStore.Client.Tests;

/// <summary>The examples of docs/histories.md are what they are said to be.</summary>
public sealed class HistoriesDocumentTests
{
    private static readonly List<(int Line, string Heading, string Text)> Blocks = ReadBlocks();

    public static TheoryData<int, string, string> Histories =>
        [.. Blocks.Where(block => block.Heading.StartsWith("json "))];

    [Theory]
    [MemberData(nameof(Histories))]
    public void An_example_is_judged_as_its_heading_says(int line, string heading, string text)
    {
        var verdict = CausalChecker.Check(HistoryReader.Read(text));

        string judged = verdict switch
        {
            Verdict.Holds => "json holds",
            Verdict.Violated { Violations: [var first, ..] } => $"json violated {first.Kind}",
            _ => "json cannot-be-judged",
        };
        Assert.True(heading == judged, $"line {line} says '{heading}', but it is '{judged}'");
    }

    [Fact]
    public void The_verdict_is_what_check_says()
    {
        using HistoryPath path = new();
        using StringWriter output = new() { NewLine = "\n" };
        path.Write(Blocks[0].Text);

        new CheckCommand(Stream.Null, output, TextWriter.Null).Run(["check", path.File]);

        Assert.Equal(Blocks.Single(block => block.Heading == "verdict").Text, output.ToString());
    }

    [Fact]
    public void There_are_examples_of_every_verdict() =>
        Assert.Superset(
            new HashSet<string>(["json holds", "json violated", "json cannot-be-judged"]),
            Blocks.Select(block => string.Join(' ', block.Heading.Split(' ').Take(2))).ToHashSet());

    private static List<(int Line, string Heading, string Text)> ReadBlocks()
    {
        List<(int, string, string)> blocks = [];
        (int Line, string Heading)? open = null;
        List<string> text = [];

        foreach (var (index, line) in File.ReadAllLines(Document()).Index())
        {
            if (!line.TrimStart().StartsWith("```", StringComparison.Ordinal))
            {
                text.Add(line);
            }
            else if (open is null)
            {
                open = (index + 1, line.Trim('`', ' '));
                text.Clear();
            }
            else
            {
                string whole = string.Concat(text.Select(one => one + "\n"));
                blocks.Add((open.Value.Line, open.Value.Heading, whole));
                open = null;
            }
        }

        return blocks;
    }

    private static string Document()
    {
        string directory = AppContext.BaseDirectory;

        while (!File.Exists(Path.Combine(directory, "CausalStore.sln")))
        {
            directory = Path.GetDirectoryName(directory)
                ?? throw new InvalidOperationException("the tests run outside of the repository");
        }

        return Path.Combine(directory, "docs", "histories.md");
    }
}
