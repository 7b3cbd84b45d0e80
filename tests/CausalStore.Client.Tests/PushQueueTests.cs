using CausalStore.Client.Tests.Kit;

namespace CausalStore.Client.Tests;

public sealed class PushQueueTests
{
    [Fact]
    public async Task Pushes_are_taken_in_order()
    {
        PushQueue queue = new(pushesMax: 10, bytesMax: 100);

        queue.Add(Removed("a"), 10);
        queue.Add(Removed("b"), 10);
        queue.Complete();

        Assert.Equal([Removed("a"), Removed("b")], await AllAsync(queue));
    }

    [Theory]
    [InlineData(2, 1_000)]
    [InlineData(1_000, 20)]
    public async Task Who_is_too_slow_gets_what_had_come_and_is_told(int pushesMax, long bytesMax)
    {
        PushQueue queue = new(pushesMax, bytesMax);
        List<Push> taken = [];

        foreach (string key in (string[])["a", "b", "c", "d"])
        {
            queue.Add(Removed(key), 10);
        }

        await Assert.ThrowsAsync<PushesCutOffException>(async () =>
        {
            await foreach (var push in queue.TakeAsync(Eventually.Stop))
            {
                taken.Add(push);
            }
        });

        Assert.Equal([Removed("a"), Removed("b")], taken);
    }

    [Fact]
    public async Task One_push_may_always_wait_and_what_is_taken_makes_room()
    {
        PushQueue queue = new(pushesMax: 10, bytesMax: 5);
        await using var taking = queue.TakeAsync(Eventually.Stop).GetAsyncEnumerator(Eventually.Stop);

        for (int round = 0; round < 3; round++)
        {
            queue.Add(Removed("large"), 1_000);
            Assert.True(await taking.MoveNextAsync());
        }
    }

    private static Push.Removed Removed(string key) => new Push.Removed(key, Versions.Version("1@1"));

    private static async Task<List<Push>> AllAsync(PushQueue queue)
    {
        List<Push> taken = [];

        await foreach (var push in queue.TakeAsync(Eventually.Stop))
        {
            taken.Add(push);
        }

        return taken;
    }
}
