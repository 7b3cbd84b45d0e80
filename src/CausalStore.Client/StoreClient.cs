using System.Globalization;
using CausalStore.Protocol;

namespace CausalStore.Client;

/// <summary>
/// A session with a CausalStore: it reads its own writes, never goes back in time, and its writes are seen in
/// order by everybody, also when it has to move to another server. May be used by several tasks at once;
/// their requests are one session's. Every method throws <see cref="RefusedException"/> and
/// <see cref="ConnectionLostException"/> (nothing was written); those that change something throw
/// <see cref="UnknownOutcomeException"/> when nobody can say, and the same holds where one of them is
/// cancelled.
/// </summary>
public sealed class StoreClient : IAsyncDisposable
{
    private static readonly TimeSpan AwaitPause = TimeSpan.FromMilliseconds(25);
    private static readonly TimeSpan AwaitGrace = TimeSpan.FromSeconds(1);

    private readonly StoreClientOptions _options;
    private readonly PushQueue _pushes;

    private StoreClient(StoreClientOptions options)
    {
        _options = options;
        _pushes = new PushQueue(options.WaitingPushesMax, options.WaitingPushBytesMax);
    }

    /// <summary>The server that is or was used last.</summary>
    public ServerId Server => Session.Connection.Welcome!.Server;

    /// <summary>Where that server listens.</summary>
    public ServerAddress Address => Session.Connection.Address;

    /// <summary>The cluster's name; null while the server has none.</summary>
    public string? Cluster => Session.State.Cluster;

    /// <summary>What the session takes with it to another server.</summary>
    public Context Seen => Session.State.Seen.Current;

    /// <summary>Whether <see cref="MarkAtRest"/> was said.</summary>
    internal bool IsAtRest => Session.State.IsAtRest;

    /// <summary>Completes when the connection is lost and will not be replaced by itself.</summary>
    internal Task Lost => Session.Lost;

    internal string? WhyLost => Session.Connection.WhyEnded;

    private Session Session { get; set; } = null!;

    /// <summary>Connects to the first server that answers.</summary>
    public static async Task<StoreClient> ConnectAsync(
        StoreClientOptions options, CancellationToken stop = default)
    {
        ArgumentOutOfRangeException.ThrowIfZero(options.Servers.Count, nameof(options.Servers));
        StoreClient client = new(options);
        var onPush = options.OnPush ?? client.Queue;
        client.Session = await Session.OpenAsync(options, onPush, client.QueueGap, stop);
        return client;
    }

    /// <summary>Connects to a server of this machine.</summary>
    public static Task<StoreClient> ConnectAsync(int port, string name, CancellationToken stop = default) =>
        ConnectAsync(new() { Servers = [new ServerAddress("127.0.0.1", port)], Name = name }, stop);

    public async Task<Entry> ReadAsync(Word key, CancellationToken stop = default) =>
        (await ReadAsync([key], stop))[0];

    /// <summary>One causally consistent snapshot of several keys, at least one, in their order.</summary>
    public async Task<IReadOnlyList<Entry>> ReadAsync(
        IReadOnlyList<Word> keys, CancellationToken stop = default)
    {
        var reply = await AskAsync(["read", .. keys], stop);
        return [.. reply.Lines.Select(EntryOf)];
    }

    /// <summary>Returns the version that the write got.</summary>
    public Task<WriteVersion> WriteAsync(Word key, Word value, CancellationToken stop = default) =>
        WriteAsync([Change.Write(key, value)], stop);

    /// <summary>Deleting a key that is not there is a write like any other.</summary>
    public Task<WriteVersion> DeleteAsync(Word key, CancellationToken stop = default) =>
        WriteAsync([Change.Delete(key)], stop);

    /// <summary>Several changes, at least one, as one write: visible everywhere at once or not at all. Where
    /// a key comes twice, the last one counts.</summary>
    public async Task<WriteVersion> WriteAsync(
        IReadOnlyList<Change> changes, CancellationToken stop = default)
    {
        List<Word> words = [];

        foreach (var change in changes)
        {
            words.AddRange(change.Value is { } value ? ["write", change.Key, value] : ["delete", change.Key]);
        }

        var reply = await AskAsync(words, stop);
        return reply.Lines[0].Meaning is Response.Ok({ } version) ? version : throw Unexpected(reply);
    }

    /// <summary>Every key with a value that begins with the prefix; the empty prefix is all of
    /// them.</summary>
    /// <param name="limit">1 to 10,000 keys.</param>
    /// <param name="after">Only keys that come after this one.</param>
    public async Task<ScanPage> ScanAsync(
        Word prefix, int limit = Request.Scan.LimitMax, Word? after = null, CancellationToken stop = default)
    {
        Word count = limit.ToString(CultureInfo.InvariantCulture);
        Word[] words = after is { } last ? ["scan", prefix, count, last] : ["scan", prefix, count];
        var reply = await AskAsync(words, stop);
        return new ScanPage([.. reply.Lines.SkipLast(1).Select(EntryOf)], reply.Lines.Count - 1 == limit);
    }

    /// <summary>From now on every change under the prefix is pushed (<see cref="PushesAsync"/>), this
    /// client's own too, and counts as read. After a fail-over it is set again.</summary>
    public Task WatchAsync(Word prefix, CancellationToken stop = default) =>
        AskAsync(["watch", prefix], stop);

    public Task UnwatchAsync(Word prefix, CancellationToken stop = default) =>
        AskAsync(["unwatch", prefix], stop);

    /// <summary>The pushes, each given once, to whoever asks first. They wait in a bounded queue; who is too
    /// slow is cut off with <see cref="PushesCutOffException"/>.</summary>
    public IAsyncEnumerable<Push> PushesAsync(CancellationToken stop = default) => _pushes.TakeAsync(stop);

    /// <summary>What this session depends on, as the server has it; what every member has applied may be left
    /// out.</summary>
    public async Task<Context> GetContextAsync(CancellationToken stop = default)
    {
        var reply = await AskAsync(["context"], stop);
        return reply.Lines[0].Meaning is Response.Seen(var context) ? context : throw Unexpected(reply);
    }

    /// <summary>Waits until the server has applied all of it; the session then depends on it as well. Refused
    /// with <see cref="ErrorCode.NotYet"/> when that takes the server too long.</summary>
    public Task SetContextAsync(Context context, CancellationToken stop = default) =>
        AskAsync(["context", context.ToString()], stop);

    /// <summary>Reads the key until it has the value.</summary>
    /// <param name="limit">0 to a day; with 0 it is read once.</param>
    /// <exception cref="TimeoutException">It had another value, or none, all that time.</exception>
    public async Task<Entry> AwaitAsync(
        Word key, Word value, TimeSpan limit, CancellationToken stop = default) =>
        EntryOf(Checked(await AwaitAsync(key, value, limit, inOrder: null, stop)).Lines[0]);

    /// <summary>Says that nothing is written any more, by anybody, and everything has arrived everywhere:
    /// what this session reads from now on is recorded as its final reads, which all servers must agree on.
    /// It writes no more.</summary>
    public void MarkAtRest() => Session.State.IsAtRest = true;

    /// <summary>Any request, as a line of the protocol without its end. An <c>error</c> is a reply as
    /// well.</summary>
    /// <exception cref="ProtocolException">The words of the line cannot be told apart.</exception>
    public Task<Reply> AskAsync(Word line, CancellationToken stop = default) =>
        AskAsync(RequestLine.Parse(line.Bytes), inOrder: null, stop);

    public async ValueTask DisposeAsync()
    {
        await Session.DisposeAsync();
        _pushes.Complete();
    }

    internal Task<Reply> AskAsync(RequestLine request, Action<Reply>? inOrder, CancellationToken stop) =>
        request.Kind == RequestKind.Quit
            ? throw new ArgumentException("'quit' has no reply; dispose the client instead", nameof(request))
            : Session.AskAsync(CheckedAtRest(request), inOrder, stop);

    /// <param name="inOrder">Called with the reply that ends the waiting: the value, or a refusal.</param>
    internal async Task<Reply> AwaitAsync(
        Word key, Word value, TimeSpan limit, Action<Reply>? inOrder, CancellationToken stop)
    {
        var request = RequestLine.Poll(key);
        Reply? last = null;
        Reply? final = null;
        long began = _options.Time.GetTimestamp();

        // A server that does not answer at all is waited for a little longer.
        using CancellationTokenSource inTime = new(limit + AwaitGrace, _options.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(inTime.Token, stop);

        try
        {
            while (true)
            {
                last = await Session.AskAsync(request, Look, either.Token);

                if (final is not null)
                {
                    return final;
                }

                if (_options.Time.GetElapsedTime(began) >= limit)
                {
                    throw new TimeoutException(StillText(key, last, limit));
                }

                await Task.Delay(AwaitPause, _options.Time, either.Token);
            }
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return final ?? throw new TimeoutException(StillText(key, last, limit));
        }

        void Look(Reply reply)
        {
            bool isFound = reply.Lines[0].Meaning is Response.Value(_, var found, _)
                && found.AsSpan().SequenceEqual(value.Bytes);

            if (isFound || reply.Error is not null)
            {
                final = reply;
                inOrder?.Invoke(reply);
            }
        }
    }

    private static string StillText(Word key, Reply? last, TimeSpan limit)
    {
        string now = last?.Lines[0].Meaning switch
        {
            Response.Value(_, var value, var version) => $"is {Readable.Of(value)} ({version})",
            Response.Missing => "has no value",
            _ => "could not be read",
        };

        return $"after {limit.TotalSeconds:0.###} s, {Readable.Of(key.Bytes)} {now}";
    }

    private async Task<Reply> AskAsync(IEnumerable<Word> words, CancellationToken stop) =>
        Checked(await Session.AskAsync(CheckedAtRest(RequestLine.Of(words)), inOrder: null, stop));

    private RequestLine CheckedAtRest(RequestLine request) =>
        request.Kind == RequestKind.Write && Session.State.IsAtRest
            ? throw new InvalidOperationException("this session is at rest: it writes no more")
            : request;

    private static Reply Checked(Reply reply) => reply.Error switch
    {
        null => reply,
        { Code: ErrorCode.Internal } error =>
            throw new UnknownOutcomeException($"the server failed: {error.Reason}"),
        var error => throw new RefusedException(error.Code, error.Reason),
    };

    private static Entry EntryOf(ReplyLine line) => line.Meaning switch
    {
        Response.Value(var key, var value, var version) => new Entry(key, (Word)value, version),
        Response.Missing(var key, var version) => new Entry(key, null, version),
        _ => throw ProtocolException.Syntax("the server answered something else than was asked"),
    };

    private static ProtocolException Unexpected(Reply reply) =>
        ProtocolException.Syntax($"the server answered: {Readable.Line(reply.Lines[0].Bytes.Span)}");

    private void Queue(ReplyLine line)
    {
        // Of what a trace says there is no Push: who asks for one takes the lines.
        Push? push = line.Meaning switch
        {
            Response.Update(var key, var value, var version) => new Push.Updated(key, value, version),
            Response.Removed(var key, var version) => new Push.Removed(key, version),
            _ => null,
        };

        if (push is not null)
        {
            _pushes.Add(push, line.Bytes.Length);
        }
    }

    private void QueueGap() => _pushes.Add(new Push.Gap(), bytes: 0);
}
