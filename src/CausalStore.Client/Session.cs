using System.Threading.Channels;
using CausalStore.Client.Recording;

namespace CausalStore.Client;

/// <summary>
/// One session, kept over one connection after another: asks, asks again where that does no harm, waits for a
/// server that is <c>unavailable</c>, and replaces a connection that is lost.
/// </summary>
internal sealed class Session : IAsyncDisposable
{
    /// <summary>A request that breaks every connection on which it is asked is asked no more.</summary>
    private const int AttemptsMax = 5;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    private readonly StoreClientOptions _options;
    private readonly SessionOpener _opener;
    private readonly SemaphoreSlim _opening = new(1, 1);
    private readonly CancellationTokenSource _closing = new();
    private readonly TaskCompletionSource _lost = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>A bell, not a queue: rung twice, it is answered once, and who answers looks at
    /// everything.</summary>
    private readonly Channel<bool> _attention = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    private volatile Connection? _connection;

    /// <summary>The connection whose end was said and after which the next server's turn has come.</summary>
    private Connection? _left;
    private Task _upkeep = Task.CompletedTask;

    private Session(StoreClientOptions options, Action<ReplyLine> onPush, Action onGap)
    {
        _options = options;
        State = new SessionState(
            options.Name,
            options.Recorder is { } recorder ? new SessionRecord(recorder, options.Name) : null,
            options.Trace is { } trace ? new SessionTrace(trace) : null);
        _opener = new SessionOpener(options, State, onPush, onGap, () => _attention.Writer.TryWrite(true));
    }

    public SessionState State { get; }

    /// <summary>The present connection, or the last one.</summary>
    public Connection Connection => _connection!;

    /// <summary>Completes when the connection is lost and will not be replaced by itself.</summary>
    public Task Lost => _lost.Task;

    /// <exception cref="StoreException">No server takes it.</exception>
    public static async Task<Session> OpenAsync(
        StoreClientOptions options, Action<ReplyLine> onPush, Action onGap, CancellationToken stop)
    {
        Session session = new(options, onPush, onGap);
        session._connection = await session._opener.OpenAsync(new Patience(options), stop);
        session._upkeep = session.UpkeepAsync(session._closing.Token);
        return session;
    }

    /// <param name="inOrder">Called once with the reply, before any later line of the server is looked
    /// at.</param>
    /// <exception cref="ConnectionLostException">Nothing was written.</exception>
    /// <exception cref="UnknownOutcomeException">It may have been written.</exception>
    /// <exception cref="RecordingFailedException">Nothing was sent.</exception>
    public async Task<Reply> AskAsync(RequestLine request, Action<Reply>? inOrder, CancellationToken stop)
    {
        ObjectDisposedException.ThrowIf(_closing.IsCancellationRequested, this);

        if (_options.Recorder?.Failure is { } failure)
        {
            throw new RecordingFailedException(failure);
        }

        request.IsAtRest = State.IsAtRest;
        Patience patience = new(_options);
        int broken = 0;

        while (true)
        {
            var connection = await ConnectedAsync(patience, stop);

            try
            {
                await LearnClusterAsync(connection, stop);
                var reply = await connection.AskAsync(request, inOrder, stop);

                if (!reply.IsUnavailable)
                {
                    return reply;
                }

                if (!await patience.WaitAsync($"{connection.Address}: {reply.Error!.Reason}", stop))
                {
                    inOrder?.Invoke(reply);
                    return reply;
                }

                await LeaveAsync(connection, stop);
            }
            catch (ConnectionBrokenException error)
            {
                if (error.WasSent && !request.IsRepeatable)
                {
                    throw new UnknownOutcomeException(
                        $"the connection to {connection.Address} broke while the request was under way "
                        + $"({error.Message}): it may have been carried out or not");
                }

                if (++broken >= AttemptsMax)
                {
                    throw new ConnectionLostException($"{connection.Address}: {error.Message}");
                }
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        await _upkeep;

        // Whoever still opens a connection is done before the last one is closed.
        await _opening.WaitAsync();

        if (_connection is { } connection)
        {
            await connection.DisposeAsync();
        }

        _opening.Release();
    }

    private async Task<Connection> ConnectedAsync(Patience patience, CancellationToken stop)
    {
        if (_connection is { IsOpen: true } open)
        {
            return open;
        }

        using var either = CancellationTokenSource.CreateLinkedTokenSource(_closing.Token, stop);
        await _opening.WaitAsync(either.Token);

        try
        {
            return Connection.IsOpen ? Connection : await ReplaceAsync(patience, either.Token);
        }
        finally
        {
            _opening.Release();
        }
    }

    private async Task<Connection> ReplaceAsync(Patience patience, CancellationToken stop)
    {
        var old = Connection;

        if (_options.WhenLost == WhenLost.End)
        {
            throw new ConnectionLostException($"{old.Address}: {old.WhyEnded}");
        }

        if (_left != old)
        {
            _left = old;
            _opener.MoveOn();
            _options.OnNotice($"the connection to {old.Address} is lost: {old.WhyEnded}");
        }

        // Its last lines are taken before the next connection says what the session has seen.
        await old.DisposeAsync();
        var connection = await _opener.OpenAsync(patience, stop);
        _connection = connection;
        _options.OnNotice($"connected to server {connection.Welcome!.Server} at {connection.Address}"
            + (State.Watched.Count > 0 ? "; watching again, what changed in between was not shown" : ""));
        return connection;
    }

    /// <summary>A server that had no cluster when it was greeted is greeted until it has one.</summary>
    private async Task LearnClusterAsync(Connection connection, CancellationToken stop)
    {
        if (connection.Welcome!.Cluster is not null)
        {
            return;
        }

        try
        {
            await _opener.GreetAsync(connection, stop);
        }
        catch (OpeningFailedException error)
        {
            throw new ConnectionLostException(error.Message);
        }
        catch (ConnectionBrokenException error)
        {
            // The hello was sent; what is to be asked was not.
            throw new ConnectionBrokenException(error.Message, wasSent: false);
        }
    }

    /// <summary>Leaves a server that is unavailable for another, unless somebody waits for a reply
    /// there.</summary>
    private async Task LeaveAsync(Connection connection, CancellationToken stop)
    {
        if (_options.Servers.Count == 1 || _options.WhenLost == WhenLost.End || !connection.IsIdle)
        {
            return;
        }

        await _opening.WaitAsync(stop);

        try
        {
            if (connection == _connection && connection.IsOpen)
            {
                _left = connection;
                _opener.MoveOn();
                await connection.DisposeAsync();
            }
        }
        finally
        {
            _opening.Release();
        }
    }

    private async Task UpkeepAsync(CancellationToken stop)
    {
        try
        {
            await foreach (var _ in _attention.Reader.ReadAllAsync(stop))
            {
                if (!Connection.IsOpen && !await ReopenAsync(stop))
                {
                    return;
                }

                if (State.Seen.IsLarge)
                {
                    await PruneAsync(stop);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // It is disposed.
        }
    }

    /// <summary>Returns whether there is a connection again.</summary>
    private async Task<bool> ReopenAsync(CancellationToken stop)
    {
        var pause = FirstPause;
        string? said = null;

        while (true)
        {
            try
            {
                await ConnectedAsync(new Patience(_options), stop);
                return true;
            }
            catch (ConnectionLostException error) when (_options.WhenLost == WhenLost.KeepTrying)
            {
                if (said != error.Message)
                {
                    said = error.Message;
                    _options.OnNotice($"no server takes this session, trying again: {said}");
                }

                await Task.Delay(pause, _options.Time, stop);
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            }
            catch (ConnectionLostException)
            {
                _lost.TrySetResult();
                return false;
            }
        }
    }

    private async Task PruneAsync(CancellationToken stop)
    {
        try
        {
            var reply = await Connection.AskAsync(RequestLine.Of("context"), inOrder: null, stop);

            if (reply.Error is not null)
            {
                State.Seen.AskLater();
            }
        }
        catch (ConnectionBrokenException)
        {
            // The bell rings for that as well.
        }
    }
}
