using CausalStore.Terminal.Tests.Kit;

namespace CausalStore.Terminal.Tests;

public sealed class LineReaderTests : IDisposable
{
    private readonly FakeTerminal _terminal = new() { Columns = 40 };
    private readonly Keyboard _keyboard = new();
    private readonly Screen _screen;
    private readonly LineReader _reader;
    private Completion? _completion;
    private string? _asked;

    public LineReaderTests()
    {
        _screen = new Screen(_terminal, hasColour: true, () => _terminal.Columns);
        _reader = new LineReader(_screen, _keyboard.Keys, new LineHistory(), CompleteAsync);
    }

    [Fact]
    public async Task Lines_come_one_after_another_and_stay_on_the_screen()
    {
        Type("read x\nread y\n");

        Assert.Equal("read x", await NextAsync());
        Assert.Equal("read y", await NextAsync());
        Assert.Equal(["> read x", "> read y", ""], _terminal.Rows);
    }

    [Fact]
    public async Task No_keys_no_lines()
    {
        Type("half");
        _keyboard.End();

        Assert.Null(await NextAsync());
    }

    [Fact]
    public async Task Ctrl_C_begins_a_new_line_and_then_leaves()
    {
        Type("mistake");
        _keyboard.PressControlC();
        Type("ping\n");
        _keyboard.PressControlC();

        Assert.Equal("ping", await NextAsync());
        Assert.Null(await NextAsync());
        Assert.Equal("> ping", _terminal.Rows[^3]);
    }

    [Fact]
    public async Task Ctrl_L_leaves_only_the_line()
    {
        _screen.Print("old");
        Type("pi");
        _keyboard.Press(Keys.Control(ConsoleKey.L));
        Type("ng\n");

        await NextAsync();

        Assert.Equal(["> ping", ""], _terminal.Rows);
    }

    [Fact]
    public async Task Tab_completes_the_word_before_the_cursor()
    {
        _completion = new Completion(5, "greeting ", ["greeting"]);
        Type("read gr lost");
        Press(ConsoleKey.LeftArrow, times: 5);
        Press(ConsoleKey.Tab, times: 1);
        Type("\n");

        Assert.Equal("read greeting  lost", await NextAsync());
        Assert.Equal("read gr", _asked);
    }

    [Fact]
    public async Task Where_there_are_several_they_are_shown_above_the_line()
    {
        var keys = Enumerable.Range(100, 55).Select(number => $"key-{number}");
        _completion = new Completion(5, "k", [.. keys]);
        Type("read k");
        Press(ConsoleKey.Tab, times: 1);
        Type("\n");

        await NextAsync();

        string[] rows = _terminal.Rows;
        Assert.Equal("key-100  key-101  key-102  key-103", rows[0]);
        Assert.Equal("key-136  key-137  key-138  key-139", rows[9]);
        Assert.Equal("... and 15 more", rows[10]);
        Assert.Equal("> read k", rows[11]);
    }

    [Fact]
    public async Task Where_nothing_fits_nothing_happens()
    {
        Type("read q");
        Press(ConsoleKey.Tab, times: 1);
        Type("\n");

        Assert.Equal("read q", await NextAsync());
        Assert.Equal(["> read q", ""], _terminal.Rows);
    }

    public void Dispose() => _terminal.Dispose();

    private Task<Completion?> CompleteAsync(string before, CancellationToken stop)
    {
        _asked = before;
        return Task.FromResult(_completion);
    }

    private async Task<string?> NextAsync()
    {
        using CancellationTokenSource stop = new(TimeSpan.FromSeconds(30));
        return await _reader.NextAsync("> ", stop.Token);
    }

    private void Type(string text)
    {
        foreach (char character in text)
        {
            _keyboard.Press(Keys.Of(character));
        }
    }

    private void Press(ConsoleKey key, int times)
    {
        for (int time = 0; time < times; time++)
        {
            _keyboard.Press(Keys.Of(key));
        }
    }
}
