using System.Net;
using System.Net.Sockets;
using System.Text;

namespace CausalStore.Server.Commands;

/// <summary>A client of this very server, inside its process: what is typed in its terminal comes in by the
/// same door as everybody's requests.</summary>
/// <param name="listening">Where the server listens.</param>
internal sealed class OwnClient(IPEndPoint listening) : IDisposable
{
    private const string Mark = "ping";
    private const string MarkAnswer = "pong";

    private TcpClient? _connection;
    private StreamReader? _lines;

    /// <summary>Asks, and gives every line of the answer.</summary>
    /// <param name="request">Any but <c>ping</c> and <c>quit</c>.</param>
    /// <exception cref="IOException">The server does not take or answer it.</exception>
    public async Task<IReadOnlyList<string>> AskAsync(string request, CancellationToken stop)
    {
        try
        {
            return await AskConnectedAsync(request, stop);
        }
        catch (Exception error)
        {
            Dispose();
            throw error is SocketException ? new IOException(error.Message, error) : error;
        }
    }

    public void Dispose()
    {
        _lines?.Dispose();
        _connection?.Dispose();
        _lines = null;
        _connection = null;
    }

    private async Task<List<string>> AskConnectedAsync(string request, CancellationToken stop)
    {
        if (_connection is null)
        {
            var address = AddressToDial(listening.Address);
            _connection = new TcpClient(address.AddressFamily) { NoDelay = true };
            await _connection.ConnectAsync(address, listening.Port, stop);
            _lines = new StreamReader(_connection.GetStream(), new UTF8Encoding(false));
        }

        // How many lines an answer has is for the server to know: after it comes the answer to the mark.
        byte[] lines = Encoding.UTF8.GetBytes($"{request}\n{Mark}\n");
        await _connection.GetStream().WriteAsync(lines, stop);
        List<string> answer = [];

        while (await _lines!.ReadLineAsync(stop) is { } line)
        {
            if (line == MarkAnswer)
            {
                return answer;
            }

            answer.Add(line);
        }

        throw new IOException("the connection was closed; is this server stopping?");
    }

    private static IPAddress AddressToDial(IPAddress address) =>
        address.Equals(IPAddress.Any) ? IPAddress.Loopback
        : address.Equals(IPAddress.IPv6Any) ? IPAddress.IPv6Loopback
        : address;
}
