using System.CommandLine;
using System.CommandLine.Help;
using CausalStore.Checking;
using CausalStore.Client.Recording;

namespace CausalStore.Client.Shell;

/// <summary>
/// <c>check FILE...</c>: judges histories. It is meant only where it is the very first argument, before any
/// option: a request always has <c>--port</c> or <c>--server</c> before it.
/// </summary>
internal sealed class CheckCommand
{
    private const string Word = "check";
    private const int CannotBeJudged = 2;

    private readonly Stream _input;
    private readonly TextWriter _output;
    private readonly TextWriter _errors;

    private readonly Argument<string[]> _files = new("FILE")
    {
        Description = "Histories, as '--record' writes them; all are one run. '-' is standard input",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<bool> _trustVersions = new("--trust-versions")
    {
        Description = "Judge the versions as well: used once, greater than their causes', the greatest wins",
    };

    private readonly Option<bool> _ignoreVersions = new("--ignore-versions")
    {
        Description = "Not even use them as names where a value was written twice",
    };

    private readonly Option<bool> _allowLosses = new("--allow-losses")
    {
        Description = "The final reads may lack writes (a server was forgotten)",
    };

    private readonly Option<string?> _dot = new("--dot")
    {
        Description = "Draw the smallest counter-example for Graphviz",
        HelpName = "FILE",
    };

    private readonly Option<string?> _svg = new("--svg")
    {
        Description = "Draw it as a picture that a browser shows",
        HelpName = "FILE",
    };

    private readonly RootCommand _root;

    public CheckCommand(Stream input, TextWriter output, TextWriter errors)
    {
        _input = input;
        _output = output;
        _errors = errors;
        Command check = new(
            Word,
            "Judges from the outside whether a run was causally consistent (docs/histories.md). "
            + "Exit codes: 0 holds, 1 violated, 2 cannot be judged.")
        {
            _files, _trustVersions, _ignoreVersions, _allowLosses, _dot, _svg,
        };
        _root = new RootCommand { check };
        _root.Directives.Clear();
    }

    public static bool IsMeant(string[] arguments) => arguments is [Word, ..];

    /// <summary>Returns the exit code.</summary>
    public int Run(string[] arguments)
    {
        var parsed = _root.Parse(
            arguments,
            new ParserConfiguration { EnablePosixBundling = false, ResponseFileTokenReplacer = null });

        if (parsed.Errors.Count > 0)
        {
            return Failed(parsed.Errors[0].Message + " 'check --help' shows how it is used.");
        }

        if (parsed.Action is HelpAction)
        {
            return parsed.Invoke(new InvocationConfiguration { Output = _output, Error = _errors });
        }

        CheckOptions options = new()
        {
            Versions = parsed.GetValue(_trustVersions) ? VersionUse.Judge
                : parsed.GetValue(_ignoreVersions) ? VersionUse.Ignore
                : VersionUse.WhereNeeded,
            NothingIsLost = !parsed.GetValue(_allowLosses),
        };

        try
        {
            var verdict = CausalChecker.Check(Read(parsed.GetValue(_files)!), options);
            VerdictText.Write(verdict, options, _output);
            Draw(verdict, parsed.GetValue(_dot), violation => violation.ToDot());
            Draw(verdict, parsed.GetValue(_svg), violation => violation.ToSvg());
            return verdict switch
            {
                Verdict.Holds => 0,
                Verdict.Violated => 1,
                _ => CannotBeJudged,
            };
        }
        catch (Exception error) when (
            error is HistoryFormatException or IOException or UnauthorizedAccessException)
        {
            return Failed($"Cannot be judged: {error.Message}");
        }
    }

    private History Read(string[] files)
    {
        History history = new();

        foreach (string file in files.Distinct())
        {
            if (file == "-")
            {
                using StreamReader lines = new(_input, leaveOpen: true);
                HistoryReader.ReadInto(history, lines, "standard input");
                continue;
            }

            using var stream = PatientFile.Open(
                file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);

            if (HistoryReader.ReadFile(history, stream, file))
            {
                _errors.WriteLine($"{file} ends in the middle of a line, which is left out: what recorded it "
                    + "has crashed, or is at it.");
            }
        }

        return history;
    }

    private void Draw(Verdict verdict, string? file, Func<Violation, string> drawing)
    {
        if (file is not null && verdict is Verdict.Violated violated)
        {
            File.WriteAllText(file, drawing(violated.Violations[0]));
            _output.WriteLine($"The first one is drawn in {file}.");
        }
    }

    private int Failed(string reason)
    {
        _errors.WriteLine(reason);
        return CannotBeJudged;
    }
}
