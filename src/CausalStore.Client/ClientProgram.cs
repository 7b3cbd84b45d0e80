using System.Text;
using CausalStore.Protocol;

namespace CausalStore.Client;

/// <summary>The program around a <see cref="StoreClient"/>: one request, a script, or a person at the prompt.</summary>
internal sealed class ClientProgram(ClientOptions options)
{
    private const int Done = 0;
    private const int Failed = 1;
    private const int WrongUsage = 2;
    private const int LineBytesMax = 32 << 20;

    private bool IsOneRequest => options.Request.Count > 0;

    private bool IsAtPrompt => !IsOneRequest && !Console.IsInputRedirected;

    public async Task<int> RunAsync(CancellationToken stop)
    {
        if (Servers() is not { } servers)
        {
            return WrongUsage;
        }

        string id = options.Id ?? (IsAtPrompt && options.Servers.Count == 0 ? Ask("Client ID: ") : null) ?? "client";
        Screen screen = new(Console.OpenStandardOutput(), forPeople: IsAtPrompt && !Console.IsOutputRedirected);

        try
        {
            await using var client = await StoreClient.ConnectAsync(Connecting(servers, id, screen), stop);
            Script script = new(client, screen, TimeProvider.System);

            return IsOneRequest ? await RunOneAsync(script, stop)
                : IsAtPrompt ? await new Prompt(client, script, screen, id).RunAsync(stop)
                : await RunScriptAsync(script, stop);
        }
        catch (StoreException error)
        {
            Complain(error.Message);
            return Failed;
        }
    }

    private StoreClientOptions Connecting(IReadOnlyList<ServerAddress> servers, string id, Screen screen) => new()
    {
        Servers = servers,
        Name = id,
        WhenLost = IsAtPrompt ? WhenLost.KeepTrying : servers.Count > 1 ? WhenLost.TryOnce : WhenLost.End,
        OnPush = screen.Show,
        OnNotice = notice =>
        {
            if (IsAtPrompt)
            {
                screen.Say(notice);
            }
            else if (!options.Quiet)
            {
                Console.Error.WriteLine(notice);
            }
        },
    };

    private IReadOnlyList<ServerAddress>? Servers()
    {
        if (options.Servers.Count > 0)
        {
            return options.Servers;
        }

        if (!IsAtPrompt)
        {
            Complain("which server? Write --port 60001, or --server otherhost:60001");
            return null;
        }

        while (Ask("Server Port: ") is { } answer)
        {
            if (ServerAddress.TryParse(Encoding.UTF8.GetBytes(answer.Trim()), "127.0.0.1", out var address)
                && address.Listens)
            {
                return [address];
            }

            Console.WriteLine("That is a port, as in 60001, or HOST:PORT.");
        }

        return null;
    }

    private static string? Ask(string question)
    {
        Console.Write(question);
        return Console.ReadLine();
    }

    private static void Complain(string text) => Console.Error.WriteLine(text);

    private async Task<int> RunOneAsync(Script script, CancellationToken stop)
    {
        OutputBuffer line = new();

        foreach (string argument in options.Request)
        {
            _ = line.IsEmpty ? line : line.Space();
            line.AppendWord(argument);
        }

        return await RunAsync(script, line.Written.ToArray(), stop) ? Done : Failed;
    }

    private async Task<int> RunScriptAsync(Script script, CancellationToken stop)
    {
        await using var input = Console.OpenStandardInput();
        using LineBuffer lines = new(LineBytesMax);

        while (true)
        {
            switch (lines.TryTake(out var line))
            {
                case LineResult.Line when Script.IsRequest(line):
                    byte[] request = line.ToArray();

                    if (IsQuit(request))
                    {
                        return Done;
                    }

                    if (!await RunAsync(script, request, stop))
                    {
                        return Failed;
                    }

                    break;
                case LineResult.TooLong or LineResult.Ended:
                    Complain($"a line of the script has more than {LineBytesMax} bytes");
                    return Failed;
                case LineResult.None when !await ReadMoreAsync(input, lines, stop):
                    return Done;
            }
        }
    }

    private static bool IsQuit(byte[] request) => request.AsSpan().Trim((byte)' ').SequenceEqual("quit"u8);

    /// <summary>Reads on; the last line of a script may lack its end.</summary>
    private static async Task<bool> ReadMoreAsync(Stream input, LineBuffer lines, CancellationToken stop)
    {
        int count = await input.ReadAsync(lines.ReceiveSpace(), stop);

        if (count == 0 && lines.Length > 0)
        {
            lines.ReceiveSpace().Span[0] = (byte)'\n';
            count = 1;
        }

        lines.Received(count);
        return count > 0;
    }

    private async Task<bool> RunAsync(Script script, byte[] request, CancellationToken stop)
    {
        if (options.Echo)
        {
            await Console.Error.WriteLineAsync($"> {Encoding.UTF8.GetString(request)}");
        }

        string? failure = await script.RunAsync(request, stop);

        if (!string.IsNullOrEmpty(failure))
        {
            Complain(failure);
        }

        return failure is null;
    }
}
