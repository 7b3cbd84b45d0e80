using System.Buffers;
using System.Text;
using CausalStore.Client.Tests.Kit;
using CausalStore.Client.Timeline;
using CausalStore.Tracing;

namespace CausalStore.Client.Tests;

/// <summary>The examples of docs/traces.md are what they are said to be.</summary>
public sealed class TracesDocumentTests
{
    private static readonly ILookup<string, string> Blocks = ReadBlocks();

    [Fact]
    public void Every_line_is_one_that_is_written()
    {
        foreach (string line in Lines("line").Concat(Lines("trace")))
        {
            ArrayBufferWriter<byte> output = new();
            TraceWriter.Write(TraceParser.Parse(line), output);
            Assert.Equal(line + "\n", Encoding.UTF8.GetString(output.WrittenSpan));
        }
    }

    [Fact]
    public void Every_event_has_an_example() => Assert.Equal(
        typeof(TraceEvent).GetNestedTypes().Select(type => type.Name).Order(),
        Lines("line").Select(line => TraceParser.Parse(line).Event.GetType().Name).Distinct().Order());

    [Fact]
    public void The_diagram_is_what_is_drawn()
    {
        StringReader trace = new(Blocks["trace"].Single());
        StringWriter output = new() { NewLine = "\n" };

        new TextDiagram(RunBuilder.Build([TraceReader.Read(trace, "example", Assert.Fail)])).Write(output);

        Assert.Equal(Blocks["text"].Single(), $"{output}");
    }

    [Fact]
    public void The_picture_of_the_readme_is_what_is_drawn()
    {
        StringWriter output = new();

        new SvgDrawing([TraceScript.LostRing("causal")]).Write(output);

        string picture = Path.Combine(Path.GetDirectoryName(Document())!, "pictures", "lost-ring.svg");
        Assert.Equal(File.ReadAllText(picture).ReplaceLineEndings("\n"), $"{output}");
    }

    private static IEnumerable<string> Lines(string heading) => Blocks[heading].SelectMany(
        block => block.Split('\n', StringSplitOptions.RemoveEmptyEntries));

    private static ILookup<string, string> ReadBlocks()
    {
        string[] parts = File.ReadAllText(Document()).ReplaceLineEndings("\n").Split("\n```");
        return parts.Where((_, index) => index % 2 == 1).Select(block => block.Split('\n', 2))
            .ToLookup(block => block[0], block => block.Length > 1 ? block[1] + "\n" : "");
    }

    private static string Document()
    {
        string directory = AppContext.BaseDirectory;

        while (!File.Exists(Path.Combine(directory, "CausalStore.sln")))
        {
            directory = Path.GetDirectoryName(directory)
                ?? throw new InvalidOperationException("the tests run outside of the repository");
        }

        return Path.Combine(directory, "docs", "traces.md");
    }
}
