using System.CommandLine;
using System.CommandLine.Parsing;
using CausalStore.Protocol;
using CausalStore.Server.Commands;
using CausalStore.Server.Storage;

namespace CausalStore.Server;

/// <summary>The words after the program's name, read into <see cref="ServerOptions"/>.</summary>
internal sealed class CommandLine
{
    private const int WrongUsage = 2;
    private const string PortAdvice = "is a port from 0 to 65535; 0 finds a free one";
    private const string IdAdvice = "is a number from 1 to 65535 that no other server of the cluster has";
    private const string PeerAdvice = "is PORT or HOST:PORT of another server: 60002 or otherhost:60002";
    private const string SecondsAdvice = "is a number of seconds, as in 5 or 0.5";
    private static readonly string LineBytesAdvice =
        $"is a number of bytes from 1 to {ServerOptions.LineBytesMost}";

    private readonly Option<int?> _port = new("--port")
    {
        Description = "The port to listen on; 0: a free one, named by the line"
            + " 'Server 1 listening on port ...'.",
        CustomParser = result => Parse("--port", result, OptionWords.Port, PortAdvice),
        HelpName = "PORT",
    };

    private readonly Option<ServerId?> _id = new("--id")
    {
        Description = "The number of this server, 1 to 65535; no other server of the cluster has it.",
        CustomParser = result => Parse("--id", result, OptionWords.Id, IdAdvice),
        HelpName = "ID",
    };

    private readonly Option<ServerAddress[]> _peers = new("--peers")
    {
        Description = "Other servers; any one that lives is enough, in any order of starting.",
        CustomParser = ParsePeers,
        AllowMultipleArgumentsPerToken = true,
        Arity = ArgumentArity.OneOrMore,
        HelpName = "PORT | HOST:PORT",
    };

    private readonly Option<string?> _bind = new("--bind")
    {
        Description = "The address to listen on (127.0.0.1: only this machine; 0.0.0.0: everybody).",
        HelpName = "ADDRESS",
    };

    private readonly Option<ServerAddress?> _advertise = new("--advertise")
    {
        Description = "Where other servers find this one, if not where its connections come from.",
        CustomParser = result => Parse(
            "--advertise", result, OptionWords.Address, "is HOST:PORT, as in store1.example.org:60001"),
        HelpName = "HOST:PORT",
    };

    private readonly Option<string?> _data = new("--data")
    {
        Description = "Where the data are kept (data/server-ID); one server, one directory.",
        HelpName = "DIR",
    };

    private readonly Option<bool> _inMemory = new("--in-memory")
    {
        Description = "Keep the data in memory only: they end with the process.",
    };

    private readonly Option<Fsync> _fsync = new("--fsync")
    {
        Description = "When what is acknowledged is forced to the disk: always (before it is acknowledged, as"
            + " it is if not said), everysec, or never. With the latter two, a server whose machine went down"
            + " does not start again under its id.",
        CustomParser = ParseFsync,
        HelpName = "always|everysec|never",
    };

    private readonly Option<int?> _maxLine = new("--max-line")
    {
        Description = "The longest line of a client in bytes (1048576).",
        CustomParser = result => Parse("--max-line", result, OptionWords.LineBytes, LineBytesAdvice),
        HelpName = "BYTES",
    };

    private readonly Option<TimeSpan?> _contextWait = new("--context-wait")
    {
        Description = "How long 'context CONTEXT' waits for what it names (5).",
        CustomParser = result => Parse("--context-wait", result, OptionWords.Seconds, SecondsAdvice),
        HelpName = "SECONDS",
    };

    private readonly Option<TimeSpan?> _relayAfter = new("--relay-after")
    {
        Description = "How long a server may lack a write before somebody other than its origin sends it"
            + " (5; 0: never).",
        CustomParser = result => Parse("--relay-after", result, OptionWords.Seconds, SecondsAdvice),
        HelpName = "SECONDS",
    };

    private readonly Option<bool> _allowFaults = new("--allow-faults")
    {
        Description = "Obey 'link SERVER cut', 'delay', 'step' and 'heal'.",
    };

    private readonly Option<Consistency> _consistency = new("--consistency")
    {
        Description = "causal (as it is if not said), or eventual: shows effects before their causes,"
            + " for teaching and measuring.",
        CustomParser = ParseConsistency,
        HelpName = "causal|eventual",
    };

    private readonly Option<bool> _new = new("--new")
    {
        Description = "Found a cluster although --peers are named.",
    };

    private readonly Option<bool> _narrate = new("--narrate")
    {
        Description = "Tell of every read and write (in a terminal it does so by itself).",
    };

    private readonly Option<bool> _quiet = new("--quiet")
    {
        Description = "Tell of errors only; the line 'Server 1 listening on port ...' stays.",
    };

    private readonly Option<bool> _commands = new("--commands")
    {
        Description = "Take commands from standard input, whatever it is ('help' lists them); in a terminal"
            + " it does so by itself.",
    };

    private readonly Option<bool> _noCommands = new("--no-commands")
    {
        Description = "Take no commands, and do not read standard input.",
    };

    private readonly Option<string?> _trace = new("--trace")
    {
        Description = "Append what happens to a file of JSON lines; 'CausalStore.Client timeline' draws it.",
        HelpName = "FILE",
    };

    private readonly Option<long?> _retain = new("--retain")
    {
        Description = "Writes kept for servers that lack them, in bytes of memory and of disk (268435456);"
            + " who lacks more gets a copy of the state.",
        CustomParser = result => Parse(
            "--retain", result, OptionWords.Bytes, "is a number of bytes, 0 or more"),
        HelpName = "BYTES",
    };

    /// <summary>Reads the command line, and asks for what is missing if there is somebody to ask.</summary>
    /// <param name="ask">Asks a person a question and returns the answer, null at the end of the input;
    /// itself null when there is nobody to ask.</param>
    /// <param name="isTerminal">Whether a person sees what the server prints.</param>
    /// <param name="output">Where maintenance tells what it found or did.</param>
    /// <param name="error">Where wrong usage is explained.</param>
    /// <returns>The options; or none, and what the program exits with.</returns>
    public static (ServerOptions? Options, int ExitCode) Read(
        IReadOnlyList<string> arguments, Func<string, string?>? ask, bool isTerminal, TextWriter output,
        TextWriter error)
    {
        CommandLine line = new();
        RootCommand command = new("A causally consistent key-value store: one server of a cluster.");
        Option[] all =
        [
            line._port, line._id, line._peers, line._bind, line._advertise, line._data, line._inMemory,
            line._fsync, line._maxLine, line._contextWait, line._relayAfter, line._allowFaults,
            line._consistency, line._new, line._narrate, line._quiet, line._retain, line._trace,
            line._commands, line._noCommands,
        ];

        foreach (var option in all)
        {
            command.Options.Add(option);
        }

        foreach (var maintenance in line.MaintenanceCommands(output, error))
        {
            command.Subcommands.Add(maintenance);
        }

        // Without one, a command would be demanded.
        command.SetAction(_ => 0);
        var result = command.Parse(arguments, new ParserConfiguration { ResponseFileTokenReplacer = null });

        // Help, version or maintenance, which do themselves what was asked.
        if (result.Action is { } action && action != command.Action && result.Errors.Count == 0)
        {
            return (null, result.Invoke());
        }

        try
        {
            return (line.Options(result, ask, isTerminal), 0);
        }
        catch (UsageException wrong)
        {
            error.WriteLine(wrong.Message);
            error.WriteLine("'--help' lists all options.");
            return (null, WrongUsage);
        }
    }

    private IEnumerable<Command> MaintenanceCommands(TextWriter output, TextWriter error)
    {
        Option<string> data = new("--data")
        {
            Description = "The directory.",
            HelpName = "DIR",
            Required = true,
        };
        Option<ServerId?> id = new("--id")
        {
            Description = "The number of the new server, one that no server of the saved cluster has or had.",
            CustomParser = _id.CustomParser,
            HelpName = "ID",
            Required = true,
        };
        return Server.MaintenanceCommands.All(data, id, output, error);
    }

    private ServerOptions Options(ParseResult result, Func<string, string?>? ask, bool isTerminal)
    {
        if (result.Errors.Count > 0)
        {
            var wrongs = result.Errors.Select(wrong => wrong.Message);
            throw new UsageException(string.Join(Environment.NewLine, wrongs));
        }

        Refuse(result, _narrate, _quiet);
        Refuse(result, _data, _inMemory);
        Refuse(result, _fsync, _inMemory);
        Refuse(result, _commands, _noCommands);

        var port = result.GetValue(_port);
        var id = result.GetValue(_id);
        var peers = result.GetValue(_peers) ?? [];

        if (port is null || id is null)
        {
            Questions questions = new(ask ?? throw new UsageException(
                "--port and --id are needed: CausalStore.Server --port 60001 --id 1 --peers 60002"));
            port ??= questions.Ask("Server port: ", OptionWords.Port, PortAdvice);
            id ??= questions.Ask("Server ID: ", OptionWords.Id, IdAdvice);
            peers = peers.Length > 0
                ? peers
                : questions.Ask("Enter other servers' ports: ", OptionWords.Peers, PeerAdvice);
        }

        ServerOptions options = new() { Port = port.Value, Id = id.Value };

        return options with
        {
            Peers = peers,
            Bind = result.GetValue(_bind) ?? options.Bind,
            Advertise = result.GetValue(_advertise),
            DataDirectory = result.GetValue(_inMemory) ? null
                : result.GetValue(_data) ?? Path.Combine("data", $"server-{id}"),
            Fsync = result.GetValue(_fsync),
            LineBytesMax = result.GetValue(_maxLine) ?? options.LineBytesMax,
            ContextWait = result.GetValue(_contextWait) ?? options.ContextWait,
            RelayAfter = result.GetValue(_relayAfter) ?? options.RelayAfter,
            AllowFaults = result.GetValue(_allowFaults),
            Consistency = result.GetValue(_consistency),
            Found = result.GetValue(_new),
            RetainBytes = result.GetValue(_retain) ?? options.RetainBytes,
            TraceFile = result.GetValue(_trace),
            Commands = result.GetValue(_noCommands) ? CommandsFrom.Nobody
                : result.GetValue(_commands) ? CommandsFrom.StandardInput
                : CommandsFrom.Terminal,
            Verbosity = result.GetValue(_quiet) ? Verbosity.Quiet
                : result.GetValue(_narrate) || isTerminal ? Verbosity.Narrate
                : Verbosity.Warnings,
        };
    }

    private static void Refuse(ParseResult result, Option one, Option other)
    {
        if (result.GetResult(one) is { Implicit: false } && result.GetResult(other) is { Implicit: false })
        {
            throw new UsageException($"{one.Name} and {other.Name} contradict each other; give one of them.");
        }
    }

    /// <summary>The value of an option's one word, or an error that says what it should be.</summary>
    private static T? Parse<T>(string option, ArgumentResult result, Func<string, T?> read, string advice)
    {
        string word = result.Tokens[^1].Value;
        var value = read(word);

        if (value is null)
        {
            result.AddError($"{option} {advice}; '{word}' is not.");
        }

        return value;
    }

    private static ServerAddress[] ParsePeers(ArgumentResult result)
    {
        List<ServerAddress> peers = [];

        foreach (var token in result.Tokens)
        {
            if (OptionWords.Peers(token.Value) is { } some)
            {
                peers.AddRange(some);
            }
            else
            {
                result.AddError($"--peers {PeerAdvice}; '{token.Value}' is not.");
            }
        }

        return [.. peers];
    }

    private static Fsync ParseFsync(ArgumentResult result)
    {
        string word = result.Tokens[^1].Value;

        foreach (var fsync in Enum.GetValues<Fsync>())
        {
            if (FsyncPromise.Word(fsync) == word)
            {
                return fsync;
            }
        }

        result.AddError($"--fsync is always, everysec or never; '{word}' is not.");
        return Fsync.Always;
    }

    private static Consistency ParseConsistency(ArgumentResult result)
    {
        string word = result.Tokens[^1].Value;
        bool isEventual = word == "eventual";

        if (!isEventual && word != "causal")
        {
            result.AddError($"--consistency is causal or eventual; '{word}' is not.");
        }

        return isEventual ? Consistency.Eventual : Consistency.Causal;
    }
}
