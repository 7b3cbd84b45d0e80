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
    public async Task A_call_that_is_received_while_it_is_being_made_silences_no_later_one()
    {
        const int Calls = 2_000;
        using WakeUp wakeUp = new();
        int received = 0;
        var calling = Task.Factory.StartNew(
            () =>
            {
                for (int call = 1; call <= Calls; call++)
                {
                    wakeUp.Set();

                    while (Volatile.Read(ref received) < call)
                    {
                        Thread.Yield();
                    }
                }
            },
            TaskCreationOptions.LongRunning);

        int silenced = 0;

        for (int call = 1; call <= Calls && silenced == 0; call++)
        {
            silenced = IsReadable(wakeUp, TimeSpan.FromSeconds(10)) ? 0 : call;
            wakeUp.Reset();
            Volatile.Write(ref received, silenced == 0 ? call : Calls);
        }

        await calling;
        Assert.Equal(0, silenced);
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
