using System.Text;

namespace CausalStore.Client;

/// <summary>A person at a terminal.</summary>
internal sealed class Prompt(StoreClient client, Script script, Screen screen, string id)
{
    private const string Help =
        """
        read K [K ...]                    what keys have, as of one moment
        write K V | delete K | several    one atomic write
        scan PREFIX [LIMIT [AFTER]]       keys in order
        watch PREFIX | unwatch PREFIX     show changes as they come ("" is every key)
        context [CONTEXT]                 what this session has seen, or what it shall have seen
        pending | why K | why VERSION     what waits at this server, and why
        status | members                  how the server is, and who is in the cluster
        link SERVER cut | delay MS | step [N] | heal    disturb what this server sends (--allow-faults)
        forget SERVER                     a server is gone for good
        await K V [SECONDS]               go on once K has that value
        quit                              end
        """;

    public async Task<int> RunAsync(CancellationToken stop)
    {
        LineEditor editor = new($"{id}> ", Console.Write);
        screen.Below(editor);
        screen.Say($"connected to {client.Server}; 'help' lists what can be asked");

        if (await script.RunAsync("watch \"\""u8.ToArray(), stop) is null)
        {
            screen.Say("watching everything: what is shown counts as seen; 'unwatch \"\"' stops it");
        }

        while (await ReadLineAsync(editor, stop) is { } line)
        {
            string request = line.Trim();

            if (request == "quit")
            {
                break;
            }

            if (request == "help")
            {
                screen.Say(Help);
            }
            else if (Script.IsRequest(Encoding.UTF8.GetBytes(request))
                && await script.RunAsync(Encoding.UTF8.GetBytes(request), stop) is { Length: > 0 } failure)
            {
                screen.Say(failure);
            }
        }

        return 0;
    }

    /// <summary>Keys are looked for now and then, so that the program can end while nobody types.</summary>
    private static async Task<string?> ReadLineAsync(LineEditor editor, CancellationToken stop)
    {
        if (Console.IsOutputRedirected)
        {
            return await Console.In.ReadLineAsync(stop);
        }

        editor.Open();

        while (true)
        {
            if (!Console.KeyAvailable)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(15), stop);
                continue;
            }

            var key = Console.ReadKey(intercept: true);

            if (key is { Key: ConsoleKey.D, Modifiers: ConsoleModifiers.Control } && editor.IsEmpty)
            {
                return null;
            }

            if (editor.Take(key) is { } line)
            {
                return line;
            }
        }
    }
}
