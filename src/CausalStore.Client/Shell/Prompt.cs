using System.Text;
using CausalStore.Protocol;
using CausalStore.Terminal;

namespace CausalStore.Client.Shell;

/// <summary>Requests typed one after another, with what is pushed shown between them.</summary>
internal sealed class Prompt
{
    private const int NameCharactersMax = 16;
    private static readonly TimeSpan CompleteWithin = TimeSpan.FromSeconds(1);

    private readonly StoreClient _client;
    private readonly RequestRunner _runner;
    private readonly IDisplay _display;
    private readonly Screen _screen;
    private readonly Keyboard _keyboard;
    private readonly LineReader _reader;
    private readonly Lock _gate = new();

    /// <summary>Ends the request that is under way; null: none is.</summary>
    private CancellationTokenSource? _underWay;

    public Prompt(
        StoreClient client, RequestRunner runner, IDisplay display, Screen screen, Keyboard keyboard,
        LineHistory history)
    {
        _client = client;
        _runner = runner;
        _display = display;
        _screen = screen;
        _keyboard = keyboard;
        Completer completer = new(AskSoonAsync);
        _reader = new LineReader(screen, keyboard.Keys, history, completer.CompleteAsync);
    }

    /// <summary>Where lines are kept for the next session; null: nowhere.</summary>
    public LineHistoryFile? HistoryFile { get; init; }

    public async Task RunAsync(string name, CancellationToken stop)
    {
        await GreetAsync(stop);
        string shown = Readable.Line(name);
        string prompt = $"{(shown.Length > NameCharactersMax ? shown[..NameCharactersMax] : shown)}> ";

        while (await _reader.NextAsync(prompt, stop) is { } line)
        {
            if (await IsLastAsync(line, stop))
            {
                return;
            }

            await KeepAsync(line.TrimEnd(' '), stop);
        }
    }

    /// <summary>Ctrl-C: stops the request that is under way; without one it is a key like others. From any
    /// thread.</summary>
    public void Interrupt()
    {
        lock (_gate)
        {
            if (_underWay is { } request)
            {
                request.Cancel();
                return;
            }
        }

        _keyboard.PressControlC();
    }

    private async Task GreetAsync(CancellationToken stop)
    {
        _display.Note($"Connected to server {_client.Server} at {_client.Address}.");

        try
        {
            await _client.WatchAsync("", stop);
            _display.Note("Every change is shown here, counts as seen, and what you write depends on it "
                + "('unwatch \"\"' stops that).");
        }
        catch (StoreException error)
        {
            _display.Failure($"Changes are not shown: {error.Message}. 'watch \"\"' tries again.");
        }

        _display.Note("'help' lists the requests, 'help causality' explains, Tab completes, 'quit' leaves.");
    }

    private async Task<bool> IsLastAsync(string line, CancellationToken stop)
    {
        string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);

        switch (words)
        {
            case []:
                return false;

            case ["help" or "?", ..]:
                Help.Print(_screen, words.Length > 1 ? words[1] : null);
                return false;
        }

        try
        {
            var request = RequestLine.Parse(Encoding.UTF8.GetBytes(line));
            var (outcome, reason) = await RunAsync(request, stop);

            if (outcome == Outcome.Failed)
            {
                _display.Failure(reason);
            }

            return outcome == Outcome.Quit;
        }
        catch (ProtocolException error)
        {
            _display.Failure($"not sent: {error.Message}");
            return false;
        }
    }

    private async Task<RunResult> RunAsync(RequestLine request, CancellationToken stop)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop);
        UnderWay(either);

        try
        {
            return await _runner.RunAsync(request, either.Token);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            bool isHarmless = request.IsRepeatable || request.Verb is "await" or "final";
            return new RunResult(
                Outcome.Failed,
                isHarmless
                    ? "interrupted"
                    : "interrupted: it may have been carried out or not; read, and decide");
        }
        finally
        {
            UnderWay(null);
        }
    }

    private void UnderWay(CancellationTokenSource? request)
    {
        lock (_gate)
        {
            _underWay = request;
        }
    }

    private async Task KeepAsync(string line, CancellationToken stop)
    {
        if (HistoryFile is { } file && await file.AppendAsync(line, stop) is { } failure)
        {
            _display.Note($"this line is not kept for the next session: {failure}");
        }
    }

    private async Task<Reply?> AskSoonAsync(RequestLine request, CancellationToken stop)
    {
        using var inTime = CancellationTokenSource.CreateLinkedTokenSource(stop);
        inTime.CancelAfter(CompleteWithin);

        try
        {
            return await _client.AskAsync(request, inOrder: null, inTime.Token);
        }
        catch (Exception error) when (
            error is StoreException || (error is OperationCanceledException && !stop.IsCancellationRequested))
        {
            return null;
        }
    }
}
