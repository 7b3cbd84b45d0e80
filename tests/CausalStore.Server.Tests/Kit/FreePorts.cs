using System.Net.Sockets;
using CausalStore.Server.Network;

namespace CausalStore.Server.Tests.Kit;

/// <summary>Ports at which nobody listens.</summary>
internal static class FreePorts
{
    /// <summary>Below those that systems give away: nobody else takes one while its server is down.</summary>
    private const int First = 10_000;
    private const int End = 30_000;

    public static int One()
    {
        while (true)
        {
            try
            {
                using var listener = Listener.Open("127.0.0.1", Random.Shared.Next(First, End));
                return listener.Port;
            }
            catch (SocketException)
            {
                // Somebody has it.
            }
        }
    }
}
