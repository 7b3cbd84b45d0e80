using CausalStore.Client.Play;
using CausalStore.Scenarios;

namespace CausalStore.Client.Tests.Play;

public sealed class PlayTextTests : IDisposable
{
    private static readonly Step Expects =
        new Step.Expect(new Expectation.SameEverywhere()) { Line = 7, Source = "expect same everywhere" };

    private static readonly Step Moves =
        new Step.Move("alice", 2, WithContext: true) { Line = 8, Source = "move alice to 2" };

    private readonly StringWriter _output = new() { NewLine = "\n" };

    [Theory]
    [InlineData(OutcomeKind.Said, "\nit rains\n")]
    [InlineData(OutcomeKind.Happened, "    it rains\n")]
    [InlineData(OutcomeKind.Held, "ok  it rains\n")]
    [InlineData(OutcomeKind.Failed, "NO  it rains\n    but line 7 says: expect same everywhere\n")]
    public void An_outcome_is_told_by_its_kind(OutcomeKind kind, string told)
    {
        new PlayText(_output).Tell(new Outcome(Expects, kind, "it rains"));

        Assert.Equal(told, $"{_output}");
    }

    [Fact]
    public void An_error_that_nobody_expected_is_told_with_its_step()
    {
        new PlayText(_output).Tell(new Outcome(Moves, OutcomeKind.Failed, "refused"));

        Assert.Equal("NO  refused\n    and nobody expected that: line 8, move alice to 2\n", $"{_output}");
    }

    [Fact]
    public void Long_lines_are_broken_between_words()
    {
        string word = new('x', 47);

        new PlayText(_output).Tell(new Outcome(Expects, OutcomeKind.Held, $"{word} {word} {word}"));

        Assert.Equal($"ok  {word} {word}\n    {word}\n", $"{_output}");
    }

    [Fact]
    public void The_last_line_is_the_verdict()
    {
        PlayText text = new(_output);
        Outcome wrong = new(Expects, OutcomeKind.Failed, "no");

        text.End(new Verdict(3, []));
        text.End(new Verdict(0, []));
        text.End(new Verdict(3, [wrong, wrong with { Step = Moves }]));

        Assert.Equal(
            "\nAs expected: 3 of 3.\n\nDone; nothing was expected.\n\nNOT AS EXPECTED: see line 7, line 8.\n",
            $"{_output}");
    }

    public void Dispose() => _output.Dispose();
}
