using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Text;
using System.Threading.Channels;
using CausalStore.Protocol;

namespace CausalStore.Client;

/// <summary>
/// One TCP connection to one server: requests out, and every line that comes in given to whom it belongs, in
/// the order of arrival. It ends once, when the server, the network or its owner ends it.
/// </summary>
internal sealed class Connection : IAsyncDisposable
{
    /// <summary>Requests without a reply; who asks more waits.</summary>
    private const int InFlightMax = 1024;

    /// <summary>No server's line is longer, since servers tell each other the same in one line.</summary>
    private const int LineBytesMax = 64 * 1024 * 1024;

    private readonly Socket _socket;
    private readonly SessionState _state;
    private readonly Action<ReplyLine> _onPush;
    private readonly Action _onAttention;
    private readonly ResponseParser _parser = new();
    private readonly SemaphoreSlim _room = new(InFlightMax, InFlightMax);
    private readonly Channel<Exchange> _toSend = Channel.CreateBounded<Exchange>(
        new BoundedChannelOptions(InFlightMax) { FullMode = BoundedChannelFullMode.Wait });
    private readonly ConcurrentQueue<Exchange> _awaited = new();
    private readonly CancellationTokenSource _ending = new();

    private Task _run = Task.CompletedTask;
    private volatile string? _whyEnded;
    private string? _lastWords;

    private Connection(
        Socket socket,
        ServerAddress address,
        SessionState state,
        Action<ReplyLine> onPush,
        Action onAttention)
    {
        _socket = socket;
        Address = address;
        _state = state;
        _onPush = onPush;
        _onAttention = onAttention;
    }

    public ServerAddress Address { get; }

    public bool IsOpen => _whyEnded is null;

    /// <summary>Null while it is open.</summary>
    public string? WhyEnded => _whyEnded;

    /// <summary>Whether no request waits for its reply.</summary>
    public bool IsIdle => _room.CurrentCount == InFlightMax;

    /// <summary>Who answered the hello; null until then.</summary>
    public Response.Welcome? Welcome { get; set; }

    /// <param name="onPush">Gets every push, in order, on the receiving loop.</param>
    /// <param name="onAttention">Called when the connection has ended, or the context has grown
    /// large.</param>
    /// <exception cref="SocketException">There is no connection to be had.</exception>
    public static async Task<Connection> DialAsync(
        ServerAddress address, SessionState state, Action<ReplyLine> onPush, Action onAttention,
        CancellationToken stop)
    {
        Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };

        try
        {
            await socket.ConnectAsync(address.Host, address.Port, stop);

            // A free port of this machine may be given to the dialling socket itself, which then talks to
            // itself.
            if (Equals(socket.LocalEndPoint, socket.RemoteEndPoint))
            {
                throw new SocketException((int)SocketError.ConnectionRefused);
            }

            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, 15);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, 5);
        }
        catch
        {
            socket.Dispose();
            throw;
        }

        Connection connection = new(socket, address, state, onPush, onAttention);
        connection._run = connection.RunAsync();
        return connection;
    }

    /// <summary>Asks, and waits for the whole reply. When <paramref name="stop"/> ends the waiting, the
    /// request may have been sent.</summary>
    /// <exception cref="ConnectionBrokenException">The connection ended first.</exception>
    public async Task<Reply> AskAsync(RequestLine request, Action<Reply>? inOrder, CancellationToken stop)
    {
        Exchange exchange = new(request, inOrder);
        await _room.WaitAsync(stop);

        // There is room for every request in flight, so it is refused only after the end.
        if (!_toSend.Writer.TryWrite(exchange))
        {
            _room.Release();
            throw new ConnectionBrokenException(_whyEnded ?? "the connection has ended", wasSent: false);
        }

        try
        {
            return await exchange.Reply.WaitAsync(stop);
        }
        catch (OperationCanceledException)
        {
            exchange.IsAbandoned = true;
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        _whyEnded ??= "the client closed it";
        await _ending.CancelAsync();
        await _run;
    }

    private async Task RunAsync()
    {
        await Task.Yield();
        var sending = SendAsync(_ending.Token);
        string reason = await ReasonOf(ReceiveAsync(_ending.Token));

        _whyEnded ??= _lastWords is null ? reason : $"{reason}; it said: {_lastWords}";
        _toSend.Writer.TryComplete();
        await _ending.CancelAsync();
        await ReasonOf(sending);
        _socket.Dispose();

        Fail(_awaited.TryDequeue, wasSent: true);
        Fail(_toSend.Reader.TryRead, wasSent: false);
        _onAttention();
    }

    private static async Task<string> ReasonOf(Task loop)
    {
        try
        {
            await loop;
            return "the server closed the connection";
        }
        catch (OperationCanceledException)
        {
            return "the client closed it";
        }
        catch (Exception error)
        {
            // Whatever it was, who waits for a reply must hear that none will come.
            return error.Message;
        }
    }

    private delegate bool Taking(out Exchange? exchange);

    private void Fail(Taking take, bool wasSent)
    {
        while (take(out var exchange))
        {
            if (wasSent)
            {
                _state.TakeLoss(exchange!.Request);
            }

            exchange!.Fail(new ConnectionBrokenException(_whyEnded!, wasSent));
            _room.Release();
        }
    }

    private async Task SendAsync(CancellationToken stop)
    {
        await using NetworkStream stream = new(_socket, ownsSocket: false);

        await foreach (var exchange in _toSend.Reader.ReadAllAsync(stop))
        {
            if (exchange.IsAbandoned)
            {
                _room.Release();
                continue;
            }

            _state.TakeSending(exchange.Request);
            _awaited.Enqueue(exchange);

            // If this fails, so does the receiving loop, after it has read what the server said before.
            await stream.WriteAsync(exchange.Request.Wire, stop);
        }
    }

    private async Task ReceiveAsync(CancellationToken stop)
    {
        using LineBuffer lines = new(LineBytesMax);

        while (true)
        {
            int count = await _socket.ReceiveAsync(lines.ReceiveSpace(), stop);

            if (count == 0)
            {
                return;
            }

            lines.Received(count);
            TakeLines(lines);
            lines.Release();

            if (_state.Seen.IsLarge)
            {
                _onAttention();
            }
        }
    }

    private void TakeLines(LineBuffer lines)
    {
        LineResult result;

        while ((result = lines.TryTake(out var line)) == LineResult.Line)
        {
            if (!line.IsEmpty)
            {
                TakeLine(new ReplyLine(line.ToArray(), Meaning(line)));
            }
        }

        if (result != LineResult.None)
        {
            throw ProtocolException.Syntax("the server sent a line that is too long");
        }
    }

    private Response Meaning(ReadOnlySpan<byte> line)
    {
        try
        {
            return _parser.Parse(line);
        }
        catch (ProtocolException)
        {
            // Lines made for people need not be words.
            return new Response.Text(Encoding.UTF8.GetString(line));
        }
    }

    private void TakeLine(ReplyLine line)
    {
        bool isExpected = _awaited.TryPeek(out var exchange);
        bool isInside = isExpected && exchange!.HasBegun;

        if (!isInside && line.Meaning is Response.Update or Response.Removed or Response.Traced)
        {
            _state.TakePush(line.Meaning);
            _onPush(line);
        }
        else if (!isExpected)
        {
            // What nobody asked for is a farewell: too slow, too many connections.
            _lastWords = line.Meaning is Response.Error error ? error.Reason : Readable.Line(line.Bytes.Span);
        }
        else if (exchange!.Take(line) is { } reply)
        {
            _awaited.TryDequeue(out _);
            _room.Release();
            _state.TakeReply(exchange.Request, reply);
            exchange.Complete(reply);
        }
    }
}
