using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using CausalStore.Client.Bench;
using CausalStore.Protocol;

namespace CausalStore.Client.Shell;

/// <summary>
/// <c>bench</c>: measures a server. It is meant only where it is the very first argument, before any option:
/// a request always has <c>--port</c> or <c>--server</c> before it.
/// </summary>
internal sealed class BenchCommand
{
    private const string Word = "bench";
    private const int WrongUsage = 2;
    private const int KeysMax = 100_000_000;
    private const int KeyBytesMax = 1024;
    private const int ValueBytesMax = 16 << 20;
    private const long BatchBytesMax = 1L << 30;

    private const string About = """
        Measures a server: one thread keeps DEPTH requests in flight on each connection. Ours, or any that
        speaks RESP (--resp); or two in turn, in pairs with the same requests (--vs, --vs-resp), which is the
        honest way on a machine that does other things as well. How to read it: docs/performance.md.
        Exit codes: 0 done, 1 failed, 2 wrong usage.
        """;

    private readonly TextWriter _output;
    private readonly TextWriter _errors;

    private readonly Option<ServerAddress?> _port = Address("--port", "The port of a server on this machine");
    private readonly Option<ServerAddress?> _server = Address("--server", "A server anywhere, as HOST:PORT");
    private readonly Option<bool> _resp = Flag("--resp", "It speaks RESP (Redis, Garnet, ...)");

    private readonly Option<ServerAddress?> _versus = Address(
        "--vs", "A second server, PORT or HOST:PORT, measured in turn with the first");

    private readonly Option<ServerAddress?> _versusResp = Address("--vs-resp", "The same, if it speaks RESP");

    private readonly Option<ServerAddress?> _visibleAt = Address(
        "--visible-at", "Instead of a load: from a write at the server to its push at this peer of it");

    private readonly Option<int> _connections = Number("--connections", "Connections", 50, 1, 50_000);
    private readonly Option<int> _depth = Number("--depth", "Requests in flight on each", 1, 1, 100_000);
    private readonly Option<int> _keys = Number("--keys", "Size of the key space", 1_000_000, 1, KeysMax);
    private readonly Option<int> _keySize = Number("--key-size", "Bytes in a key", 16, 5, KeyBytesMax);
    private readonly Option<int> _valueSize = Number("--value-size", "Bytes in one", 16, 0, ValueBytesMax);
    private readonly Option<int> _readPercent = Number("--read-percent", "Reads among them", 50, 0, 100);

    private readonly Option<Distribution> _distribution = new("--distribution")
    {
        Description = "Which keys: uniform, sequential, or zipfian (0.99, scattered)",
        HelpName = "NAME",
        CustomParser = ParsedDistribution,
    };

    private readonly Option<int> _operations = Number(
        "--operations", "End a run after so many; 0: no limit", 0, 0, int.MaxValue);

    private readonly Option<double?> _seconds = Seconds(
        "--seconds", "End a run after so long (10; with a second server 2)", 0.01);

    private readonly Option<double?> _warmUp = Seconds("--warm-up", "Seconds before anything counts (1)", 0);
    private readonly Option<bool> _preload = Flag("--preload", "Write every key once, before");

    private readonly Option<int> _rate = Number(
        "--rate", "Operations a second, latency from when each was due; 0: as many as it answers",
        0, 0, 100_000_000);

    private readonly Option<int> _idle = Number("--idle", "More connections that say nothing", 0, 0, 60_000);
    private readonly Option<int> _pairs = Number("--pairs", "Runs of each of two servers", 7, 1, 1000);
    private readonly Option<long> _seed = new("--seed")
    {
        Description = "The same seed gives the same requests",
        DefaultValueFactory = _ => 1,
    };

    private readonly Option<bool> _json = Flag("--json", "The result as JSON");
    private readonly Option<bool> _quiet = Flag("--quiet", "No line of progress each second");
    private readonly RootCommand _root;

    public BenchCommand(TextWriter output, TextWriter errors)
    {
        _output = output;
        _errors = errors;
        Command bench = new(Word, About)
        {
            _port, _server, _resp, _versus, _versusResp, _visibleAt, _connections, _depth, _keys, _keySize,
            _valueSize, _readPercent, _distribution, _operations, _seconds, _warmUp, _preload, _rate, _idle,
            _pairs, _seed, _json, _quiet,
        };
        _root = new RootCommand { bench };
        _root.Directives.Clear();
    }

    public static bool IsMeant(string[] arguments) => arguments is [Word, ..];

    /// <summary>Returns the exit code.</summary>
    public int Run(string[] arguments, CancellationToken stop)
    {
        var parsed = _root.Parse(
            arguments,
            new ParserConfiguration { EnablePosixBundling = false, ResponseFileTokenReplacer = null });

        if (parsed.Errors.Count > 0)
        {
            return Failed(parsed.Errors[0].Message + " 'bench --help' shows how it is used.", WrongUsage);
        }

        if (parsed.Action is HelpAction)
        {
            return parsed.Invoke(new InvocationConfiguration { Output = _output, Error = _errors });
        }

        if (WhatIsWrong(parsed) is { } wrong)
        {
            return Failed(wrong, WrongUsage);
        }

        try
        {
            new BenchRun(Options(parsed), _output, _errors, TimeProvider.System).Run(stop);
            return 0;
        }
        catch (BenchFailedException failure)
        {
            return Failed(failure.Message, 1);
        }
    }

    /// <summary>What the options ask for; they must go together (<see cref="WhatIsWrong"/>).</summary>
    internal BenchOptions Options(ParseResult parsed)
    {
        var versus = parsed.GetValue(_versus) ?? parsed.GetValue(_versusResp);
        int operations = parsed.GetValue(_operations);
        double usual = operations > 0 ? 0 : versus is null ? 10 : 2;
        return new BenchOptions
        {
            Target = new BenchTarget(
                (parsed.GetValue(_port) ?? parsed.GetValue(_server))!.Value, parsed.GetValue(_resp)),
            Versus = versus is { } other
                ? new BenchTarget(other, IsResp: parsed.GetValue(_versusResp) is not null)
                : null,
            VisibleAt = parsed.GetValue(_visibleAt),
            Load = new Load
            {
                Connections = parsed.GetValue(_connections),
                Depth = parsed.GetValue(_depth),
                Keys = parsed.GetValue(_keys),
                KeyBytes = parsed.GetValue(_keySize),
                ValueBytes = parsed.GetValue(_valueSize),
                ReadPercent = parsed.GetValue(_readPercent),
                Distribution = parsed.GetValue(_distribution),
                Rate = parsed.GetValue(_rate),
                Seed = (ulong)parsed.GetValue(_seed),
            },
            Operations = operations,
            Duration = TimeSpan.FromSeconds(parsed.GetValue(_seconds) ?? usual),
            WarmUp = TimeSpan.FromSeconds(parsed.GetValue(_warmUp) ?? 1),
            IsPreloading = parsed.GetValue(_preload),
            Idle = parsed.GetValue(_idle),
            Pairs = parsed.GetValue(_pairs),
            IsJson = parsed.GetValue(_json),
            IsQuiet = parsed.GetValue(_quiet),
        };
    }

    internal ParseResult Parse(params string[] arguments) => _root.Parse([Word, .. arguments]);

    private string? WhatIsWrong(ParseResult parsed)
    {
        bool hasPort = parsed.GetValue(_port) is not null;
        bool hasVersus = parsed.GetValue(_versus) is not null;
        bool hasVersusResp = parsed.GetValue(_versusResp) is not null;
        bool isWatching = parsed.GetValue(_visibleAt) is not null;
        int keySize = parsed.GetValue(_keySize);
        long batchBytes = (long)parsed.GetValue(_depth) * (parsed.GetValue(_valueSize) + keySize + 64);

        return (hasPort, parsed.GetValue(_server) is not null) switch
        {
            (false, false) =>
                "Which server? Say '--port 60001' or '--server HOST:PORT'; 'bench --help' shows more.",
            (true, true) =>
                "One server at a time: '--port' or '--server'; a second one is '--vs' or '--vs-resp'.",
            _ when hasVersus && hasVersusResp => "Two servers at most: '--vs' or '--vs-resp', not both.",
            _ when isWatching && (hasVersus || hasVersusResp || parsed.GetValue(_resp)) =>
                "'--visible-at' is about a peer of a CausalStore server: leave out '--resp' and '--vs'.",
            _ when parsed.GetValue(_keys) > Load.KeysMax(keySize) =>
                $"Keys of {keySize} bytes are '{Load.KeyPrefix}' and a number, {Load.KeysMax(keySize):N0} at "
                + "most: ask for fewer '--keys' or a greater '--key-size'.",
            _ when batchBytes > BatchBytesMax =>
                "A batch would be larger than 1 GB: lower '--depth' or '--value-size'.",
            _ => null,
        };
    }

    private static Option<bool> Flag(string name, string description) =>
        new(name) { Description = description };

    private static Option<int> Number(string name, string description, int usual, int min, int max)
    {
        Option<int> option = new(name)
        {
            Description = description,
            HelpName = "N",
            DefaultValueFactory = _ => usual,
        };
        option.Validators.Add(result =>
        {
            if (result.Errors.Any() || result.Tokens.Count == 0)
            {
                return;
            }

            if (!int.TryParse(result.Tokens[0].Value, out int number) || number < min || number > max)
            {
                result.AddError($"{name} takes a number from {min:N0} to {max:N0}.");
            }
        });
        return option;
    }

    private static Option<double?> Seconds(string name, string description, double min)
    {
        Option<double?> option = new(name) { Description = description, HelpName = "SECONDS" };
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count == 0 || !double.TryParse(result.Tokens[0].Value, out double seconds)
                || !(seconds >= min && seconds <= 1e6))
            {
                result.AddError($"{name} takes seconds, from {min} to 1,000,000.");
            }
        });
        return option;
    }

    private static Option<ServerAddress?> Address(string name, string description) => new(name)
    {
        Description = description,
        HelpName = name == "--server" ? "HOST:PORT" : "PORT",
        CustomParser = result => ParsedAddress(result, name),
    };

    private static ServerAddress? ParsedAddress(ArgumentResult result, string name)
    {
        if (result.Tokens.Count == 1 && CommandLine.TryServer(result.Tokens[0].Value, out var address))
        {
            return address;
        }

        result.AddError($"{name} takes a port from 1 to 65535, or HOST:PORT.");
        return null;
    }

    private static Distribution ParsedDistribution(ArgumentResult result)
    {
        foreach (var distribution in Enum.GetValues<Distribution>())
        {
            if (result.Tokens[0].Value.Equals($"{distribution}", StringComparison.OrdinalIgnoreCase))
            {
                return distribution;
            }
        }

        result.AddError("--distribution takes uniform, sequential or zipfian.");
        return default;
    }

    private int Failed(string reason, int exitCode)
    {
        _errors.WriteLine(reason);
        return exitCode;
    }
}
