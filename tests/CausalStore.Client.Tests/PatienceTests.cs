using CausalStore.Client.Tests.Kit;
using CausalStore.Protocol;

namespace CausalStore.Client.Tests;

public sealed class PatienceTests
{
    [Fact]
    public async Task It_waits_ten_seconds_in_small_pauses_and_says_so_once()
    {
        ManualTime time = new();
        List<string> notices = [];
        Patience patience = new(new StoreClientOptions
        {
            Servers = [new ServerAddress("nowhere", 1)],
            Time = time,
            OnNotice = notices.Add,
        });
        int pauses = 0;

        while (true)
        {
            var wait = patience.WaitAsync("server 2 is missing", Eventually.Stop);

            if (wait.IsCompleted)
            {
                Assert.False(await wait);
                break;
            }

            time.Advance(TimeSpan.FromSeconds(1));
            Assert.True(await wait.InTime());
            pauses++;
        }

        Assert.Equal(10, pauses);
        Assert.Equal("not available yet, waiting up to 10 s: server 2 is missing", Assert.Single(notices));
    }
}
