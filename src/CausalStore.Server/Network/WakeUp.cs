using System.Net;
using System.Net.Sockets;

namespace CausalStore.Server.Network;

/// <summary>
/// A socket that other threads make readable: bound to the loopback address and connected to itself, so that
/// it hears nobody else. Unlike a pipe it can be waited for on every system.
/// </summary>
internal sealed class WakeUp : IDisposable
{
    private static readonly byte[] Nudge = [1];

    private readonly byte[] _received = new byte[1];
    private int _isSet;

    public WakeUp()
    {
        Socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        Socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        Socket.Connect(Socket.LocalEndPoint!);
        Socket.Blocking = false;
    }

    public Socket Socket { get; }

    /// <summary>Makes the socket readable; many calls before it is <see cref="Reset"/> cost one.</summary>
    public void Set()
    {
        if (Interlocked.Exchange(ref _isSet, 1) == 0)
        {
            try
            {
                Socket.Send(Nudge, SocketFlags.None, out var error);

                // What could not be sent now must not keep later ones from being sent. (Nothing is set after
                // a success: the loop may have received it and reset this already.)
                if (error != SocketError.Success)
                {
                    Volatile.Write(ref _isSet, 0);
                }
            }
            catch (ObjectDisposedException)
            {
                // The loop has ended: there is nobody to wake.
            }
        }
    }

    /// <summary>Forgets the calls so far. Look for what they announced afterwards, not before.</summary>
    public void Reset()
    {
        Socket.Receive(_received, SocketFlags.None, out _);
        Volatile.Write(ref _isSet, 0);
    }

    public void Dispose() => Socket.Dispose();
}
