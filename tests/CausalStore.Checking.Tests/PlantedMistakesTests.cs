namespace CausalStore.Checking.Tests;

// What sessions see of a store that makes a mistake is found. The mistakes stand in PlantedMistakes.txt.
public sealed class PlantedMistakesTests
{
    private const string Post = """
        {"session":"alice","ops":[["w","x","lost","1@1"]]}
        {"session":"alice","ops":[["w","y","found","2@1"]]}
        {"session":"bob","ops":[["r","y","found","2@1"]]}
        {"session":"bob","ops":[["w","z","glad","3@2"]]}

        """;

    /// <summary>The mistake, what is seen of it, and which promise that breaks.</summary>
    public static TheoryData<string, string, Promises> Mistakes => [.. Paragraphs().Select(Parse)];

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void It_is_found(string mistake, string history, Promises promise)
    {
        var options = new CheckOptions { Versions = VersionUse.Judge };

        var verdict = CausalChecker.Check(HistoryReader.Read(history), options);

        var violated = Assert.IsType<Verdict.Violated>(verdict);
        Assert.True(violated.Broken.HasFlag(promise), $"{mistake}: {string.Concat(violated.Violations)}");
        Assert.All(violated.Violations, violation => Assert.NotEmpty(violation.Explanation));
    }

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void Versions_are_needed_only_where_versions_are_what_is_wrong(
        string mistake, string history, Promises promise)
    {
        var verdict = CausalChecker.Check(
            HistoryReader.Read(history), new CheckOptions { Versions = VersionUse.Ignore });

        Assert.True(
            verdict is Verdict.Violated == (promise != Promises.Versions),
            $"{mistake}: {verdict}");
    }

    [Fact]
    public void The_story_without_the_mistake_holds()
        => Judged.AssertHolds(
            HistoryReader.Read(Post + """
                {"session":"carol","ops":[["r","x","lost","1@1"]]}
                {"session":"carol","ops":[["r","z",null,null]]}
                {"session":"carol","ops":[["p","y","found","2@1"],["p","z","glad","3@2"]]}
                {"session":"carol","ops":[["r","y","found","2@1"],["r","z","glad","3@2"]],"final":true}
                {"session":"dave","ops":[["s","z",[["z","glad","3@2"]]]],"final":true}
                """),
            new CheckOptions { Versions = VersionUse.Judge });

    // A line a member: the mistake, "breaks PROMISE", the lines of the history.
    private static (string Mistake, string History, Promises Promise) Parse(string paragraph)
    {
        var lines = paragraph.Split('\n');
        return (
            lines[0],
            string.Join('\n', lines[2..]),
            Enum.Parse<Promises>(lines[1]["breaks ".Length..]));
    }

    private static IEnumerable<string> Paragraphs()
    {
        using var stream = typeof(PlantedMistakesTests).Assembly.GetManifestResourceStream(
            "CausalStore.Checking.Tests.PlantedMistakes.txt")!;
        using var text = new StreamReader(stream);

        return text.ReadToEnd().ReplaceLineEndings("\n").Trim().Split("\n\n")
            .Where(paragraph => !paragraph.StartsWith('#'));
    }
}
