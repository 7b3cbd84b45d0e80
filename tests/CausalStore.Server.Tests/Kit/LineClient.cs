using System.Net;
using System.Net.Sockets;
using System.Text;

namespace CausalStore.Server.Tests.Kit;

/// <summary>A connection as nc makes it: bytes out, lines in. Nothing waits longer than
/// <see cref="Eventually.Limit"/>.</summary>
public sealed class LineClient : IDisposable
{
    private readonly Socket _socket;
    private readonly StreamReader _reader;

    private LineClient(Socket socket)
    {
        _socket = socket;
        _reader = new StreamReader(new NetworkStream(socket, ownsSocket: true), new UTF8Encoding(false));
    }

    public static async Task<LineClient> ConnectAsync(int port)
    {
        Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.NoDelay = true;
        using CancellationTokenSource limit = new(Eventually.Limit);
        await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port), limit.Token);
        return new LineClient(socket);
    }

    /// <summary>Sends the text as it is: a line needs its LF.</summary>
    public Task SendAsync(string text) => SendAsync(Encoding.UTF8.GetBytes(text));

    public async Task SendAsync(ReadOnlyMemory<byte> bytes)
    {
        using CancellationTokenSource limit = new(Eventually.Limit);

        while (!bytes.IsEmpty)
        {
            bytes = bytes[await _socket.SendAsync(bytes, limit.Token)..];
        }
    }

    /// <summary>The next line; null: the server has closed the connection.</summary>
    public async Task<string?> ReadLineAsync()
    {
        using CancellationTokenSource limit = new(Eventually.Limit);
        return await _reader.ReadLineAsync(limit.Token);
    }

    public async Task<string[]> ReadLinesAsync(int count)
    {
        string[] lines = new string[count];

        for (int index = 0; index < count; index++)
        {
            lines[index] = await ReadLineAsync()
                ?? throw new EndOfStreamException($"after {index} of {count} lines");
        }

        return lines;
    }

    /// <summary>Sends a line and reads one.</summary>
    public async Task<string?> AskAsync(string line)
    {
        await SendAsync(line + "\n");
        return await ReadLineAsync();
    }

    /// <summary>Sends lines, each of which has one line for an answer.</summary>
    public async Task<string[]> AskAllAsync(params IReadOnlyList<string> lines)
    {
        await SendAsync(string.Concat(lines.Select(line => line + "\n")));
        return await ReadLinesAsync(lines.Count);
    }

    /// <summary>Sends a line and reads up to <c>end COUNT</c>, or to an error.</summary>
    public async Task<List<string>> AskManyAsync(string line)
    {
        List<string> lines = [];
        await SendAsync(line + "\n");

        do
        {
            lines.Add(await ReadLineAsync() ?? throw new EndOfStreamException(line));
        }
        while (!lines[^1].StartsWith("end ", StringComparison.Ordinal)
            && !lines[^1].StartsWith("error ", StringComparison.Ordinal));

        return lines;
    }

    /// <summary>Waits until the server serves.</summary>
    /// <param name="said">What it has said so far.</param>
    public Task SeesServingAsync(Func<string> said) => Eventually.TrueAsync(
        async () => (await AskManyAsync("status")).Contains("state serving"),
        () => $"it serves; it said: {said()}");

    /// <summary>Waits until a key has a value.</summary>
    public Task ShowsAsync(string key, string value) => Eventually.TrueAsync(
        async () => (await AskAsync($"read {key}"))!.StartsWith(
            $"value {key} {value} ", StringComparison.Ordinal),
        $"{key} = {value}");

    /// <summary>Says that nothing more comes, and reads what is still said.</summary>
    public async Task<string> FinishAsync()
    {
        _socket.Shutdown(SocketShutdown.Send);
        return await ReadToEndAsync();
    }

    public async Task<string> ReadToEndAsync()
    {
        using CancellationTokenSource limit = new(Eventually.Limit);
        return await _reader.ReadToEndAsync(limit.Token);
    }

    public void Dispose() => _reader.Dispose();
}
