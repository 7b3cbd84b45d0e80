using CausalStore.Client.Shell;

namespace CausalStore.Client.Tests.Shell;

public sealed class LineEditorTests
{
    private readonly LineEditor _editor = new();

    [Fact]
    public void Characters_make_a_line_that_enter_submits()
    {
        Type("read x");

        Assert.Equal(KeyEffect.Submitted, Press(ConsoleKey.Enter, '\r'));
        Assert.Equal("read x", _editor.Take());
        Assert.Equal("", _editor.Text);
    }

    [Fact]
    public void Backspace_takes_a_whole_character()
    {
        Type("ab💍");

        Assert.Equal(KeyEffect.Changed, Press(ConsoleKey.Backspace));
        Assert.Equal("ab", _editor.Text);

        Press(ConsoleKey.Backspace);
        Press(ConsoleKey.Backspace);
        Assert.Equal(KeyEffect.None, Press(ConsoleKey.Backspace));
    }

    [Fact]
    public void Half_a_character_is_not_drawn()
    {
        Assert.Equal(KeyEffect.None, Press(ConsoleKey.None, "💍"[0]));
        Assert.Equal(KeyEffect.Changed, Press(ConsoleKey.None, "💍"[1]));
        Assert.Equal("💍", _editor.Text);
    }

    [Theory]
    [InlineData(ConsoleKey.Escape, false)]
    [InlineData(ConsoleKey.U, true)]
    public void The_line_can_be_thrown_away(ConsoleKey key, bool isControl)
    {
        Type("mistake");

        Assert.Equal(KeyEffect.Changed, Press(key, isControl: isControl));
        Assert.Equal("", _editor.Text);
    }

    [Theory]
    [InlineData(ConsoleKey.D)]
    [InlineData(ConsoleKey.Z)]
    public void The_end_of_input_counts_only_on_an_empty_line(ConsoleKey key)
    {
        Assert.Equal(KeyEffect.Ended, Press(key, isControl: true));

        Type("x");
        Assert.Equal(KeyEffect.None, Press(key, isControl: true));
    }

    [Theory]
    [InlineData(ConsoleKey.LeftArrow, '\0')]
    [InlineData(ConsoleKey.Tab, '\t')]
    [InlineData(ConsoleKey.F1, '\0')]
    public void Keys_without_a_meaning_do_nothing(ConsoleKey key, char character)
    {
        Assert.Equal(KeyEffect.None, Press(key, character));
        Assert.Equal("", _editor.Text);
    }

    [Fact]
    public void A_pasted_line_end_submits() =>
        Assert.Equal(KeyEffect.Submitted, Press(ConsoleKey.None, '\n'));

    private void Type(string text)
    {
        foreach (char character in text)
        {
            Press(ConsoleKey.None, character);
        }
    }

    private KeyEffect Press(ConsoleKey key, char character = '\0', bool isControl = false) =>
        _editor.Press(new ConsoleKeyInfo(character, key, shift: false, alt: false, isControl));
}
