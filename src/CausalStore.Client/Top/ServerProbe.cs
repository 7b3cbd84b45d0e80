using CausalStore.Protocol;

namespace CausalStore.Client.Top;

/// <summary>Asks one server how it is, again and again, and connects again where that is needed.</summary>
internal sealed class ServerProbe(ServerAddress address, TimeSpan patience, TimeProvider time)
    : IAsyncDisposable
{
    /// <summary>Of more writes that wait, only the count is asked for.</summary>
    private const int DelayedMax = 200;

    private StoreClient? _client;
    private long _reportedAt;
    private long _downSince;
    private int _asked;
    private Rates? _rates;
    private string _failure = "";

    public ServerAddress Address { get; } = address;

    /// <summary>Who answered last, or should; null: nobody knows.</summary>
    public ServerId? Id { get; set; }

    /// <summary>What it said now; null: it is down.</summary>
    public ServerReport? Report { get; private set; }

    public ServerView View => new(
        Id, Address, Report, _rates, _failure,
        DownFor: Report is null ? time.GetElapsedTime(_downSince) : TimeSpan.Zero);

    public async Task AskAsync(CancellationToken stop)
    {
        using CancellationTokenSource inTime = new(patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(inTime.Token, stop);

        try
        {
            await AskInTimeAsync(either.Token);
        }
        catch (Exception error) when (
            error is StoreException or ProtocolException
            || (error is OperationCanceledException && !stop.IsCancellationRequested))
        {
            await HangUpAsync();
            Fail(error is OperationCanceledException
                ? $"no answer within {patience.TotalSeconds:0.#} s"
                : error.Message.Replace($"{Address}: ", ""));
        }
    }

    public ValueTask DisposeAsync() => HangUpAsync();

    private async Task AskInTimeAsync(CancellationToken stop)
    {
        _client ??= await StoreClient.ConnectAsync(Options(), stop);
        var status = await AskAsync("status", stop);
        long now = time.GetTimestamp();
        int asked = _asked;
        _asked = 0;
        var members = await AskAsync("members", stop);
        var report = ServerReport.Of(status, members)
            ?? throw ProtocolException.Syntax("it answers, but does not say which server it is");

        if (report.Number("delayed") is > 0 and <= DelayedMax)
        {
            report.Add(pending: await AskAsync("pending", stop));
        }

        _rates = Report is { } last
            ? Rates.Between(last, report, time.GetElapsedTime(_reportedAt, now), asked)
            : null;
        _reportedAt = now;
        Report = report;
        Id = report.Id;
        _failure = "";
    }

    private async Task<Reply> AskAsync(string request, CancellationToken stop)
    {
        // A server without a cluster is greeted again before each request.
        _asked += _client!.Cluster is null ? 2 : 1;
        return await _client.AskAsync(request, stop);
    }

    private void Fail(string reason)
    {
        if (_failure.Length == 0)
        {
            _downSince = time.GetTimestamp();
        }

        _failure = reason;
        Report = null;
        _rates = null;
    }

    private async ValueTask HangUpAsync()
    {
        var client = _client;
        _client = null;

        if (client is not null)
        {
            await client.DisposeAsync();
        }
    }

    private StoreClientOptions Options() => new()
    {
        Servers = [Address],
        Name = "top",
        WhenLost = WhenLost.End,
        UnavailableWait = TimeSpan.Zero,
        ConnectTimeout = patience,
        Time = time,
    };
}
