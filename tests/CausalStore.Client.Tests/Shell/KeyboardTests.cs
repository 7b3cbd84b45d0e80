using CausalStore.Client.Shell;
using CausalStore.Client.Tests.Kit;

namespace CausalStore.Client.Tests.Shell;

public sealed class KeyboardTests
{
    [Fact]
    public async Task Keys_come_in_order_and_end_with_the_terminal()
    {
        Queue<char> typed = new("ab");
        var keys = Keyboard.Start(() => typed.TryDequeue(out char next)
            ? new ConsoleKeyInfo(next, ConsoleKey.None, shift: false, alt: false, control: false)
            : throw new InvalidOperationException("no terminal"));

        List<char> read = [];

        await foreach (var key in keys.ReadAllAsync(Eventually.Stop))
        {
            read.Add(key.KeyChar);
        }

        Assert.Equal(['a', 'b'], read);
    }
}
