using System.Text.RegularExpressions;

namespace CausalStore.HouseRules.Tests;

/// <summary>What no text of a kind may have in it.</summary>
/// <param name="Name">The rule, as a sentence that is true of a good text.</param>
/// <param name="LooksAt">The texts that it is about.</param>
/// <param name="Find">The lines that break it, and how.</param>
/// <param name="Planted">A text that breaks it once, so that the rule is seen to bite.</param>
internal sealed partial record TextRule(
    string Name,
    Func<SourceFile, bool> LooksAt,
    Func<string[], IEnumerable<(int Line, string Wrong)>> Find,
    string Planted,
    params Excuse[] Excuses)
{
    private const int ColumnsMax = 110;
    private const int FileLinesMax = 400;
    private const int MethodLinesMax = 60;

    private static readonly Excuse OwnSamples =
        new("tests/CausalStore.HouseRules.Tests/TextRule.cs", "it shows what the rules are to find");

    public static IReadOnlyList<TextRule> All { get; } =
    [
        new("A line has at most 110 columns", IsCode, WideLines, new string('x', ColumnsMax + 1)),
        new("A file has at most 400 lines", IsCode, LongFiles, new string('\n', FileLinesMax + 1)),
        new("A method has at most 60 lines", IsCode, LongMethods,
            $"    void Method()\n    {{\n{new string('\n', MethodLinesMax - 2)}    }}"),
        new("Nothing is left to do", IsCode, Lines(Unfinished()), "// TODO: later", OwnSamples),
        new("Files are split, not folded", IsCode, Lines(Region()), "    #region Helpers"),
        new("Whoever calls can wait", IsCode, Lines(AsyncVoid()), "async void Forget()", OwnSamples),
        new("Nobody blocks on a task", IsCode, Lines(Blocking()), "int answer = asked.Result;",
            OwnSamples,
            new("tests/CausalStore.Client.Tests/Shell/LineInputTests.cs", "a stream that is to block"),
            new("tests/CausalStore.Server.Tests/Narration/LogLines.cs", "a terminal that nobody reads")),
        new("Nothing sleeps", IsCode, Lines(Sleep()), "Thread.Sleep(100);",
            OwnSamples,
            new("src/CausalStore.Client/Recording/PatientFile.cs", "nobody says when a file is let go")),
        new("Tests wait for a condition, not for a time", IsTest, Lines(Delay()), "await Task.Delay(100);",
            OwnSamples,
            new("tests/CausalStore.Client.Tests/Kit/Eventually.cs", "between two looks at the condition"),
            new("tests/CausalStore.Server.Tests/Kit/Eventually.cs", "between two looks at the condition"),
            new("tests/CausalStore.Chaos.Tests/Moments.cs", "load and faults are spread over time"),
            new("tests/CausalStore.Demo.Tests/DemoProcess.cs", "between two looks at the output"),
            new("tests/CausalStore.Client.Tests/Kit/ManualTime.cs", "between two looks at the timers")),
        new("No text knows one machine", _ => true, Lines(MachinePath()), "see /home/alice/notes",
            OwnSamples),
    ];

    public override string ToString() => Name;

    /// <summary>What is wrong with a text; empty if nothing.</summary>
    public IEnumerable<(int Line, string Wrong)> Check(string text) =>
        Find(text.ReplaceLineEndings("\n").Split('\n'));

    private static bool IsCode(SourceFile file) => file.IsCode;

    private static bool IsTest(SourceFile file) => file.IsCode && file.IsUnder("tests/");

    private static Func<string[], IEnumerable<(int Line, string Wrong)>> Lines(Regex wrong) => lines =>
        lines.Index().Where(line => wrong.IsMatch(line.Item))
            .Select(line => (line.Index + 1, line.Item.Trim()));

    private static IEnumerable<(int Line, string Wrong)> WideLines(string[] lines) =>
        lines.Index().Where(line => line.Item.Length > ColumnsMax)
            .Select(line => (line.Index + 1, $"{line.Item.Length} columns"));

    // Behind the last line feed is no line.
    private static IEnumerable<(int Line, string Wrong)> LongFiles(string[] lines) =>
        lines.Length - 1 > FileLinesMax ? [(1, $"{lines.Length - 1} lines")] : [];

    /// <summary>A method is a block that is not a type's; its braces stand under its first word, as the
    /// formatting rules have it.</summary>
    private static IEnumerable<(int Line, string Wrong)> LongMethods(string[] lines)
    {
        for (int open = 1; open < lines.Length; open++)
        {
            if (lines[open].TrimStart() != "{")
            {
                continue;
            }

            string end = lines[open].Replace('{', '}');
            int close = Array.FindIndex(lines, open, line => line.StartsWith(end, StringComparison.Ordinal));
            int first = Array.FindLastIndex(lines, open - 1, line => Indent(line) < end.Length);
            int length = close - first + 1;

            if (length > MethodLinesMax && !TypeHeader().IsMatch(lines[first]))
            {
                yield return (first + 1, $"{length} lines: {lines[first].Trim()}");
            }
        }
    }

    private static int Indent(string line) =>
        line.Length == 0 ? int.MaxValue : line.Length - line.TrimStart().Length;

    [GeneratedRegex(@"\b(TODO|FIXME|HACK|XXX|NotImplementedException)\b")]
    private static partial Regex Unfinished();

    [GeneratedRegex(@"^\s*#region\b")]
    private static partial Regex Region();

    [GeneratedRegex(@"\basync void\b")]
    private static partial Regex AsyncVoid();

    [GeneratedRegex(@"\.Result\b|\.Wait\(\)|\.GetResult\(\)")]
    private static partial Regex Blocking();

    [GeneratedRegex(@"\bThread\.Sleep\b|\bSpinWait\b")]
    private static partial Regex Sleep();

    [GeneratedRegex(@"\bTask\.Delay\b")]
    private static partial Regex Delay();

    [GeneratedRegex(@"(?<![\w$}/.*-])/(home|root|Users|work|mnt|opt|tmp)/|\b[A-Za-z]:[\\/]+Users\b")]
    private static partial Regex MachinePath();

    [GeneratedRegex(@"^\s*((public|internal|private|protected|sealed|static|abstract|partial|readonly|ref) )*"
        + @"(class|struct|record|interface|enum)\b")]
    private static partial Regex TypeHeader();
}
