using System.Net.Sockets;
using CausalStore.Server.Network;

namespace CausalStore.Server.Tests.Network;

public sealed class WakeUpTests
{
    [Fact]
    public void It_is_readable_from_the_call_until_it_is_reset()
    {
        using WakeUp wakeUp = new();
        Assert.False(IsReadable(wakeUp, TimeSpan.Zero));

        wakeUp.Set();
        wakeUp.Set();
        Assert.True(IsReadable(wakeUp, TimeSpan.FromSeconds(20)));

        wakeUp.Reset();
        Assert.False(IsReadable(wakeUp, TimeSpan.Zero));

        wakeUp.Set();
        Assert.True(IsReadable(wakeUp, TimeSpan.FromSeconds(20)));
    }

    [Fact]
    public void After_the_end_a_call_does_no_harm()
    {
        WakeUp wakeUp = new();
        wakeUp.Dispose();

        wakeUp.Set();
    }

    private static bool IsReadable(WakeUp wakeUp, TimeSpan within) =>
        wakeUp.Socket.Poll(within, SelectMode.SelectRead);
}
