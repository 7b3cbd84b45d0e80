using CausalStore.Terminal.Tests.Kit;

namespace CausalStore.Terminal.Tests;

public sealed class ScreenTests : IDisposable
{
    private readonly FakeTerminal _terminal = new();

    [Fact]
    public void What_comes_while_a_line_is_typed_stands_above_it()
    {
        var screen = NewScreen();
        screen.BeginTyping("alice> ");
        screen.ShowTyped("re", 2);

        screen.Print("x is now lost (3@1)");
        screen.ShowTyped("rea", 3);
        screen.EndTyping();

        Assert.Equal(["x is now lost (3@1)", "alice> rea", ""], _terminal.Rows);
    }

    [Fact]
    public void The_cursor_stays_where_it_was_when_something_comes()
    {
        var screen = NewScreen();
        screen.BeginTyping("alice> ");
        screen.ShowTyped("read x", 2);

        screen.Print("a line that is longer than what is typed");

        Assert.Equal("alice> read x", _terminal.Rows[^1]);
        Assert.Equal("alice> re".Length, _terminal.Column);
    }

    [Fact]
    public void What_is_typed_in_the_middle_moves_the_rest()
    {
        var screen = NewScreen();
        screen.BeginTyping("> ");
        screen.ShowTyped("wrte", 2);

        screen.ShowTyped("write", 3);

        Assert.Equal(["> write"], _terminal.Rows);
        Assert.Equal("> wri".Length, _terminal.Column);
    }

    [Fact]
    public void A_shorter_line_leaves_nothing_of_the_longer_one()
    {
        var screen = NewScreen();
        screen.BeginTyping("> ");
        screen.ShowTyped("read x", 6);

        screen.ShowTyped("r", 1);

        Assert.Equal(["> r"], _terminal.Rows);
        Assert.Equal("> r".Length, _terminal.Column);
    }

    [Fact]
    public void Of_a_line_longer_than_the_terminal_the_part_around_the_cursor_is_shown()
    {
        _terminal.Columns = 24;
        const string Typed = "0123456789012345678901234567890123456789";
        var screen = NewScreen();
        screen.BeginTyping("> ");

        screen.ShowTyped(Typed, Typed.Length);
        screen.Print("pushed");
        Assert.Equal(["pushed", "> 901234567890123456789"], _terminal.Rows);

        screen.ShowTyped(Typed, 12);
        Assert.Equal("> 234567890123456789012", _terminal.Rows[^1]);
        Assert.Equal("> ".Length, _terminal.Column);

        screen.ShowTyped(Typed, 14);
        Assert.Equal("> 234567890123456789012", _terminal.Rows[^1]);
        Assert.Equal("> 23".Length, _terminal.Column);

        screen.ShowTyped("01", 2);
        Assert.Equal("> 01", _terminal.Rows[^1]);
    }

    [Fact]
    public void Wide_characters_take_their_room()
    {
        _terminal.Columns = 20;
        var screen = NewScreen();
        screen.BeginTyping("> ");

        screen.ShowTyped("指輪指輪指輪指輪指輪指輪", 12);
        Assert.Equal("> 指輪指輪指輪指輪", _terminal.Rows[^1]);

        screen.ShowTyped("指輪", 1);
        Assert.Equal("> 指輪", _terminal.Rows[^1]);
        Assert.Equal(4, _terminal.Column);
    }

    [Fact]
    public void Where_nobody_types_lines_are_just_lines()
    {
        NewScreen().Print("one", ConsoleColor.Red);

        Assert.Equal("one\n", _terminal.ToString());
    }

    [Fact]
    public void Where_colours_are_wanted_lines_and_the_prompt_have_them()
    {
        var screen = NewScreen(hasColour: true);
        screen.BeginTyping("> ");
        screen.ShowTyped("x", 1);

        screen.Print("wrong", ConsoleColor.Red);

        Assert.Contains("\e[91mwrong\e[0m\n\e[92m> \e[0mx", _terminal.ToString());
        Assert.Equal(["wrong", "> x"], _terminal.Rows);
    }

    [Fact]
    public void Cleared_it_shows_only_what_is_typed()
    {
        var screen = NewScreen(hasColour: true);
        screen.BeginTyping("> ");
        screen.Print("old");
        screen.ShowTyped("read", 4);

        screen.Clear();

        Assert.Equal(["> read"], _terminal.Rows);
    }

    [Fact]
    public void A_narrower_terminal_gets_a_shorter_row()
    {
        var screen = NewScreen();
        screen.BeginTyping("> ");
        screen.ShowTyped(new string('x', 40), 40);

        _terminal.Columns = 60;
        screen.Redraw();
        Assert.Equal("> " + new string('x', 40), _terminal.Rows[^1]);

        _terminal.Columns = 0;
        Assert.Equal(80, screen.Columns);
    }

    [Fact]
    public void A_row_that_the_terminal_has_broken_in_two_is_taken_back()
    {
        Screen screen = new(_terminal, hasColour: false, () => _terminal.Columns) { IsAnsi = true };
        screen.Print("old");
        screen.BeginTyping("> ");
        screen.ShowTyped(new string('x', 48), 48);

        // As terminals do that get narrower.
        int broken = _terminal.ToString().Length;
        _terminal.GetStringBuilder().Insert(broken - 10, '\n');
        _terminal.Columns = 40;
        screen.Redraw();

        Assert.Equal(["old", "> " + new string('x', 37)], _terminal.Rows);
    }

    public void Dispose() => _terminal.Dispose();

    private Screen NewScreen(bool hasColour = false) => new(_terminal, hasColour, () => _terminal.Columns);
}
