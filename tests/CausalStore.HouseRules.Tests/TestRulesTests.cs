namespace CausalStore.HouseRules.Tests;

public sealed class TestRulesTests
{
    private const string Deciding = "if (a && b || c) { } for (;;) { } x = y ? 1 : 2;";

    private static IEnumerable<SourceFile> Sources => Repository.Code.Where(file => file.IsUnder("src/"));

    private static IEnumerable<string> Tests =>
        Repository.Code.Where(file => file.IsUnder("tests/")).Select(file => file.Path);

    [Fact]
    public void Tests_mirror_the_sources() => Found.Nothing(Excuse.Remaining(
        [.. TestRules.NotMirroring(Tests, Sources.Select(file => file.Path))], TestRules.AboutNoSource));

    [Theory]
    [InlineData("tests/X.Tests/A/BTests.cs", true)]
    [InlineData("tests/X.Tests/A/Kit/Helper.cs", true)]
    [InlineData("tests/X.Tests/BTests.cs", false)]
    [InlineData("tests/X.Tests/A/CTests.cs", false)]
    [InlineData("tests/X.Tests/A/B.cs", false)]
    [InlineData("tests/Y.Tests/A/BTests.cs", false)]
    public void A_test_of_nothing_is_found(string test, bool mirrors) =>
        Assert.Equal(mirrors, !TestRules.NotMirroring([test], ["src/X/A/B.cs"]).Any());

    [Fact]
    public void Sources_with_behaviour_have_tests_under_their_name() => Found.Nothing(Excuse.Remaining(
        [.. TestRules.Untested(Sources, Tests)], TestRules.TestedElsewhere));

    [Theory]
    [InlineData(Deciding, "tests/X.Tests/A/BTests.cs", true)]
    [InlineData(Deciding, "tests/X.Tests/BTests.cs", false)]
    [InlineData("// if if if if if\nstring text = \"for for for for for\";", "", true)]
    public void A_source_without_tests_is_found(string text, string test, bool isFine) =>
        Assert.Equal(isFine, !TestRules.Untested([new SourceFile("src/X/A/B.cs", text)], [test]).Any());
}
