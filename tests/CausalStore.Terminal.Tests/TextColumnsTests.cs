namespace CausalStore.Terminal.Tests;

public sealed class TextColumnsTests
{
    [Theory]
    [InlineData("a", 1)]
    [InlineData("é", 1)]
    [InlineData("\u0301", 0)]
    [InlineData("\uFE0F", 0)]
    [InlineData("指", 2)]
    [InlineData("💍", 2)]
    public void A_character_takes_columns(string text, int columns) =>
        Assert.Equal(columns, TextColumns.Of(text.EnumerateRunes().Single()));

    [Theory]
    [InlineData("found", 5, "found")]
    [InlineData("foundry", 6, "fou...")]
    [InlineData("foundry", 3, "fou")]
    [InlineData("指輪指輪", 6, "指...")]
    [InlineData("💍💍", 3, "💍")]
    public void What_has_no_room_is_cut(string text, int columns, string shown) =>
        Assert.Equal(shown, TextColumns.Fit(text, columns));

    [Fact]
    public void A_long_text_is_broken_at_spaces()
    {
        Assert.Equal(["one two", "three"], TextColumns.Wrap("one two three", 8));
        Assert.Equal(["one two", "three"], TextColumns.Wrap("one two three", 7));
        Assert.Equal(["abcdef", "ghi"], TextColumns.Wrap("abcdefghi", 6));
        Assert.Equal(["指", "輪"], TextColumns.Wrap("指輪", 1));
        Assert.Equal([""], TextColumns.Wrap("", 5));
    }
}
