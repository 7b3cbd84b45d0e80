using System.CommandLine;
using System.CommandLine.Help;
using System.Net.Sockets;
using System.Security.Cryptography;
using CausalStore.Client.Live;
using CausalStore.Protocol;

namespace CausalStore.Client.Shell;

/// <summary>
/// <c>watch-ui</c>: the picture of a run, while it runs, in a browser of this machine. It is meant only where
/// it is the very first argument, as with <see cref="TopCommand"/>.
/// </summary>
internal sealed class WatchUiCommand
{
    private const string Word = "watch-ui";
    private const int PortUsual = 8080;
    private const int PortMax = 65535;
    private const int Failure = 1;
    private const int WrongUsage = 2;
    private const int TokenCharacters = 32;

    private const string About = """
        Shows in a browser what happens in a cluster, while it happens: the page of 'timeline', which goes on
        by itself. Links can be cut, delayed and healed there, where the servers were started with
        --allow-faults. One live server is enough to name: the others are found through it. Only this machine
        is served.
        """;

    private readonly TextWriter _output;
    private readonly TextWriter _errors;
    private readonly Option<ServerAddress[]> _servers =
        TopCommand.Addresses("--server", "A server, by its address, or by its port on this machine");

    private readonly Option<int> _port = new("--port")
    {
        Description = $"Where the browser finds the page ({PortUsual}; 0: a free one)",
        HelpName = "PORT",
        DefaultValueFactory = _ => PortUsual,
    };

    private readonly RootCommand _root;

    public WatchUiCommand(TextWriter output, TextWriter errors)
    {
        _output = output;
        _errors = errors;
        _port.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0
                && (!int.TryParse(result.Tokens[^1].Value, out int port) || port is < 0 or > PortMax))
            {
                result.AddError($"--port takes a port from 0 to {PortMax}.");
            }
        });
        _root = new RootCommand { new Command(Word, About) { _port, _servers } };
        _root.Directives.Clear();
    }

    public static bool IsMeant(string[] arguments) => arguments is [Word, ..];

    /// <summary>Returns the exit code.</summary>
    public async Task<int> RunAsync(string[] arguments, CancellationToken stop)
    {
        var parsed = _root.Parse(
            arguments,
            new ParserConfiguration { EnablePosixBundling = false, ResponseFileTokenReplacer = null });

        if (parsed.Errors.Count > 0)
        {
            return Failed(parsed.Errors[0].Message + " 'watch-ui --help' shows how it is used.", WrongUsage);
        }

        if (parsed.Action is HelpAction)
        {
            return parsed.Invoke(new InvocationConfiguration { Output = _output, Error = _errors });
        }

        ServerAddress[] servers = parsed.GetValue(_servers) ?? [];

        if (servers.Length == 0)
        {
            return Failed(
                "Which server? Say '--server 60001' or '--server HOST:PORT'; one is enough. --port is where"
                + " the browser finds the page.", WrongUsage);
        }

        int port = parsed.GetValue(_port);

        try
        {
            using LoopbackHttp http = new(port);
            await ServeAsync(http, servers, stop);
            return 0;
        }
        catch (SocketException error)
        {
            return Failed(
                $"Port {port} cannot be had for the page: {error.Message}. Say another --port; 0 takes a free"
                + " one.", Failure);
        }
    }

    private async Task ServeAsync(LoopbackHttp http, ServerAddress[] servers, CancellationToken stop)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stop);
        LiveCluster cluster = new(servers, TimeProvider.System);
        string token = RandomNumberGenerator.GetHexString(TokenCharacters, lowercase: true);
        LivePage page = new(http.Port, token, cluster.State, cluster.DisturbAsync, TimeProvider.System);
        await _output.WriteLineAsync(
            $"Open http://127.0.0.1:{http.Port}/ in a browser of this machine; Ctrl-C ends it.");
        await _output.FlushAsync(stop);
        Task[] both = [cluster.RunAsync(ended.Token), http.RunAsync(page.ServeAsync, ended.Token)];
        await Task.WhenAny(both);
        await ended.CancelAsync();
        await Task.WhenAll(both);
    }

    private int Failed(string reason, int exitCode)
    {
        _errors.WriteLine(reason);
        return exitCode;
    }
}
