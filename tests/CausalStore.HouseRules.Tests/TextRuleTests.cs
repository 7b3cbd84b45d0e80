namespace CausalStore.HouseRules.Tests;

public sealed class TextRuleTests
{
    public static TheoryData<string> Rules => [.. TextRule.All.Select(rule => rule.Name)];

    [Theory]
    [MemberData(nameof(Rules))]
    public void The_repository_keeps_it(string name)
    {
        var rule = Find(name);
        var files = Repository.Files.Where(rule.LooksAt).ToList();
        var findings = files
            .SelectMany(file => rule.Check(file.Text).Select(
                found => (file.Path, $":{found.Line}: {found.Wrong}")))
            .ToList();

        Assert.NotEmpty(files);
        Found.Nothing(Excuse.Remaining(findings, rule.Excuses));
    }

    [Theory]
    [MemberData(nameof(Rules))]
    public void Whoever_breaks_it_is_found(string name)
    {
        var rule = Find(name);
        string good = "namespace Sample;\n\ninternal sealed class Sample\n{\n}\n";

        Assert.Empty(rule.Check(good));
        Assert.Single(rule.Check(good + rule.Planted));
    }

    [Fact]
    public void An_excuse_that_nobody_needs_is_found()
    {
        Excuse excuse = new("src/Old.cs", "it was once needed");

        Assert.Empty(Excuse.Remaining([("src/Old.cs", ":1: sleeps")], [excuse]));
        Assert.Equal(
            ["src/Old.cs: its excuse is no longer needed; take it away"], Excuse.Remaining([], [excuse]));
        Assert.Equal(
            ["src/New.cs:1: sleeps"],
            Excuse.Remaining([("src/Old.cs", ":1: sleeps"), ("src/New.cs", ":1: sleeps")], [excuse]));
    }

    private static TextRule Find(string name) => TextRule.All.Single(rule => rule.Name == name);
}
