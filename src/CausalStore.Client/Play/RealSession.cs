using CausalStore.Protocol;
using CausalStore.Scenarios;

namespace CausalStore.Client.Play;

/// <summary>A client of a scenario that is a <see cref="StoreClient"/>.</summary>
internal sealed class RealSession : IStageSession, IAsyncDisposable
{
    private readonly List<Response> _pushed = [];
    private StoreClient? _client;

    public IReadOnlyList<Response> Pushed
    {
        get
        {
            lock (_pushed)
            {
                return [.. _pushed];
            }
        }
    }

    /// <exception cref="StageException">The server does not take it.</exception>
    public static async Task<RealSession> OpenAsync(
        Func<Action<ReplyLine>, StoreClientOptions> options, CancellationToken stop)
    {
        RealSession session = new();

        try
        {
            session._client = await StoreClient.ConnectAsync(options(session.Push), stop);
            return session;
        }
        catch (StoreException error)
        {
            throw new StageException(error.Message, error);
        }
    }

    public async Task<IReadOnlyList<Response>> AskAsync(string request, CancellationToken stop)
    {
        try
        {
            var reply = await _client!.AskAsync((Word)request, stop);
            return [.. reply.Lines.Select(line => line.Meaning)];
        }
        catch (StoreException error)
        {
            throw new StageException(error.Message, error);
        }
    }

    public async Task LeaveAsync() => await DisposeAsync();

    public async ValueTask DisposeAsync()
    {
        if (_client is { } client)
        {
            await client.DisposeAsync();
        }
    }

    private void Push(ReplyLine line)
    {
        lock (_pushed)
        {
            _pushed.Add(line.Meaning);
        }
    }
}
