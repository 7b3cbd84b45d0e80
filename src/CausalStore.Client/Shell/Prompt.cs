using System.Text;
using System.Threading.Channels;
using CausalStore.Protocol;

namespace CausalStore.Client.Shell;

/// <summary>Requests typed one after another, with what is pushed shown between them.</summary>
internal sealed class Prompt(
    StoreClient client,
    RequestRunner runner,
    IDisplay display,
    Screen screen,
    ChannelReader<ConsoleKeyInfo> keys)
{
    private const int NameCharactersMax = 16;

    private readonly LineEditor _editor = new();

    public async Task RunAsync(string name, CancellationToken stop)
    {
        await GreetAsync(stop);
        string shown = Readable.Line(name);
        string prompt = $"{(shown.Length > NameCharactersMax ? shown[..NameCharactersMax] : shown)}> ";

        while (await NextAsync(prompt, stop) is { } line)
        {
            if (line.Trim() is "help" or "?")
            {
                Help.Print(screen);
            }
            else if (line.AsSpan().ContainsAnyExcept(' ') && await IsLastAsync(line, stop))
            {
                return;
            }
        }
    }

    private async Task GreetAsync(CancellationToken stop)
    {
        display.Note($"Connected to server {client.Server} at {client.Address}.");

        try
        {
            await client.WatchAsync("", stop);
            display.Note("Every change is shown here, counts as seen, and what you write depends on it "
                + "('unwatch \"\"' stops that).");
        }
        catch (StoreException error)
        {
            display.Failure($"Changes are not shown: {error.Message}. 'watch \"\"' tries again.");
        }

        display.Note("'help' lists the requests, 'quit' leaves.");
    }

    /// <summary>The next line; null when there will be none.</summary>
    private async Task<string?> NextAsync(string prompt, CancellationToken stop)
    {
        screen.BeginTyping(prompt);

        try
        {
            while (await keys.WaitToReadAsync(stop) && keys.TryRead(out var key))
            {
                switch (_editor.Press(key))
                {
                    case KeyEffect.Changed:
                        screen.ShowTyped(_editor.Text);
                        break;

                    case KeyEffect.Submitted:
                        return _editor.Take();

                    case KeyEffect.Ended:
                        return null;
                }
            }

            return null;
        }
        finally
        {
            screen.EndTyping();
        }
    }

    private async Task<bool> IsLastAsync(string line, CancellationToken stop)
    {
        RequestLine request;

        try
        {
            request = RequestLine.Parse(Encoding.UTF8.GetBytes(line));
        }
        catch (ProtocolException error)
        {
            display.Failure($"not sent: {error.Message}");
            return false;
        }

        var (outcome, reason) = await runner.RunAsync(request, stop);

        if (outcome == Outcome.Failed)
        {
            display.Failure(reason);
        }

        return outcome == Outcome.Quit;
    }
}
