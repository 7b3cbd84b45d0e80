using CausalStore.Protocol;

namespace CausalStore.Client;

/// <summary>
/// A session with a CausalStore cluster: it reads its own writes, never goes back in time, and keeps both promises
/// when it moves to another server, because it takes with it what it has seen. For any number of callers at once.
/// </summary>
public sealed class StoreClient : IAsyncDisposable
{
    private readonly Session _session;
    private readonly PushQueue _pushes;

    private StoreClient(Session session, PushQueue pushes)
    {
        _session = session;
        _pushes = pushes;
    }

    /// <summary>What is pushed since the first <see cref="WatchAsync"/>, causes before effects; for one taker.</summary>
    public IAsyncEnumerable<Push> Pushes => _pushes.TakeAsync(CancellationToken.None);

    /// <summary>The server that serves this session now.</summary>
    public ServerAddress Server => _session.Connection.Address;

    internal Task Lost => _session.Lost;

    /// <summary>Connects to the first of the servers that takes the session.</summary>
    /// <exception cref="ConnectionLostException">None does; the text says why, for each.</exception>
    public static async Task<StoreClient> ConnectAsync(StoreClientOptions options, CancellationToken stop = default)
    {
        PushQueue pushes = new(options.WaitingPushesMax, options.WaitingPushBytesMax);
        Action<ReplyLine> onPush = options.OnPush ?? (line => Queue(pushes, line));
        var session = await Session.OpenAsync(options, onPush, () => AddGap(options, pushes), stop);
        return new StoreClient(session, pushes);
    }

    /// <summary>What a key has.</summary>
    /// <exception cref="StoreException">It could not be read.</exception>
    public async Task<Entry> ReadAsync(Word key, CancellationToken stop = default) =>
        (await ReadAsync([key], stop))[0];

    /// <summary>What several keys have, as of one moment.</summary>
    /// <exception cref="StoreException">They could not be read.</exception>
    public async Task<IReadOnlyList<Entry>> ReadAsync(IReadOnlyList<Word> keys, CancellationToken stop = default)
    {
        var reply = await AskAsync(RequestLine.Of(["read", .. keys]), stop);
        return [.. reply.Lines.Select(line => EntryOf(line.Meaning))];
    }

    /// <summary>Writes a value; returns the version that the write has got.</summary>
    /// <exception cref="UnknownOutcomeException">It may have been written.</exception>
    /// <exception cref="StoreException">It was not written.</exception>
    public Task<WriteVersion> WriteAsync(Word key, Word value, CancellationToken stop = default) =>
        WriteAsync([Change.Write(key, value)], stop);

    /// <summary>Deletes a key, whether it is there or not.</summary>
    /// <exception cref="UnknownOutcomeException">It may have been deleted.</exception>
    /// <exception cref="StoreException">It was not deleted.</exception>
    public Task<WriteVersion> DeleteAsync(Word key, CancellationToken stop = default) =>
        WriteAsync([Change.Delete(key)], stop);

    /// <summary>Writes several changes as one: visible everywhere at once, or not at all.</summary>
    /// <exception cref="UnknownOutcomeException">They may have been written.</exception>
    /// <exception cref="StoreException">They were not written.</exception>
    public async Task<WriteVersion> WriteAsync(IReadOnlyList<Change> changes, CancellationToken stop = default)
    {
        var words = changes.SelectMany(change => change.Value is { } value
            ? (Word[])["write", change.Key, value]
            : ["delete", change.Key]);
        var reply = await AskAsync(RequestLine.Of(words), stop);
        return reply.Lines[0].Meaning is Response.Ok { Version: { } version } ? version : throw NotAnAnswer();
    }

    /// <summary>A page of keys with a prefix, in byte order.</summary>
    /// <param name="limit">1 to 10,000.</param>
    /// <param name="after">The last key of the page before; null for the first page.</param>
    /// <exception cref="StoreException">They could not be read.</exception>
    public async Task<ScanPage> ScanAsync(
        Word prefix, int limit = Request.Scan.LimitMax, Word? after = null, CancellationToken stop = default)
    {
        Word[] words = after is { } last
            ? ["scan", prefix, $"{limit}", last]
            : ["scan", prefix, $"{limit}"];
        var reply = await AskAsync(RequestLine.Of(words), stop);
        List<Entry> entries =
            [.. reply.Lines.Where(line => line.Meaning is Response.Value).Select(line => EntryOf(line.Meaning))];
        return new ScanPage(entries, MayHaveMore: entries.Count == limit);
    }

    /// <summary>From now on, <see cref="Pushes"/> has every change of a value under the prefix. What is pushed counts
    /// as read.</summary>
    /// <exception cref="StoreException">It was refused.</exception>
    public async Task WatchAsync(Word prefix, CancellationToken stop = default) =>
        await AskAsync(RequestLine.Of("watch", prefix), stop);

    /// <summary>Ends a <see cref="WatchAsync"/>.</summary>
    /// <exception cref="StoreException">It was refused.</exception>
    public async Task UnwatchAsync(Word prefix, CancellationToken stop = default) =>
        await AskAsync(RequestLine.Of("unwatch", prefix), stop);

    /// <summary>What this session depends on now.</summary>
    /// <exception cref="StoreException">It could not be asked.</exception>
    public async Task<Context> GetContextAsync(CancellationToken stop = default) =>
        (await AskAsync(RequestLine.Of("context"), stop)).Lines[0].Meaning is Response.Seen(var context)
            ? context
            : throw NotAnAnswer();

    /// <summary>Makes this session depend on what another has seen as well, once it is here.</summary>
    /// <exception cref="StoreException">It has not arrived in time, or was lost.</exception>
    public async Task SetContextAsync(Context context, CancellationToken stop = default) =>
        await AskAsync(RequestLine.Of("context", context.ToString()), stop);

    public async ValueTask DisposeAsync()
    {
        await _session.DisposeAsync();
        _pushes.Complete();
    }

    /// <summary>Any request; an <c>error</c> is a reply like others.</summary>
    internal Task<Reply> AskRawAsync(RequestLine request, Action<Reply>? inOrder, CancellationToken stop) =>
        _session.AskAsync(request, inOrder, stop);

    private async Task<Reply> AskAsync(RequestLine request, CancellationToken stop)
    {
        var reply = await _session.AskAsync(request, inOrder: null, stop);
        return reply.Error is { } error ? throw new RefusedException(error.Code, error.Reason) : reply;
    }

    private static Entry EntryOf(Response line) => line switch
    {
        Response.Value(var key, var value, var version) => new Entry(key, value, version),
        Response.Missing missing => new Entry(missing.Key, null, missing.Version),
        _ => throw NotAnAnswer(),
    };

    private static void Queue(PushQueue pushes, ReplyLine line)
    {
        if (line.Meaning is Response.Update(var key, var value, var updated))
        {
            pushes.Add(new Push.Updated(key, value, updated), line.Bytes.Length);
        }
        else if (line.Meaning is Response.Removed(var gone, var removed))
        {
            pushes.Add(new Push.Removed(gone, removed), line.Bytes.Length);
        }
    }

    private static void AddGap(StoreClientOptions options, PushQueue pushes)
    {
        if (options.OnPush is null)
        {
            pushes.Add(new Push.Gap(), bytes: 0);
        }
    }

    private static ProtocolException NotAnAnswer() => ProtocolException.Syntax("the server answered something else");
}
