using System.Net;
using System.Net.Sockets;

namespace CausalStore.Server.Network;

/// <summary>Where others connect to.</summary>
internal sealed class Listener : IDisposable
{
    private const int Backlog = 4096;
    private readonly Socket _socket;

    private Listener(Socket socket) => _socket = socket;

    public Socket Socket => _socket;

    public IPEndPoint EndPoint => (IPEndPoint)_socket.LocalEndPoint!;

    public int Port => EndPoint.Port;

    /// <summary>Listens from now on.</summary>
    /// <param name="host">An IP address, or a name of this machine.</param>
    /// <param name="port">0: a free one.</param>
    /// <exception cref="SocketException">It cannot: <see cref="Advice"/> says what to do.</exception>
    public static Listener Open(string host, int port)
    {
        var address = IPAddress.TryParse(host, out var parsed) ? parsed : Dns.GetHostAddresses(host)[0];
        Socket socket = new(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);

        try
        {
            if (OperatingSystem.IsWindows())
            {
                socket.ExclusiveAddressUse = true;
            }

            if (address.Equals(IPAddress.IPv6Any))
            {
                socket.DualMode = true;
            }

            socket.Bind(new IPEndPoint(address, port));
            socket.Listen(Backlog);
            socket.Blocking = false;
            return new Listener(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>What a person can do about a failed <see cref="Open"/>.</summary>
    public static string Advice(SocketException failure, string host, int port) =>
        failure.SocketErrorCode switch
        {
            SocketError.AddressAlreadyInUse =>
                $"port {port} is in use. Stop the program that uses it, or choose another --port"
                + " (0: a free one).",
            SocketError.AccessDenied =>
                $"port {port} is not open to you. Choose a --port from 1024 to 65535, or 0 for a free one.",
            SocketError.AddressNotAvailable or SocketError.HostNotFound
                or SocketError.NoData or SocketError.TryAgain =>
                $"'{host}' is no address of this machine. Give --bind one that it has: 127.0.0.1 for this"
                + " machine only, 0.0.0.0 for everybody.",
            _ => $"{failure.Message} ({host}, port {port}).",
        };

    /// <summary>The next connection; null: none is waiting.</summary>
    /// <exception cref="SocketException">There are too many open files.</exception>
    public Socket? Accept()
    {
        if (!_socket.Poll(TimeSpan.Zero, SelectMode.SelectRead))
        {
            return null;
        }

        Socket? accepted = null;

        try
        {
            accepted = _socket.Accept();
            Connection.Prepare(accepted);
            return accepted;
        }
        catch (SocketException failure) when (failure.SocketErrorCode is not SocketError.TooManyOpenSockets
            and not SocketError.NoBufferSpaceAvailable)
        {
            // Whoever it was is gone again: the next turn looks for the next one.
            accepted?.Dispose();
            return null;
        }
    }

    public void Dispose() => _socket.Dispose();
}
