using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text;
using CausalStore.Protocol;
using CausalStore.Terminal;

namespace CausalStore.Client.Shell;

/// <summary>
/// The command line: options, then a request. What follows the first word of the request belongs to it
/// whatever it looks like (<c>-5</c>, <c>--port</c>, <c>@home</c>, <c>[x]</c>), so the parser is given only
/// what stands before that word.
/// </summary>
internal sealed class CommandLine
{
    public const string LocalHost = "127.0.0.1";

    private const string About = """
        Talks to a CausalStore server.

          CausalStore.Client --port 60001 --id alice             at the prompt; 'help' lists the requests
          CausalStore.Client --port 60001 --id alice read x      one request, then exit
          CausalStore.Client --port 60001 --id alice < script    a request a line; '#' begins a comment
          CausalStore.Client top --port 60001                    all servers, all the time
          CausalStore.Client watch-ui --server 60001             a page that shows what happens
          CausalStore.Client check run.jsonl                     judges what '--record run.jsonl' wrote
          CausalStore.Client timeline traces --out run.html      draws what '--trace traces/...' wrote
          CausalStore.Client play lost-ring                      plays a story; 'play --list' shows them all
          CausalStore.Client bench --port 60001                  measures a server; 'bench --help' shows more

        Not at a terminal, replies and pushes go to standard output as the server wrote them, all else to
        standard error. Exit codes: 0 done, 1 failed, 2 wrong usage.
        """;

    private readonly Option<ServerAddress[]> _ports = new("--port")
    {
        Description = "The port of a server on this machine; several, and it fails over",
        HelpName = "PORT",
        CustomParser = result => Addresses(result, portOnly: true),
    };

    private readonly Option<ServerAddress[]> _servers = new("--server")
    {
        Description = "A server anywhere; several, and it fails over",
        HelpName = "HOST:PORT",
        CustomParser = result => Addresses(result, portOnly: false),
    };

    private readonly Option<string?> _id = new("--id")
    {
        Description = "Your name in the servers' logs",
        HelpName = "NAME",
    };

    private readonly Option<bool> _quiet = new("--quiet")
    {
        Description = "Only replies, pushes and failures",
    };

    private readonly Option<bool> _echo = new("--echo")
    {
        Description = "Show each request of a script before its reply",
    };

    private readonly Option<string?> _record = new("--record")
    {
        Description = "Append what the session does and sees to a history; 'check' judges it",
        HelpName = "FILE",
    };

    private readonly Option<string?> _trace = new("--trace")
    {
        Description = "Append what the session does and sees to a file; 'timeline' draws it",
        HelpName = "FILE",
    };

    private readonly Option<string?> _history = new("--history")
    {
        Description = "Where the lines typed at the prompt are kept for the next time",
        HelpName = "FILE",
    };

    private readonly Option<bool> _noHistory = new("--no-history")
    {
        Description = "Keep them nowhere",
    };

    private readonly RootCommand _root;

    public CommandLine()
    {
        _root = new RootCommand(About)
        {
            _ports, _servers, _id, _quiet, _echo, _record, _trace, _history, _noHistory,
        };
        _root.Directives.Clear();
    }

    /// <summary>Returns what is asked for; or null, where help was shown or the usage is wrong.</summary>
    public ClientArguments? Parse(string[] arguments, TextWriter output, TextWriter errors, out int exitCode)
    {
        int first = FirstWord(arguments);
        var parsed = _root.Parse(
            arguments[..first],
            new ParserConfiguration { EnablePosixBundling = false, ResponseFileTokenReplacer = null });

        if (parsed.Errors.Count > 0)
        {
            foreach (var error in parsed.Errors)
            {
                errors.WriteLine(error.Message);
            }

            errors.WriteLine("'--help' shows how it is used.");
            exitCode = 2;
            return null;
        }

        if (parsed.Action is not null)
        {
            exitCode = parsed.Invoke(new InvocationConfiguration { Output = output, Error = errors });
            return null;
        }

        exitCode = 0;
        string[] request = arguments[first..];
        return new ClientArguments(
            [.. parsed.GetValue(_ports) ?? [], .. parsed.GetValue(_servers) ?? []],
            parsed.GetValue(_id),
            parsed.GetValue(_quiet),
            parsed.GetValue(_echo),
            parsed.GetValue(_record),
            parsed.GetValue(_trace),
            parsed.GetValue(_noHistory) ? null
                : parsed.GetValue(_history) ?? LineHistoryFile.DefaultPath("CausalStore"),
            request is ["--", ..] ? request[1..] : request);
    }

    /// <summary>A name for the session: any text but the empty one.</summary>
    public static bool IsName(string id) => id.Length > 0 && Encoding.UTF8.GetByteCount(id) <= 1024;

    /// <summary>Reads <c>HOST:PORT</c>, or <c>PORT</c> of this machine.</summary>
    public static bool TryServer(string text, out ServerAddress address) =>
        ServerAddress.TryParse(Encoding.UTF8.GetBytes(text), LocalHost, out address) && address.Listens;

    /// <summary>Where the request begins: at the first argument that is neither an option nor an option's
    /// value.</summary>
    private int FirstWord(string[] arguments)
    {
        int position = 0;

        while (position < arguments.Length && arguments[position] is ['-', _, ..] and not "--")
        {
            string argument = arguments[position];
            var option = _root.Options.FirstOrDefault(
                option => option.Name == argument || option.Aliases.Contains(argument));
            bool hasValueBehind = option?.Arity.MinimumNumberOfValues > 0;
            position += hasValueBehind ? 2 : 1;
        }

        return Math.Min(position, arguments.Length);
    }

    private static ServerAddress[] Addresses(ArgumentResult result, bool portOnly)
    {
        List<ServerAddress> addresses = [];

        foreach (var token in result.Tokens)
        {
            if (!TryServer(token.Value, out var address) || (portOnly && token.Value.Contains(':')))
            {
                result.AddError(portOnly
                    ? $"'{token.Value}' is no port; a port is a number from 1 to 65535."
                    : $"'{token.Value}' is no server; it is HOST:PORT, as in localhost:60001.");
                return [];
            }

            addresses.Add(address);
        }

        return [.. addresses];
    }
}
