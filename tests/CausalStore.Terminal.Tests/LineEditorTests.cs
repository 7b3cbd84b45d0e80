using CausalStore.Terminal.Tests.Kit;

namespace CausalStore.Terminal.Tests;

public sealed class LineEditorTests
{
    // A woman, a joiner and a ring are one picture; so are an e and its accent.
    private const string Picture = "👩\u200D💍";
    private const string Accented = "e\u0301";

    private readonly LineHistory _history = new();
    private readonly LineEditor _editor;

    public LineEditorTests() => _editor = new LineEditor(_history);

    /// <summary>The text with the cursor in it.</summary>
    private string Shown => _editor.Text.Insert(_editor.Cursor, "|");

    [Fact]
    public void Characters_make_a_line_that_enter_submits()
    {
        Type("read x");

        Assert.Equal(KeyEffect.Submitted, Press(ConsoleKey.Enter));
        Assert.Equal("read x", _editor.Take());
        Assert.Equal("|", Shown);
    }

    [Fact]
    public void What_is_typed_stands_where_the_cursor_is()
    {
        Type("write lost");

        Press(ConsoleKey.LeftArrow, times: 4);
        Type("x ");

        Assert.Equal("write x |lost", Shown);
    }

    [Theory]
    [InlineData(ConsoleKey.Home, false, "|one two three")]
    [InlineData(ConsoleKey.A, true, "|one two three")]
    [InlineData(ConsoleKey.End, false, "one two three|")]
    [InlineData(ConsoleKey.E, true, "one two three|")]
    [InlineData(ConsoleKey.LeftArrow, false, "one t|wo three")]
    [InlineData(ConsoleKey.B, true, "one t|wo three")]
    [InlineData(ConsoleKey.RightArrow, false, "one two| three")]
    [InlineData(ConsoleKey.F, true, "one two| three")]
    [InlineData(ConsoleKey.LeftArrow, true, "one |two three")]
    [InlineData(ConsoleKey.RightArrow, true, "one two| three")]
    public void The_cursor_moves(ConsoleKey key, bool isControl, string shown)
    {
        Type("one two three");
        Press(ConsoleKey.LeftArrow, times: 7);
        Assert.Equal("one tw|o three", Shown);

        Press(isControl ? Keys.Control(key) : Keys.Of(key));

        Assert.Equal(shown, Shown);
    }

    [Fact]
    public void From_between_two_words_it_moves_over_the_next_one()
    {
        Type("one two");
        Press(ConsoleKey.LeftArrow, times: 4);

        Press(Keys.Alt(ConsoleKey.F, 'f'));
        Assert.Equal("one two|", Shown);
        Press(Keys.Alt(ConsoleKey.B, 'b'));
        Press(Keys.Alt(ConsoleKey.LeftArrow));

        Assert.Equal("|one two", Shown);
    }

    [Fact]
    public void It_does_not_move_beyond_the_ends()
    {
        Type("a");

        Assert.Equal(KeyEffect.None, Press(ConsoleKey.RightArrow));
        Press(ConsoleKey.LeftArrow);
        Assert.Equal(KeyEffect.None, Press(ConsoleKey.LeftArrow));
        Assert.Equal(KeyEffect.None, Press(ConsoleKey.Backspace));
        Assert.Equal("|a", Shown);
    }

    [Theory]
    [InlineData("💍")]
    [InlineData("指")]
    [InlineData(Accented)]
    [InlineData(Picture)]
    public void What_a_person_sees_as_one_is_never_broken(string one)
    {
        Type($"a{one}b");

        Press(ConsoleKey.LeftArrow, times: 2);
        Assert.Equal($"a|{one}b", Shown);

        Press(ConsoleKey.RightArrow);
        Assert.Equal($"a{one}|b", Shown);

        Press(ConsoleKey.Backspace);
        Assert.Equal("a|b", Shown);
    }

    [Fact]
    public void Half_a_character_is_not_drawn()
    {
        Assert.Equal(KeyEffect.None, Press(Keys.Of("💍"[0])));
        Assert.Equal(KeyEffect.Changed, Press(Keys.Of("💍"[1])));
        Assert.Equal("💍|", Shown);
    }

    [Fact]
    public void Delete_takes_what_is_under_the_cursor()
    {
        Type($"a{Picture}b");
        Press(ConsoleKey.Home);

        Press(ConsoleKey.Delete);
        Press(Keys.Control(ConsoleKey.D));

        Assert.Equal("|b", Shown);
    }

    [Fact]
    public void The_line_can_be_killed_to_either_end_and_brought_back()
    {
        Type("read x");
        Press(ConsoleKey.LeftArrow);

        Press(Keys.Control(ConsoleKey.K));
        Assert.Equal("read |", Shown);
        Press(Keys.Control(ConsoleKey.U));
        Assert.Equal("|", Shown);
        Press(Keys.Control(ConsoleKey.Y));

        Assert.Equal("read |", Shown);
    }

    [Fact]
    public void Words_can_be_killed()
    {
        Type("write x  lost");

        Press(Keys.Control(ConsoleKey.W));
        Assert.Equal("write x  |", Shown);
        Press(Keys.Alt(ConsoleKey.Backspace));
        Assert.Equal("write |", Shown);
        Press(ConsoleKey.Home);
        Press(Keys.Alt(ConsoleKey.D, 'd'));

        Assert.Equal("| ", Shown);
    }

    [Fact]
    public void Escape_throws_the_line_away_and_it_is_not_lost()
    {
        Type("mistake");

        Assert.Equal(KeyEffect.Changed, Press(ConsoleKey.Escape));
        Assert.Equal("|", Shown);

        Press(Keys.Control(ConsoleKey.Y));
        Assert.Equal("mistake|", Shown);
    }

    [Fact]
    public void Ctrl_C_throws_a_line_away_and_leaves_where_there_is_none()
    {
        Type("x");

        Assert.Equal(KeyEffect.Abandoned, Press(Keys.Control(ConsoleKey.C)));
        Assert.Equal("|", Shown);
        Assert.Equal(KeyEffect.Ended, Press(Keys.Control(ConsoleKey.C)));
    }

    [Theory]
    [InlineData(ConsoleKey.D)]
    [InlineData(ConsoleKey.Z)]
    public void The_end_of_input_counts_only_on_an_empty_line(ConsoleKey key)
    {
        Assert.Equal(KeyEffect.Ended, Press(Keys.Control(key)));

        Type("x");
        Assert.Equal(KeyEffect.None, Press(Keys.Control(key)));
        Assert.Equal("x|", Shown);
    }

    [Fact]
    public void Keys_for_others_are_passed_on()
    {
        Assert.Equal(KeyEffect.Completing, Press(ConsoleKey.Tab));
        Assert.Equal(KeyEffect.Cleared, Press(Keys.Control(ConsoleKey.L)));
    }

    [Fact]
    public void Keys_without_a_meaning_do_nothing()
    {
        Assert.Equal(KeyEffect.None, Press(ConsoleKey.F1));
        Assert.Equal(KeyEffect.None, Press(Keys.Alt(ConsoleKey.X, 'x')));
        Assert.Equal(KeyEffect.None, Press(Keys.Control(ConsoleKey.G)));
        Assert.Equal("|", Shown);
    }

    [Fact]
    public void AltGr_makes_characters()
    {
        Press(new ConsoleKeyInfo('@', ConsoleKey.Q, shift: false, alt: true, control: true));

        Assert.Equal("@|", Shown);
    }

    [Fact]
    public void A_pasted_line_end_submits() => Assert.Equal(KeyEffect.Submitted, Press(Keys.Of('\n')));

    [Fact]
    public void What_was_taken_comes_back_with_the_arrows()
    {
        Submit("write x lost");
        Submit("read x");
        Type("ne");
        Press(Keys.Control(ConsoleKey.U));

        Press(ConsoleKey.UpArrow);
        Assert.Equal("read x|", Shown);
        Press(Keys.Control(ConsoleKey.P));
        Assert.Equal("write x lost|", Shown);
        Assert.Equal(KeyEffect.None, Press(ConsoleKey.UpArrow));
        Press(ConsoleKey.DownArrow);
        Press(Keys.Control(ConsoleKey.N));

        Assert.Equal("|", Shown);
    }

    [Fact]
    public void A_line_that_was_called_back_and_changed_is_a_new_one()
    {
        Submit("read x");
        Press(ConsoleKey.UpArrow);
        Press(ConsoleKey.Backspace);
        Type("y");

        Assert.Equal(KeyEffect.None, Press(ConsoleKey.DownArrow));
        Assert.Equal("read y|", Shown);
        Submit("");
        Assert.Equal(["read x", "read y"], _history.Lines);
    }

    [Fact]
    public void Ctrl_R_finds_what_is_typed_anywhere_in_a_line()
    {
        Submit("write z glad");
        Submit("read x");
        Type("gla");

        Press(Keys.Control(ConsoleKey.R));

        Assert.Equal("write z glad|", Shown);
    }

    [Fact]
    public void A_word_before_the_cursor_is_replaced()
    {
        Type("read gre lost");
        Press(ConsoleKey.LeftArrow, times: 5);

        _editor.ReplaceBeforeCursor(5, "greeting");

        Assert.Equal("read greeting| lost", Shown);
    }

    private void Submit(string text)
    {
        Type(text);
        _editor.Take();
    }

    private void Type(string text)
    {
        foreach (char character in text)
        {
            Press(Keys.Of(character));
        }
    }

    private void Press(ConsoleKey key, int times)
    {
        for (int time = 0; time < times; time++)
        {
            Press(key);
        }
    }

    private KeyEffect Press(ConsoleKey key) => Press(Keys.Of(key));

    private KeyEffect Press(ConsoleKeyInfo key) => _editor.Press(key);
}
