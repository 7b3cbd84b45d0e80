using CausalStore.Scenarios;

namespace CausalStore.Client.Play;

/// <summary>A scenario as it is told at the terminal.</summary>
internal sealed class PlayText(TextWriter output)
{
    private const int Columns = 100;
    private const string Indent = "    ";

    public void Begin(Scenario scenario) => output.WriteLine(scenario.Title);

    public void Tell(Outcome outcome)
    {
        switch (outcome.Kind)
        {
            case OutcomeKind.Said:
                output.WriteLine();
                Write("", "", outcome.Text);
                break;
            case OutcomeKind.Happened:
                Write(Indent, Indent, outcome.Text);
                break;
            case OutcomeKind.Held:
                Write("ok  ", Indent, outcome.Text);
                break;
            default:
                Write("NO  ", Indent, outcome.Text);
                Write(Indent, Indent, outcome.Step is Step.At or Step.Move
                    ? $"and nobody expected that: line {outcome.Step.Line}, {outcome.Step.Source}"
                    : $"but line {outcome.Step.Line} says: {outcome.Step.Source}");
                break;
        }
    }

    public void End(Verdict verdict)
    {
        output.WriteLine();
        output.WriteLine(verdict switch
        {
            { Holds: false } => "NOT AS EXPECTED: see line "
                + $"{string.Join(", line ", verdict.Failed.Select(failed => failed.Step.Line))}.",
            { Expected: 0 } => "Done; nothing was expected.",
            _ => $"As expected: {verdict.Expected} of {verdict.Expected}.",
        });
    }

    private void Write(string first, string next, string text)
    {
        string line = first;
        bool isEmpty = true;

        foreach (string word in text.Split(' '))
        {
            if (!isEmpty && line.Length + 1 + word.Length > Columns)
            {
                output.WriteLine(line);
                line = next;
                isEmpty = true;
            }

            line += isEmpty ? word : $" {word}";
            isEmpty = false;
        }

        output.WriteLine(line);
    }
}
