using CausalStore.Terminal.Tests.Kit;

namespace CausalStore.Terminal.Tests;

public sealed class KeyboardTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Keys_come_in_order_and_end_with_the_terminal()
    {
        Queue<char> typed = new("ab");
        Keyboard keyboard = new();
        keyboard.PressControlC();
        keyboard.Start(() => typed.TryDequeue(out char next)
            ? Keys.Of(next)
            : throw new InvalidOperationException("no terminal"));
        using CancellationTokenSource stop = new(Limit);

        List<char> read = [];

        await foreach (var key in keyboard.Keys.ReadAllAsync(stop.Token))
        {
            read.Add(key.KeyChar);
        }

        Assert.Equal(['\x03', 'a', 'b'], read);
    }
}
