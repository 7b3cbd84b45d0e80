using CausalStore.Protocol;

namespace CausalStore.Client.Shell;

/// <summary>How a request went.</summary>
internal enum Outcome
{
    Done,

    Failed,

    /// <summary>Nothing more is to be asked.</summary>
    Quit,
}

/// <param name="Outcome">What follows from it.</param>
/// <param name="Reason">Why it failed; a refusal has been shown as a reply as well.</param>
internal readonly record struct RunResult(Outcome Outcome, string Reason = "");

/// <summary>Carries out one request and shows its reply: the server's requests, and <c>await</c>,
/// <c>expect</c>, <c>final</c> and <c>quit</c>, which are the client's own.</summary>
internal sealed class RequestRunner(StoreClient client, IDisplay display, Transcript transcript)
{
    public async Task<RunResult> RunAsync(RequestLine request, CancellationToken stop)
    {
        try
        {
            return request.Verb switch
            {
                "quit" => new RunResult(Outcome.Quit),
                "await" => await AwaitAsync(request, stop),
                "expect" => Expect(request),
                "final" => await FinalAsync(request, stop),
                "write" or "delete" when client.IsAtRest => Failed("after 'final' a session only reads"),
                _ => ResultOf(await client.AskAsync(request, reply => Show(request, reply), stop)),
            };
        }
        catch (ConnectionLostException error)
        {
            return Failed($"connection lost: {error.Message}");
        }
        catch (UnknownOutcomeException error)
        {
            return Failed($"unknown outcome: {error.Message}; read, and decide");
        }
        catch (Exception error) when (
            error is TimeoutException or ProtocolException or RecordingFailedException)
        {
            return Failed(error.Message);
        }
    }

    private async Task<RunResult> AwaitAsync(RequestLine request, CancellationToken stop)
    {
        var awaited = AwaitRequest.Parse(new WordSplitter().Split(request.Line.Span));
        return ResultOf(await client.AwaitAsync(
            awaited.Key, awaited.Value, awaited.Limit, reply => Show(request, reply), stop));
    }

    /// <summary><c>final read K ...</c>, <c>final scan PREFIX ...</c>: nothing is written any more, by
    /// anybody, and everything has arrived everywhere.</summary>
    private async Task<RunResult> FinalAsync(RequestLine request, CancellationToken stop)
    {
        var read = request.WithoutFirstWord();

        if (read?.Kind is not (RequestKind.Read or RequestKind.Scan))
        {
            return Failed("it is: final read KEY ..., or final scan PREFIX");
        }

        client.MarkAtRest();
        return ResultOf(await client.AskAsync(read, reply => Show(read, reply), stop));
    }

    private RunResult Expect(RequestLine request)
    {
        var words = new WordSplitter().Split(request.Line.Span);
        words.NoMoreThan(2, "expect TEXT (a text with spaces stands between quotes)");
        var text = words.Required(1, "the text that must have been shown");
        return transcript.Expect(text)
            ? new RunResult(Outcome.Done)
            : Failed($"{Readable.Of(text)} was not shown since the last 'expect'");
    }

    private static RunResult ResultOf(Reply reply) => reply.Error is { } error
        ? Failed(Phrases.OfError(error))
        : new RunResult(Outcome.Done);

    private static RunResult Failed(string reason) => new(Outcome.Failed, reason);

    private void Show(RequestLine request, Reply reply)
    {
        foreach (var line in reply.Lines)
        {
            transcript.Add(line);
        }

        display.Reply(request, reply);
    }
}
