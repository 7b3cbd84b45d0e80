using System.Net;
using System.Net.Sockets;

namespace CausalStore.Server.Tests.Network;

internal static class Sockets
{
    /// <summary>Two ends of one connection; the first does not block.</summary>
    public static (Socket Here, Socket There) Pair()
    {
        using Socket listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();

        Socket there = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        there.NoDelay = true;
        there.Connect(listener.LocalEndPoint!);
        var here = listener.Accept();
        Server.Network.Connection.Prepare(here);
        return (here, there);
    }
}
