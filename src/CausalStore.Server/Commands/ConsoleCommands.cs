using CausalStore.Terminal;

namespace CausalStore.Server.Commands;

/// <summary>The terminal or the standard input of this process, as a source of commands.</summary>
internal static class ConsoleCommands
{
    private static readonly string[] Verbs =
        ["status", "members", "pending", "why", "history", "conflicts", "link", "forget", "help", "quit"];

    /// <summary>Null: nobody types commands here. In a terminal, all that the program prints from now on
    /// stands above the line that is typed.</summary>
    public static CommandInput? Open(CommandsFrom from)
    {
        bool isTerminal = !Console.IsOutputRedirected && TerminalOwner.IsUs();

        return from switch
        {
            CommandsFrom.Nobody => null,
            _ when isTerminal => Typed(),
            CommandsFrom.StandardInput => Lines(Console.In, Console.Out),
            _ => null,
        };
    }

    /// <summary>A command a line; their end is not the server's.</summary>
    internal static CommandInput Lines(TextReader lines, TextWriter output) => new(
        // Standard input blocks even in ReadLineAsync, and nothing can interrupt that.
        (_, stop) => Task.Run(lines.ReadLine, CancellationToken.None).WaitAsync(stop), output, Columns: null);

    internal static CommandInput Typed(Screen screen, Keyboard keyboard, TextWriter output)
    {
        LineReader reader = new(screen, keyboard.Keys, new LineHistory(), CompleteAsync);
        return new CommandInput(NextAsync, output, () => screen.Columns);

        async Task<string?> NextAsync(string prompt, CancellationToken stop)
        {
            while (true)
            {
                string? line = await reader.NextAsync(prompt, stop);

                if (line is not null || keyboard.Keys.Completion.IsCompleted)
                {
                    return line;
                }

                screen.Print("'quit' stops this server; it goes on.");
            }
        }
    }

    private static CommandInput Typed()
    {
        Screen screen = new(Console.Out, Ansi.HasColour(), () => Console.WindowWidth)
        {
            IsAnsi = Ansi.IsObeyed(),
        };
        Keyboard keyboard = new();
        Console.SetOut(new ScreenWriter(screen));
        Console.SetError(new ScreenWriter(screen));
        keyboard.Start(() => Console.ReadKey(intercept: true));
        return Typed(screen, keyboard, Console.Out) with { Signals = new ScreenSignals(screen) };
    }

    private static Task<Completion?> CompleteAsync(string before, CancellationToken stop)
    {
        string[] fitting = [.. Verbs.Where(verb => verb.StartsWith(before, StringComparison.Ordinal))];
        return Task.FromResult(fitting.Length switch
        {
            0 => null,
            1 => new Completion(0, fitting[0] + " ", fitting),
            _ => new Completion(0, before, fitting),
        });
    }
}
