using CausalStore.Terminal.Tests.Kit;

namespace CausalStore.Terminal.Tests;

public sealed class ScreenWriterTests : IDisposable
{
    private readonly FakeTerminal _terminal = new();

    [Fact]
    public void Whole_lines_stand_above_what_is_typed()
    {
        Screen screen = new(_terminal, hasColour: false, () => 80);
        using ScreenWriter writer = new(screen);
        screen.BeginTyping("server 1> ");
        screen.ShowTyped("sta", 3);

        writer.Write("applied ");
        writer.Write('x');
        Assert.Equal(["server 1> sta"], _terminal.Rows);

        writer.Write(" = lost\r\nand ");
        writer.WriteLine("more");
        Assert.Equal(["applied x = lost", "and more", "server 1> sta"], _terminal.Rows);
    }

    public void Dispose() => _terminal.Dispose();
}
