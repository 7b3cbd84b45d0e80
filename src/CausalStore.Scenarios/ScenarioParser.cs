using System.Globalization;
using CausalStore.Protocol;

namespace CausalStore.Scenarios;

// A scenario is a text, a step a line. Spaces at the beginning of a line and empty lines mean nothing.
//
//   # TEXT                                       a comment
//   title TEXT                                   what the story is called
//   servers COUNT [eventual] [relay TIME]        servers 1 to COUNT, one cluster; the first step. Without
//                                                'relay', only the origin of a write ever sends it
//   say TEXT                                     for whoever watches; lines of it in a row are one paragraph
//   at CLIENT[@SERVER] REQUEST                   write, delete, several of them in one line, read, scan,
//                                                watch, unwatch, as a client types them; @SERVER at first
//   move CLIENT to SERVER [without context]      goes on there, with what it has seen, or as if it were new
//   cut ARROW, delay ARROW TIME, heal ARROW|all  ARROW is 1->3 (what server 1 sends to server 3) or 1<->3
//   stop SERVER, kill SERVER, start SERVER       'start' of one that was not there yet lets it join
//   wait TIME                                    TIME is 10s, 1.5s, 300ms or 2min
//   wait until EXPECTATION                       for a minute at most
//   expect EXPECTATION                           now, or in a moment
//
// An EXPECTATION is one of
//
//   read at CLIENT: KEY = VALUE, KEY missing, ...       the client reads them, as one snapshot
//   pending at SERVER: KEY, KEY, ... | none             keys of the writes that wait, by their versions
//   pushes at CLIENT: KEY = VALUE, KEY removed | none   all since this was last expected, in order
//   same everywhere                                     all servers that run are equal, and nothing waits
//   serving at SERVER, waiting at SERVER                it is a member, or not yet
//   error CODE                                          what the step before was answered with
//
// Keys and values are words as everywhere: with a space or a comma in them they stand between quotes.
public sealed class ScenarioParser
{
    private const int ServersMax = 16;
    private const string Usage = "a step begins with title, servers, say, at, move, cut, delay, heal, stop, "
        + "kill, start, wait or expect";

    private readonly string _file;
    private readonly ScenarioChecker _checker = new();
    private readonly List<Step> _steps = [];
    private string? _title;
    private int _line;
    private int _lastSay;

    private ScenarioParser(string file) => _file = file;

    /// <param name="name">What the story is called where it has no title.</param>
    /// <param name="file">Where the text comes from, for people.</param>
    /// <exception cref="ScenarioException">It cannot be played.</exception>
    public static Scenario Parse(string text, string name, string file) =>
        new ScenarioParser(file).Parse(text, name);

    private Scenario Parse(string text, string name)
    {
        foreach (string line in text.ReplaceLineEndings("\n").Split('\n'))
        {
            _line++;
            string trimmed = line.Trim();

            if (trimmed.Length > 0 && trimmed[0] != '#')
            {
                Take(trimmed);
            }
        }

        return _steps.Count > 0
            ? new Scenario(name, _title ?? name, _steps)
            : throw new ScenarioException($"{_file} has no step: {Usage}");
    }

    private void Take(string line)
    {
        try
        {
            var (verb, rest) = Cut(line);

            if (verb == "title")
            {
                _title = Text(rest, "title The lost ring");
                return;
            }

            Add(_checker.Checked(StepOf(verb, rest)) with { Line = _line, Source = line });
        }
        catch (Exception error) when (error is ScenarioException or ProtocolException)
        {
            throw new ScenarioException($"{_file}, line {_line}: {error.Message}\n    {line}");
        }
    }

    private void Add(Step step)
    {
        bool goesOn = step is Step.Say && _steps is [.., Step.Say] && _lastSay == _line - 1;

        if (goesOn)
        {
            var before = (Step.Say)_steps[^1];
            _steps[^1] = before with { Text = $"{before.Text} {((Step.Say)step).Text}" };
        }
        else
        {
            _steps.Add(step);
        }

        _lastSay = step is Step.Say ? _line : _lastSay;
    }

    private Step StepOf(string verb, string rest) => verb switch
    {
        "servers" => Servers(rest),
        "say" => new Step.Say(Text(rest, "say Alice has lost her ring.")),
        "at" => At(rest),
        "move" => Move(rest),
        "cut" => new Step.Disturb(ArrowsOf(rest), LinkAction.Cut, TimeSpan.Zero),
        "delay" => Delay(rest),
        "heal" when rest == "all" => new Step.HealAll(),
        "heal" => new Step.Disturb(ArrowsOf(rest), LinkAction.Heal, TimeSpan.Zero),
        "stop" => new Step.Stop(Server(rest)),
        "kill" => new Step.Kill(Server(rest)),
        "start" => new Step.Start(Server(rest), IsNew: _checker.IsNew(Server(rest))),
        "wait" when Cut(rest) is ("until", var until) =>
            new Step.WaitUntil(ExpectationParser.Parse(until)),
        "wait" => new Step.Wait(Time(rest)),
        "expect" => new Step.Expect(ExpectationParser.Parse(rest)),
        _ => throw new ScenarioException($"'{verb}' is no step; {Usage}"),
    };

    private static Step.Servers Servers(string rest)
    {
        const string Example = "it is 'servers 3', 'servers 3 eventual' or 'servers 3 relay 5s'";
        string[] words = Words(rest);
        bool isEventual = words.Contains("eventual");
        int relay = Array.IndexOf(words, "relay");
        int known = 1 + (isEventual ? 1 : 0) + (relay >= 0 ? 2 : 0);

        if (words.Length != known || relay == words.Length - 1
            || !int.TryParse(words[0], NumberStyles.None, null, out int count) || count is 0 or > ServersMax)
        {
            throw new ScenarioException($"{Example}, with 1 to {ServersMax} servers");
        }

        return new Step.Servers(
            count, isEventual ? Consistency.Eventual : Consistency.Causal,
            relay < 0 ? TimeSpan.Zero : Time(words[relay + 1]));
    }

    private Step.At At(string rest)
    {
        var (who, request) = Cut(rest);
        var (client, at) = Cut(who, '@');
        int server = at.Length > 0 ? Server(at) : _checker.ServerOf(client);
        return new Step.At(ExpectationParser.Client(client), server, ClientRequest.Parse(request));
    }

    private static Step.Move Move(string rest) => Words(rest) switch
    {
        [var client, "to", var server] =>
            new Step.Move(ExpectationParser.Client(client), Server(server), WithContext: true),
        [var client, "to", var server, "without", "context"] =>
            new Step.Move(ExpectationParser.Client(client), Server(server), WithContext: false),
        _ => throw new ScenarioException("it is 'move alice to 2', or 'move alice to 2 without context'"),
    };

    private static Step.Disturb Delay(string rest) => Words(rest) is [var arrow, var time]
        ? new Step.Disturb(ArrowsOf(arrow), LinkAction.Delay, Time(time))
        : throw new ScenarioException("it is 'delay 1->3 10s'");

    private static Arrow[] ArrowsOf(string word)
    {
        string[] both = word.Split("<->");
        string[] ends = both.Length == 2 ? both : word.Split("->");

        if (ends.Length != 2)
        {
            throw new ScenarioException(
                $"'{word}' is no arrow; it is 1->3 (what server 1 sends to server 3) or 1<->3 (both ways)");
        }

        Arrow arrow = new(Server(ends[0]), Server(ends[1]));
        return both.Length == 2 ? [arrow, new Arrow(arrow.To, arrow.From)] : [arrow];
    }

    private static int Server(string word) => ExpectationParser.Server(word);

    private static TimeSpan Time(string word)
    {
        (string digits, double seconds) = word switch
        {
            _ when word.EndsWith("ms", StringComparison.Ordinal) => (word[..^2], 0.001),
            _ when word.EndsWith("min", StringComparison.Ordinal) => (word[..^3], 60),
            _ when word.EndsWith('s') => (word[..^1], 1),
            _ => ("", 0),
        };

        const NumberStyles Style = NumberStyles.AllowDecimalPoint;

        return double.TryParse(digits, Style, CultureInfo.InvariantCulture, out double number)
            && number * seconds <= 24 * 60 * 60
            ? TimeSpan.FromSeconds(number * seconds)
            : throw new ScenarioException(
                $"'{word}' is no time; it is 10s, 1.5s, 300ms or 2min, a day at most");
    }

    private static string Text(string rest, string example) =>
        rest.Length > 0 ? rest : throw new ScenarioException($"the text is missing, as in: {example}");

    private static string[] Words(string text) =>
        text.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private static (string First, string Behind) Cut(string text, char at = ' ')
    {
        int position = text.IndexOf(at);
        return position < 0 ? (text, "") : (text[..position], text[(position + 1)..].Trim());
    }
}
