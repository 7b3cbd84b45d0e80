using CausalStore.Server.Commands;
using CausalStore.Terminal;

namespace CausalStore.Server.Tests.Commands;

public sealed class ConsoleCommandsTests : IDisposable
{
    private readonly StringWriter _output = new() { NewLine = "\n" };
    private readonly Keyboard _keyboard = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Lines_are_taken_one_by_one_until_they_end()
    {
        using StringReader lines = new("status\nquit\n");
        var input = ConsoleCommands.Lines(lines, _output);

        Assert.Equal("status", await input.NextLine("> ", Stop));
        Assert.Equal("quit", await input.NextLine("> ", Stop));
        Assert.Null(await input.NextLine("> ", Stop));
        Assert.Null(input.Columns);
    }

    [Fact]
    public async Task Typed_lines_are_edited_and_completed()
    {
        var input = NewTyped();
        Type("stx\b\t\n");

        Assert.Equal("status ", await input.NextLine("server 1> ", Stop));
        Assert.Equal(40, input.Columns!());
    }

    [Fact]
    public async Task The_end_of_input_asks_what_is_meant_and_the_end_of_the_terminal_does_not()
    {
        var input = NewTyped();
        _keyboard.Press(new ConsoleKeyInfo('\x04', ConsoleKey.D, shift: false, alt: false, control: true));
        Type("quit\n");

        Assert.Equal("quit", await input.NextLine("server 1> ", Stop));
        Assert.Contains("'quit' stops this server; it goes on.\nserver 1> quit\n", _output.ToString());

        _keyboard.End();
        Assert.Null(await input.NextLine("server 1> ", Stop));
    }

    [Theory]
    [InlineData("Terminal")]
    [InlineData("Nobody")]
    public void Where_nobody_can_type_nothing_is_read(string from)
    {
        Assert.SkipUnless(Console.IsOutputRedirected, "these tests run in a terminal");

        Assert.Null(ConsoleCommands.Open(Enum.Parse<CommandsFrom>(from)));
    }

    public void Dispose() => _output.Dispose();

    private CommandInput NewTyped() =>
        ConsoleCommands.Typed(new Screen(_output, hasColour: false, () => 40), _keyboard, _output);

    private void Type(string text)
    {
        foreach (char character in text)
        {
            var key = character switch
            {
                '\t' => ConsoleKey.Tab,
                '\b' => ConsoleKey.Backspace,
                _ => ConsoleKey.None,
            };
            _keyboard.Press(new ConsoleKeyInfo(character, key, shift: false, alt: false, control: false));
        }
    }
}
