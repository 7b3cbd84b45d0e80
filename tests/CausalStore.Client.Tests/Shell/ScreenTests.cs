using System.Text;
using CausalStore.Client.Shell;

namespace CausalStore.Client.Tests.Shell;

public sealed class ScreenTests : IDisposable
{
    private readonly StringWriter _output = new() { NewLine = "\n" };
    private int _columns = 80;

    [Fact]
    public void What_comes_while_a_line_is_typed_stands_above_it()
    {
        var screen = NewScreen();
        screen.BeginTyping("alice> ");
        screen.ShowTyped("re");

        screen.Print("x is now lost (3@1)");
        screen.ShowTyped("rea");
        screen.EndTyping();

        Assert.Equal(["x is now lost (3@1)", "alice> rea", ""], Rows());
    }

    [Fact]
    public void A_shorter_line_leaves_nothing_of_the_longer_one()
    {
        var screen = NewScreen();
        screen.BeginTyping("> ");
        screen.ShowTyped("read x");

        screen.ShowTyped("r");

        Assert.Equal(["> r"], Rows());
    }

    [Fact]
    public void Of_a_line_longer_than_the_terminal_the_end_is_shown_in_one_row()
    {
        _columns = 24;
        var screen = NewScreen();
        screen.BeginTyping("> ");

        screen.ShowTyped("0123456789012345678901234567890123456789");
        screen.Print("pushed");

        Assert.Equal(["pushed", "> 901234567890123456789"], Rows());
    }

    [Fact]
    public void Wide_characters_take_their_room()
    {
        _columns = 20;
        var screen = NewScreen();
        screen.BeginTyping("> ");

        screen.ShowTyped("指輪指輪指輪指輪指輪指輪");

        Assert.Equal("> 指輪指輪指輪指輪", Rows()[^1]);
    }

    [Fact]
    public void Where_nobody_types_lines_are_just_lines()
    {
        NewScreen().Print("one", ConsoleColor.Red);

        Assert.Equal("one\n", _output.ToString());
    }

    [Theory]
    [InlineData("a", 1)]
    [InlineData("é", 1)]
    [InlineData("\u0301", 0)]
    [InlineData("指", 2)]
    [InlineData("💍", 2)]
    public void A_character_takes_columns(string text, int columns) =>
        Assert.Equal(columns, Screen.ColumnsOf(text.EnumerateRunes().Single()));

    public void Dispose() => _output.Dispose();

    private Screen NewScreen() => new(_output, hasColour: false, () => _columns);

    /// <summary>What a terminal would show.</summary>
    private string[] Rows()
    {
        List<StringBuilder> rows = [new()];
        int column = 0;

        foreach (var rune in _output.ToString().EnumerateRunes())
        {
            if (rune.Value == '\n')
            {
                rows.Add(new StringBuilder());
                column = 0;
            }
            else if (rune.Value == '\r')
            {
                column = 0;
            }
            else
            {
                // Two columns for a wide character, the second of which holds nothing.
                string cell = rune.ToString() + new string('\0', Screen.ColumnsOf(rune) - 1);
                var row = rows[^1];
                row.Length = Math.Max(row.Length, column + cell.Length);
                row.Remove(column, cell.Length).Insert(column, cell);
                column += cell.Length;
            }
        }

        return [.. rows.Select(row => row.ToString().Replace("\0", "").TrimEnd())];
    }
}
