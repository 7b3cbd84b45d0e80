using CausalStore.Checking;
using CausalStore.Client.Shell;

namespace CausalStore.Client.Tests.Shell;

public sealed class VerdictTextTests
{
    private readonly History _history = new();

    [Fact]
    public void What_holds_is_said_with_what_was_not_judged()
    {
        _history.Session("a").Wrote("x", "1").Read("x", "1");

        Assert.Equal(
            """
            Holds: nothing impossible was seen in 2 operations of 1 session.
            1 value read, 0 of them written by another session.
            Nobody read what another session wrote: such a run proves little.
            Not judged: convergence (there are no final reads), versions ('--trust-versions' does).

            """.ReplaceLineEndings("\n"),
            Text());
    }

    [Fact]
    public void When_all_was_judged_nothing_is_named()
    {
        _history.Session("a").Wrote("x", "1");
        _history.Session("b").AtRest(new HistoryStep.Read("x", "1"));

        Assert.DoesNotContain("Not judged", Text(new CheckOptions { Versions = VersionUse.Judge }));
    }

    [Fact]
    public void Reads_that_were_left_open_are_counted()
    {
        _history.Session("a").Wrote("x", "1").Deleted("x");
        _history.Session("b").Deleted("x");
        _history.Session("c").Read("x", null);

        Assert.Contains("1 reads of a missing key may show one of several deletes", Text());
    }

    [Fact]
    public void What_is_not_told_is_counted()
    {
        for (int value = 0; value < 5; value++)
        {
            _history.Session("a").Read("x", $"made up {value}");
        }

        string text = Text(new CheckOptions { StoriesPerKind = 2 });

        Assert.StartsWith("Violated: 5 impossible things were seen in 5 operations of 1 session.", text);
        Assert.Contains("2. a#2 read x = made up 1, which nobody ever wrote.", text);
        Assert.Contains("3 more are counted and not told.", text);
        Assert.Contains("Broken: causal consistency, causal convergence.", text);
    }

    [Fact]
    public void What_cannot_be_judged_has_a_reason() =>
        Assert.StartsWith("Cannot be judged: nothing was recorded", Text());

    private string Text(CheckOptions? options = null)
    {
        options ??= new CheckOptions();
        using StringWriter output = new() { NewLine = "\n" };
        VerdictText.Write(CausalChecker.Check(_history, options), options, output);
        return output.ToString();
    }
}
