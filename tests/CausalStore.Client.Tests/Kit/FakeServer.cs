using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using CausalStore.Protocol;

namespace CausalStore.Client.Tests.Kit;

/// <summary>
/// A server of one process that speaks the contract to clients, on a real socket. A test may answer any line
/// in its own way, and looks at what was asked.
/// </summary>
internal sealed class FakeServer : IAsyncDisposable
{
    private readonly TcpListener _listener;
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentDictionary<FakeConnection, Task> _connections = new();
    private Task _run = Task.CompletedTask;
    private int _clock;

    private FakeServer(int port)
    {
        _listener = new TcpListener(IPAddress.Loopback, port);
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
    }

    public int Port { get; }

    public ServerAddress Address => new("127.0.0.1", Port);

    public string Id { get; init; } = "1";

    /// <summary>The cluster's name; <c>-</c>: it waits, and serves nobody.</summary>
    public string Cluster { get; set; } = "blue";

    /// <summary>The replies to a line in place of the usual ones; null: the usual ones. An empty text:
    /// none.</summary>
    public Func<FakeConnection, string, string?> Answer { get; set; } = (_, _) => null;

    /// <summary>Every line that came, in order, of all connections.</summary>
    public ConcurrentQueue<string> Received { get; } = new();

    public ConcurrentDictionary<string, (string Value, string Version)> Values { get; } = new();

    public int ConnectionsMade { get; private set; }

    public IEnumerable<FakeConnection> Connections => _connections.Keys;

    /// <param name="port">0: a free one.</param>
    public static FakeServer Start(string id = "1", int port = 0)
    {
        FakeServer server = new(port) { Id = id };
        server._run = server.AcceptAsync();
        return server;
    }

    /// <summary>A port on which nothing listens.</summary>
    public static async Task<int> ClosedPortAsync()
    {
        await using var server = Start();
        return server.Port;
    }

    public StoreClientOptions Options(params IEnumerable<FakeServer> others) => new()
    {
        Servers = [Address, .. others.Select(other => other.Address)],
        Name = "alice",
    };

    public Task<StoreClient> ClientAsync() => StoreClient.ConnectAsync(Options(), Eventually.Stop);

    public Task ReceivesAsync(string line) =>
        Eventually.TrueAsync(() => Received.Contains(line), $"received '{line}'");

    /// <summary>Sends lines to every connection.</summary>
    public void Push(params string[] lines)
    {
        foreach (var connection in Connections)
        {
            connection.Send(string.Concat(lines.Select(line => line + "\n")));
        }
    }

    /// <summary>Breaks every connection; new ones are taken.</summary>
    public void BreakConnections()
    {
        foreach (var connection in Connections)
        {
            connection.Close();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Stop();
        await _run;
        BreakConnections();
        await Task.WhenAll(_connections.Values);
    }

    internal string Reply(FakeConnection connection, string line)
    {
        Received.Enqueue(line);

        if (Answer(connection, line) is { } own)
        {
            return own;
        }

        string[] words = WordsOf(line);

        if (Cluster == "-" && words[0] is not ("hello" or "ping" or "status"))
        {
            return "error unavailable waits for server 2\n";
        }

        return words[0] switch
        {
            "hello" when words.Length > 3 && words[3] != Cluster && Cluster != "-" =>
                "error lost this is another cluster\n",
            "hello" => $"welcome {Id} {Cluster}\n",
            "write" => Write(words[1], words[2]),
            "delete" => $"ok {++_clock}@{Id}\n",
            "read" => string.Concat(words[1..].Select(Read)),
            "scan" => string.Concat(Values.Keys.Order().Select(Read)) + $"end {Values.Count}\n",
            "context" when words.Length == 1 => "context -\n",
            "context" or "watch" or "unwatch" => "ok\n",
            "status" => $"server {Id}\nstate serving\nend 2\n",
            "pending" or "why" or "members" => "end 0\n",
            "ping" => "pong\n",
            "malformed" => "error syntax a quote is opened and not closed\n",
            _ => $"error unknown-command '{words[0]}' is no command\n",
        };
    }

    private static string[] WordsOf(string line)
    {
        try
        {
            var words = new WordSplitter().Split(Encoding.UTF8.GetBytes(line));
            string[] texts = new string[words.Count];

            for (int index = 0; index < texts.Length; index++)
            {
                texts[index] = Encoding.UTF8.GetString(words[index]);
            }

            return texts;
        }
        catch (ProtocolException)
        {
            return ["malformed"];
        }
    }

    private static string Quoted(string word) =>
        Encoding.UTF8.GetString(RequestLine.Of(word).Line.Span);

    private string Write(string key, string value)
    {
        string version = $"{++_clock}@{Id}";
        Values[key] = (value, version);
        return $"ok {version}\n";
    }

    private string Read(string key) => Values.TryGetValue(key, out var found)
        ? $"value {Quoted(key)} {Quoted(found.Value)} {found.Version}\n"
        : $"missing {Quoted(key)}\n";

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var socket = await _listener.AcceptSocketAsync(_stopping.Token);
                socket.NoDelay = true;
                FakeConnection connection = new(this, socket);
                ConnectionsMade++;
                _connections[connection] = ServeAsync(connection);
            }
        }
        catch (Exception error) when (error is OperationCanceledException or SocketException)
        {
            // Stopped.
        }
    }

    private async Task ServeAsync(FakeConnection connection)
    {
        await Task.Yield();
        await connection.ServeAsync();
        _connections.TryRemove(connection, out _);
    }
}

/// <summary>One client, as the server sees it.</summary>
internal sealed class FakeConnection(FakeServer server, Socket socket)
{
    public void Send(string lines)
    {
        try
        {
            socket.Send(Encoding.UTF8.GetBytes(lines));
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // The client is gone.
        }
    }

    public void Close()
    {
        try
        {
            socket.Shutdown(SocketShutdown.Both);
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // It was closed already.
        }

        socket.Dispose();
    }

    public async Task ServeAsync()
    {
        try
        {
            await using NetworkStream stream = new(socket, ownsSocket: true);
            using StreamReader reader = new(stream);

            while (await reader.ReadLineAsync() is { } line)
            {
                Send(server.Reply(this, line));
            }
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException)
        {
            // It was closed.
        }
    }
}
