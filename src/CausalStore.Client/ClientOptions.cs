using System.CommandLine;
using System.Text;
using CausalStore.Protocol;

namespace CausalStore.Client;

/// <summary>How the client program was started.</summary>
internal sealed record ClientOptions
{
    private const int WrongUsage = 2;

    public IReadOnlyList<ServerAddress> Servers { get; init; } = [];

    public string? Id { get; init; }

    public bool Quiet { get; init; }

    /// <summary>Show each request of a script before its reply, on standard error.</summary>
    public bool Echo { get; init; }

    /// <summary>One request, each argument a word; empty: a script or a person.</summary>
    public IReadOnlyList<string> Request { get; init; } = [];

    /// <summary>Reads the command line. What follows the first word of a request belongs to it, whatever it looks
    /// like: so only the options before it are the parser's.</summary>
    /// <returns>Null, and the exit code, if there is nothing to do but to end.</returns>
    public static (ClientOptions? Options, int ExitCode) Read(string[] arguments)
    {
        Option<int?> port = new("--port") { Description = "The port of a server on this machine.", HelpName = "PORT" };
        Option<string[]> server = new("--server")
        {
            Description = "HOST:PORT of a server; repeated: the client fails over to the next one.",
            HelpName = "HOST:PORT",
        };
        Option<string?> id = new("--id") { Description = "What this client is called in the server's terminal.", HelpName = "NAME" };
        Option<bool> quiet = new("--quiet") { Description = "Nothing but replies and pushes." };
        Option<bool> echo = new("--echo") { Description = "Show each request before its reply, on standard error." };
        RootCommand command = new(
            "A client of CausalStore. With a request behind the options it sends that one; with a script on standard "
            + "input, a request a line; otherwise it asks for requests.")
        {
            port, server, id, quiet, echo,
        };

        int first = FirstOfRequest(arguments);
        var parsed = command.Parse(
            arguments[..first], new ParserConfiguration { EnablePosixBundling = false, ResponseFileTokenReplacer = null });

        if (parsed.Errors.Count > 0 || parsed.Action is not null)
        {
            return (null, parsed.Invoke() == 0 && parsed.Errors.Count == 0 ? 0 : WrongUsage);
        }

        List<ServerAddress> servers = [];

        foreach (string word in (string[])[.. Ports(parsed.GetValue(port)), .. parsed.GetValue(server) ?? []])
        {
            if (!ServerAddress.TryParse(Encoding.UTF8.GetBytes(word), "127.0.0.1", out var address) || !address.Listens)
            {
                Console.Error.WriteLine($"{word} is no server; write --port 60001 or --server otherhost:60001");
                return (null, WrongUsage);
            }

            servers.Add(address);
        }

        return (new ClientOptions
        {
            Servers = servers,
            Id = parsed.GetValue(id),
            Quiet = parsed.GetValue(quiet),
            Echo = parsed.GetValue(echo),
            Request = arguments[first..],
        }, 0);
    }

    private static string[] Ports(int? port) => port is { } number ? [$"{number}"] : [];

    private static int FirstOfRequest(string[] arguments)
    {
        int index = 0;

        while (index < arguments.Length && arguments[index].StartsWith('-') && arguments[index].Length > 1)
        {
            index += arguments[index] is "--port" or "--server" or "--id" ? 2 : 1;
        }

        return Math.Min(index, arguments.Length);
    }
}
