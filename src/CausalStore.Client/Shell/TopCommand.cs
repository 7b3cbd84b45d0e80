using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using CausalStore.Client.Top;
using CausalStore.Protocol;
using CausalStore.Terminal;

namespace CausalStore.Client.Shell;

/// <summary>
/// <c>top</c>: all servers of a cluster, all the time. It is meant only where it is the very first argument,
/// before any option: a request always has <c>--port</c> or <c>--server</c> before it.
/// </summary>
internal sealed class TopCommand
{
    private const string Word = "top";
    private const int WrongUsage = 2;
    private const double SecondsMin = 0.1;
    private const double SecondsMax = 3600;

    /// <summary>Where nobody looks, rows are as long as they are.</summary>
    private const int ColumnsOfFile = 1000;

    private const string About = """
        Shows all servers of a cluster, refreshed in place: who is up, what each does in a second, how the
        links are, who lacks what of whom and for how long, and which writes wait for what. One live server is
        enough to name: the others are found through it. Not at a terminal, it prints a picture each interval.
        Exit codes: 0 done, 1 nobody answered ('--once'), 2 wrong usage.
        """;

    private static readonly (int Columns, int Rows) UsualSize = (80, 24);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>Who looks only once waits longer for an answer.</summary>
    private static readonly TimeSpan PatienceOnce = TimeSpan.FromSeconds(5);


    private readonly TextWriter _output;
    private readonly TextWriter _errors;
    private readonly Option<ServerAddress[]> _ports = Addresses("--port", "A server of this machine");
    private readonly Option<ServerAddress[]> _servers = Addresses("--server", "A server anywhere");

    private readonly Option<double?> _interval = new("--interval")
    {
        Description = $"Seconds from one look to the next (1; at least {SecondsMin})",
        HelpName = "SECONDS",
    };

    private readonly Option<bool> _once = new("--once") { Description = "Look once, print it, and exit" };
    private readonly RootCommand _root;

    public TopCommand(TextWriter output, TextWriter errors)
    {
        _output = output;
        _errors = errors;
        _interval.Validators.Add(result =>
        {
            if (result.Tokens.Count == 0 || !double.TryParse(result.Tokens[0].Value, out double seconds)
                || !(seconds >= SecondsMin && seconds <= SecondsMax))
            {
                result.AddError($"--interval takes seconds, from {SecondsMin} to {SecondsMax}.");
            }
        });
        Command top = new(Word, About) { _ports, _servers, _interval, _once };
        _root = new RootCommand { top };
        _root.Directives.Clear();
    }

    public static bool IsMeant(string[] arguments) => arguments is [Word, ..];

    /// <summary>Returns the exit code.</summary>
    /// <param name="isTerminal">Whether somebody looks who can press a key.</param>
    public async Task<int> RunAsync(string[] arguments, bool isTerminal, CancellationToken stop)
    {
        var parsed = _root.Parse(
            arguments,
            new ParserConfiguration { EnablePosixBundling = false, ResponseFileTokenReplacer = null });

        if (parsed.Errors.Count > 0)
        {
            return Failed(parsed.Errors[0].Message + " 'top --help' shows how it is used.");
        }

        if (parsed.Action is HelpAction)
        {
            return parsed.Invoke(new InvocationConfiguration { Output = _output, Error = _errors });
        }

        ServerAddress[] named = [.. parsed.GetValue(_ports) ?? [], .. parsed.GetValue(_servers) ?? []];

        if (named.Length == 0)
        {
            return Failed("Which server? Say '--port 60001' or '--server HOST:PORT'; one is enough.");
        }

        var interval = TimeSpan.FromSeconds(parsed.GetValue(_interval) ?? 1);
        bool isOnce = parsed.GetValue(_once);
        await using ClusterProbe cluster = new(
            named, isOnce ? PatienceOnce : Patience, TimeProvider.System);

        if (isOnce)
        {
            return await PrintAsync(cluster, isTerminal ? Size().Columns : ColumnsOfFile, stop) ? 0 : 1;
        }

        if (isTerminal && Ansi.IsObeyed())
        {
            Keyboard keyboard = new();
            keyboard.Start(() => Console.ReadKey(intercept: true));
            LiveView live = new(
                cluster, _output, Ansi.HasColour(), Size, keyboard.Keys, interval, TimeProvider.System);
            await live.RunAsync(stop);
            return 0;
        }

        while (true)
        {
            await PrintAsync(cluster, ColumnsOfFile, stop);
            await Task.Delay(interval, stop);
        }
    }

    /// <summary>Returns whether anybody answered.</summary>
    private async Task<bool> PrintAsync(ClusterProbe cluster, int columns, CancellationToken stop)
    {
        var view = await cluster.AskAsync(stop);

        foreach (var row in TopText.Rows(view, $"{TimeProvider.System.GetLocalNow():HH:mm:ss}", columns))
        {
            await _output.WriteLineAsync(row.Text.AsMemory(), stop);
        }

        await _output.WriteLineAsync();
        await _output.FlushAsync(stop);
        return view.Reports.Any();
    }

    private static (int Columns, int Rows) Size()
    {
        try
        {
            var (columns, rows) = (Console.WindowWidth, Console.WindowHeight);

            // Some terminals do not know.
            return columns > 0 && rows > 0 ? (Math.Max(20, columns), Math.Max(5, rows)) : UsualSize;
        }
        catch (IOException)
        {
            return UsualSize;
        }
    }

    /// <summary>An option that names servers.</summary>
    public static Option<ServerAddress[]> Addresses(string name, string description) => new(name)
    {
        Description = description,
        HelpName = name == "--server" ? "HOST:PORT" : "PORT",
        CustomParser = result => Parsed(result, name),
    };

    private static ServerAddress[] Parsed(ArgumentResult result, string name)
    {
        List<ServerAddress> addresses = [];

        foreach (var token in result.Tokens)
        {
            if (CommandLine.TryServer(token.Value, out var address))
            {
                addresses.Add(address);
            }
            else
            {
                result.AddError($"{name} takes a port from 1 to 65535, or HOST:PORT.");
            }
        }

        return [.. addresses];
    }

    private int Failed(string reason)
    {
        _errors.WriteLine(reason);
        return WrongUsage;
    }
}
