using System.Text.RegularExpressions;

namespace CausalStore.HouseRules.Tests;

/// <summary>docs/correctness.md names code and tests that exist, for each promise.</summary>
public sealed partial class CorrectnessDocumentTests
{
    private const int Promises = 9;

    private static string Document => Repository.TextOf("docs/correctness.md");

    [Fact]
    public void Every_promise_has_code_that_carries_it_and_a_test_that_breaks_without_it()
    {
        var sections = Document.Split("\n## ");

        Found.Nothing(Enumerable.Range(1, Promises)
            .Where(promise => !sections.Any(section =>
                section.StartsWith($"{promise}. ", StringComparison.Ordinal) && Rows(section).Count > 0))
            .Select(promise => $"promise {promise} has no row"));
    }

    [Fact]
    public void The_code_and_the_tests_that_it_names_exist() => Found.Nothing(Missing(Document));

    [Theory]
    [InlineData("| `CausalDelivery.Deliver` | x | `CausalDeliveryTests.A_gap_in_previous_blocks_nothing` |")]
    [InlineData("| `NoSuchType.Take` | x | `CausalDeliveryTests.A_gap_in_previous_blocks_nothing` |")]
    [InlineData("| `CausalDelivery.Take` | x | `CausalDeliveryTests.No_such_test` |")]
    [InlineData("| `CausalDelivery.Take` | x | `TombstonesTests.A_gap_in_previous_blocks_nothing` |")]
    public void A_name_of_nothing_is_found(string row) => Assert.Single(Missing(row));

    private static IEnumerable<string> Missing(string text)
    {
        foreach (Match row in Rows(text))
        {
            string code = row.Groups["code"].Value;
            string test = row.Groups["test"].Value;

            if (!Exists("src/", code))
            {
                yield return $"no code is called {code}";
            }

            if (!Exists("tests/", test))
            {
                yield return $"no test is called {test}";
            }
        }
    }

    /// <summary>Whether a file declares both the type and the member.</summary>
    private static bool Exists(string folder, string name)
    {
        string[] parts = name.Split('.');
        Regex type = new($@"\b(class|record|struct) {parts[0]}\b");
        Regex member = new($@"^ +(public|private|internal)\b.* {parts[1]}(\(| =)", RegexOptions.Multiline);

        return Repository.Code.Any(file =>
            file.IsUnder(folder) && type.IsMatch(file.Text) && member.IsMatch(file.Text));
    }

    private static MatchCollection Rows(string text) => Row().Matches(text);

    [GeneratedRegex(@"^\| `(?<code>\w+\.\w+)` \|.*\| `(?<test>\w+\.\w+)` \|\r?$", RegexOptions.Multiline)]
    private static partial Regex Row();
}
