using System.Threading.Channels;
using CausalStore.Client.Top;
using CausalStore.Protocol;
using CausalStore.Tracing;

namespace CausalStore.Client.Live;

/// <summary>One server: has it tell what happens, looks how its links are, and connects again when it was
/// away.</summary>
/// <param name="onChange">Called whenever something is new, from any thread; must be quick.</param>
/// <param name="isWanted">Whether this server is not fed from another of its addresses already.</param>
internal sealed class ServerFeed(
    ServerAddress address, LiveTraces traces, TimeProvider time, Action onChange,
    Func<ServerFeed, ServerId, bool> isWanted)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    /// <summary>What has come since says that a link has changed: it is looked at now.</summary>
    private readonly Channel<bool> _look = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    private bool _isTaken;
    private volatile StoreClient? _client;
    private volatile ServerReport? _report;
    private volatile string _failure = "not connected yet";

    public ServerAddress Address { get; } = address;

    /// <summary>Null: nobody knows who listens there.</summary>
    public ServerId? Id { get; set; }

    /// <summary>It feeds, or is about to; false again when its connection is lost.</summary>
    public bool IsTaken
    {
        get => Volatile.Read(ref _isTaken);
        set => Volatile.Write(ref _isTaken, value);
    }

    public bool IsUp => _client is not null;

    /// <summary>Why it is down.</summary>
    public string Failure => _failure;

    /// <summary>What it said last of itself; null: it never has.</summary>
    public ServerReport? Report => _report;

    /// <summary>Ends when it is not wanted.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        while (true)
        {
            try
            {
                await using var client = await StoreClient.ConnectAsync(Options(), stop);

                if (!isWanted(this, client.Server))
                {
                    return;
                }

                await FollowAsync(client, stop);
                Lose(client.WhyLost ?? "the connection has ended");
            }
            catch (Exception error) when (
                error is StoreException or ProtocolException or TimeoutException)
            {
                Lose(error.Message.Replace($"{Address}: ", ""));
            }

            await Task.Delay(LookEvery, time, stop);
        }
    }

    /// <summary>Asks for something; returns why it is refused, null: it is not.</summary>
    public async Task<string?> AskAsync(RequestLine request, CancellationToken stop)
    {
        if (_client is not { } client)
        {
            return $"Server {Id} is down: {_failure}";
        }

        try
        {
            var reply = await client.AskAsync(request, inOrder: null, stop).WaitAsync(Patience, time, stop);
            return reply.Error is { } error ? $"Server {Id} refuses: {error.Reason}" : null;
        }
        catch (Exception error) when (error is StoreException or TimeoutException)
        {
            return $"Server {Id}: {error.Message}";
        }
    }

    private async Task FollowAsync(StoreClient client, CancellationToken stop)
    {
        var trace = await client.AskAsync("trace", stop).WaitAsync(Patience, time, stop);

        if (trace.Error is { } error)
        {
            throw new ConnectionLostException($"it does not tell what happens: {error.Reason}");
        }

        var wanted = _look.Reader.ReadAsync(stop).AsTask();

        while (!client.Lost.IsCompleted)
        {
            await LookAsync(client, stop);
            await Task.WhenAny(client.Lost, Task.Delay(LookEvery, time, stop), wanted);
            stop.ThrowIfCancellationRequested();
            wanted = wanted.IsCompleted ? _look.Reader.ReadAsync(stop).AsTask() : wanted;
        }
    }

    private async Task LookAsync(StoreClient client, CancellationToken stop)
    {
        var status = await client.AskAsync("status", stop).WaitAsync(Patience, time, stop);
        var members = await client.AskAsync("members", stop).WaitAsync(Patience, time, stop);
        _report = ServerReport.Of(status, members) ?? _report;
        _client = client;
        onChange();
    }

    private void Lose(string reason)
    {
        if (_client is not null && Id is { } id)
        {
            traces.Add(new TraceLine(
                TracedProcess.Server(id), long.MaxValue, time.GetUtcNow().UtcDateTime,
                new TraceEvent.Noted($"cannot be reached: {reason}")));
        }

        _client = null;
        _failure = reason;
        IsTaken = false;
        onChange();
    }

    private void Take(ReplyLine line)
    {
        if (line.Meaning is not Response.Traced(string json))
        {
            return;
        }

        try
        {
            var traced = TraceParser.Parse(json);
            traces.Add(traced);

            if (traced.Event is TraceEvent.Disturbed or TraceEvent.Connected or TraceEvent.Disconnected)
            {
                _look.Writer.TryWrite(true);
            }
        }
        catch (TraceFormatException)
        {
            // An event that a later version of the server knows: the others are told all the same.
        }

        onChange();
    }

    private StoreClientOptions Options() => new()
    {
        Servers = [Address],
        Name = "watch-ui",
        WhenLost = WhenLost.End,
        UnavailableWait = TimeSpan.Zero,
        ConnectTimeout = Patience,
        Time = time,
        OnPush = Take,
    };
}
