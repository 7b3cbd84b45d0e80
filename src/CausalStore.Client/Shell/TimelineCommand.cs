using System.CommandLine;
using System.CommandLine.Help;
using CausalStore.Client.Timeline;
using CausalStore.Tracing;

namespace CausalStore.Client.Shell;

/// <summary>
/// <c>timeline TRACE...</c>: draws a run from the traces of its servers and clients. It is meant only where
/// it is the very first argument, as with <see cref="CheckCommand"/>.
/// </summary>
internal sealed class TimelineCommand
{
    private const string Word = "timeline";
    private const int Failure = 1;
    private const int WrongUsage = 2;

    private readonly TextWriter _output;
    private readonly TextWriter _errors;

    private readonly Argument<string[]> _traces = new("TRACE")
    {
        Description = "Traces, as '--trace' writes them, or folders of them; all are one run",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<string[]> _diff = new("--diff")
    {
        Description = "Traces of a second run, to be shown beside the first",
        HelpName = "TRACE...",
        AllowMultipleArgumentsPerToken = true,
    };

    private readonly Option<string?> _out = new("--out")
    {
        Description = "Where to; standard output if not said",
        HelpName = "FILE",
    };

    private readonly Option<bool> _svg = new("--svg") { Description = "A picture for slides" };

    private readonly Option<bool> _text = new("--text") { Description = "A diagram for the terminal" };

    private readonly Option<string?> _shiviz = new("--shiviz")
    {
        Description = "A log for ShiViz: every message with its arrow, or what each effect had as its cause",
        HelpName = "messages|applies",
    };

    private readonly Option<string?> _title = new("--title")
    {
        Description = "What stands above the page",
        HelpName = "TEXT",
    };

    private readonly RootCommand _root;

    public TimelineCommand(TextWriter output, TextWriter errors)
    {
        _output = output;
        _errors = errors;
        _shiviz.AcceptOnlyFromAmong("messages", "applies");
        Command timeline = new(
            Word, "Draws a run from the traces of its servers and clients (docs/traces.md): as a page for a"
            + " browser, unless something else is asked for.")
        {
            _traces, _diff, _out, _svg, _text, _shiviz, _title,
        };
        _root = new RootCommand { timeline };
        _root.Directives.Clear();
    }

    public static bool IsMeant(string[] arguments) => arguments is [Word, ..];

    /// <summary>Returns the exit code.</summary>
    public int Run(string[] arguments)
    {
        var parsed = _root.Parse(
            arguments,
            new ParserConfiguration { EnablePosixBundling = false, ResponseFileTokenReplacer = null });

        if (parsed.Action is HelpAction && parsed.Errors.Count == 0)
        {
            return parsed.Invoke(new InvocationConfiguration { Output = _output, Error = _errors });
        }

        string[] others = parsed.Errors.Count > 0 ? [] : parsed.GetValue(_diff) ?? [];

        if (Wrong(parsed, isDiff: others.Length > 0) is { } wrong)
        {
            _errors.WriteLine(wrong + " 'timeline --help' shows how it is used.");
            return WrongUsage;
        }

        try
        {
            List<Timeline.Run> runs = [Read(parsed.GetValue(_traces)!)];

            if (others.Length > 0)
            {
                runs.Add(Read(others));
            }

            Write(parsed, runs);
            return 0;
        }
        catch (Exception error) when (
            error is TraceFormatException or IOException or UnauthorizedAccessException)
        {
            _errors.WriteLine($"Cannot be drawn: {error.Message}");
            return Failure;
        }
    }

    private string? Wrong(ParseResult parsed, bool isDiff)
    {
        if (parsed.Errors.Count > 0)
        {
            return parsed.Errors[0].Message;
        }

        string? shiviz = parsed.GetValue(_shiviz);
        int formats = (parsed.GetValue(_svg) ? 1 : 0) + (parsed.GetValue(_text) ? 1 : 0)
            + (shiviz is null ? 0 : 1);

        return formats > 1 ? "Only one of --svg, --text and --shiviz at a time."
            : isDiff && shiviz is not null ? "ShiViz reads one run at a time: leave out --diff."
            : null;
    }

    private void Write(ParseResult parsed, List<Timeline.Run> runs)
    {
        if (parsed.GetValue(_out) is not { } path)
        {
            Write(parsed, runs, _output);
            return;
        }

        using (StreamWriter file = new(path) { NewLine = "\n" })
        {
            Write(parsed, runs, file);
        }

        _errors.WriteLine($"{runs.Sum(run => run.Events.Count):N0} events are drawn in {path}");
    }

    private void Write(ParseResult parsed, List<Timeline.Run> runs, TextWriter output)
    {
        if (parsed.GetValue(_shiviz) is { } shiviz)
        {
            var clocks = shiviz == "messages" ? ShivizClocks.Messages : ShivizClocks.Applies;
            new ShivizExport(runs[0], clocks).Write(output);
        }
        else if (parsed.GetValue(_svg))
        {
            new SvgDrawing(runs).Write(output);
        }
        else if (parsed.GetValue(_text))
        {
            foreach (var run in runs)
            {
                new TextDiagram(run).Write(output);
            }
        }
        else
        {
            new HtmlPage(runs, parsed.GetValue(_title) ?? "CausalStore timeline").Write(output);
        }
    }

    private Timeline.Run Read(string[] paths) => RunBuilder.Build(
        [.. paths.SelectMany(FilesOf).Distinct().Select(ReadFile)]);

    private IReadOnlyList<TraceLine> ReadFile(string path)
    {
        // Whoever writes it may be at it.
        using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using StreamReader text = new(file);
        return TraceReader.Read(text, path, _errors.WriteLine);
    }

    private static IEnumerable<string> FilesOf(string path) => Directory.Exists(path)
        ? Directory.EnumerateFiles(path, "*.jsonl").Order(StringComparer.Ordinal)
        : [path];
}
