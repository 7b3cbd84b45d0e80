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
/// <c>expect</c> and <c>quit</c>, which are the client's own.</summary>
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
        catch (Exception error) when (error is TimeoutException or ProtocolException)
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
