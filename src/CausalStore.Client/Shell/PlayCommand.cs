using System.CommandLine;
using System.CommandLine.Help;
using CausalStore.Client.Play;
using CausalStore.Client.Timeline;
using CausalStore.Scenarios;
using CausalStore.Scenarios.Virtual;

namespace CausalStore.Client.Shell;

/// <summary>
/// <c>play SCENARIO</c>: plays a story about servers and clients, on virtual time or with real processes. It
/// is meant only where it is the very first argument, as with <see cref="CheckCommand"/>.
/// </summary>
internal sealed class PlayCommand
{
    private const string Word = "play";
    private const int NotAsExpected = 1;
    private const int WrongUsage = 2;

    private static readonly TimeSpan ReadingTime = TimeSpan.FromSeconds(2);

    private readonly TextWriter _output;
    private readonly TextWriter _errors;

    private readonly Argument<string?> _scenario = new("SCENARIO")
    {
        Description = "A file, or the name of one that comes with the program ('--list')",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<bool> _list = new("--list") { Description = "What comes with the program" };

    private readonly Option<bool> _show = new("--show")
    {
        Description = "The scenario itself, to be read or changed",
    };

    private readonly Option<bool> _real = new("--real")
    {
        Description = "With real processes, as fast as a person types",
    };

    private readonly Option<double> _speed = new("--speed")
    {
        Description = "With --real: so many times as fast",
        HelpName = "TIMES",
        DefaultValueFactory = _ => 1,
    };

    private readonly Option<string?> _program = new("--program")
    {
        Description = "With --real: CausalStore.Server.dll, if it is not where a build leaves it",
        HelpName = "PATH",
    };

    private readonly Option<string?> _out = new("--out")
    {
        Description = "Draw the run as a page for a browser",
        HelpName = "FILE",
    };

    private readonly Option<string?> _svg = new("--svg")
    {
        Description = "Draw it as a picture for slides",
        HelpName = "FILE",
    };

    private readonly Option<bool> _text = new("--text") { Description = "Draw it here" };

    private readonly RootCommand _root;

    public PlayCommand(TextWriter output, TextWriter errors)
    {
        _output = output;
        _errors = errors;
        Command play = new(
            Word, "Plays a story about servers and clients (docs/tutorial.md), and says whether it goes as"
            + " expected. Exit codes: 0 it does, 1 it does not, 2 wrong usage or no scenario.")
        {
            _scenario, _list, _show, _real, _speed, _program, _out, _svg, _text,
        };
        _root = new RootCommand { play };
        _root.Directives.Clear();
    }

    public static bool IsMeant(string[] arguments) => arguments is [Word, ..];

    /// <summary>Returns the exit code.</summary>
    public async Task<int> RunAsync(string[] arguments, CancellationToken stop)
    {
        var parsed = _root.Parse(
            arguments,
            new ParserConfiguration { EnablePosixBundling = false, ResponseFileTokenReplacer = null });

        if (parsed.Action is HelpAction && parsed.Errors.Count == 0)
        {
            return parsed.Invoke(new InvocationConfiguration { Output = _output, Error = _errors });
        }

        if (Wrong(parsed) is { } wrong)
        {
            await _errors.WriteLineAsync(wrong + " 'play --help' shows how it is used.");
            return WrongUsage;
        }

        if (parsed.GetValue(_list))
        {
            List();
            return 0;
        }

        try
        {
            var (name, text, file) = Read(parsed.GetValue(_scenario)!);
            var scenario = ScenarioParser.Parse(text, name, file);

            if (parsed.GetValue(_show))
            {
                await _output.WriteAsync(text);
                return 0;
            }

            return await PlayAsync(scenario, parsed, stop);
        }
        catch (Exception error) when (
            error is ScenarioException or IOException or UnauthorizedAccessException)
        {
            await _errors.WriteLineAsync(error.Message);
            return WrongUsage;
        }
        catch (StageException error)
        {
            await _errors.WriteLineAsync($"The story cannot go on: {error.Message}");
            return NotAsExpected;
        }
    }

    private string? Wrong(ParseResult parsed) =>
        parsed.Errors.Count > 0 ? parsed.Errors[0].Message
        : parsed.GetValue(_scenario) is null && !parsed.GetValue(_list)
            ? "Which scenario? Say a file, or a name of 'play --list'."
        : parsed.GetValue(_speed) is not (>= 0.1 and <= 100) ? "The speed is a number from 0.1 to 100."
        : null;

    private void List()
    {
        int width = ShippedScenarios.Names.Max(name => name.Length);

        foreach (string name in ShippedScenarios.Names)
        {
            _output.WriteLine($"{name.PadRight(width)}  {ShippedScenarios.Get(name).Title}");
        }
    }

    private static (string Name, string Text, string File) Read(string scenario)
    {
        if (File.Exists(scenario))
        {
            return (Path.GetFileNameWithoutExtension(scenario), File.ReadAllText(scenario), scenario);
        }

        return ShippedScenarios.TextOf(scenario) is { } text
            ? (scenario, text, $"{scenario}.scenario")
            : throw new ScenarioException(
                $"There is no file '{scenario}', and no scenario of that name comes with the program; "
                + $"there are {string.Join(", ", ShippedScenarios.Names)}.");
    }

    private async Task<int> PlayAsync(Scenario scenario, ParseResult parsed, CancellationToken stop)
    {
        PlayText text = new(_output);
        text.Begin(scenario);
        await using var stage = StageOf(scenario, parsed);
        var reading = parsed.GetValue(_real) ? ReadingTime / parsed.GetValue(_speed) : TimeSpan.Zero;
        ScenarioRun run = new(scenario, stage, outcome =>
        {
            text.Tell(outcome);
            return outcome.Kind == OutcomeKind.Said ? Task.Delay(reading, stop) : Task.CompletedTask;
        });
        var verdict = await run.RunAsync(stop);
        text.End(verdict);
        Draw(RunBuilder.Build(await stage.FinishAsync(stop), isOver: true), scenario, parsed);
        return verdict.Holds ? 0 : NotAsExpected;
    }

    private IStage StageOf(Scenario scenario, ParseResult parsed)
    {
        if (!parsed.GetValue(_real))
        {
            return new VirtualStage();
        }

        string program = parsed.GetValue(_program) ?? ServerProgram.Find(AppContext.BaseDirectory);
        bool keepsData = scenario.Steps.Any(step => step is Step.Start { IsNew: false });
        return new RealStage(
            new RealStageOptions(program, parsed.GetValue(_speed), keepsData), TimeProvider.System);
    }

    private void Draw(Timeline.Run run, Scenario scenario, ParseResult parsed)
    {
        if (parsed.GetValue(_text))
        {
            _output.WriteLine();
            new TextDiagram(run).Write(_output);
        }

        Write(parsed.GetValue(_svg), file => new SvgDrawing([run]).Write(file));
        Write(parsed.GetValue(_out), file => new HtmlPage([run], scenario.Title).Write(file));
    }

    private void Write(string? path, Action<TextWriter> draw)
    {
        if (path is null)
        {
            return;
        }

        using (StreamWriter file = new(path) { NewLine = "\n" })
        {
            draw(file);
        }

        _errors.WriteLine($"The picture is in {path}");
    }
}
