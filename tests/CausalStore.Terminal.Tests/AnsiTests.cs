namespace CausalStore.Terminal.Tests;

public sealed class AnsiTests
{
    [Theory]
    [InlineData(ConsoleColor.Red, "91")]
    [InlineData(ConsoleColor.DarkRed, "31")]
    [InlineData(ConsoleColor.DarkGray, "90")]
    [InlineData(ConsoleColor.Gray, "37")]
    [InlineData(ConsoleColor.White, "97")]
    public void A_colour_is_put_on_and_taken_off(ConsoleColor colour, string code) =>
        Assert.Equal($"\e[{code}mx\e[0m", Ansi.Coloured("x", colour));

    [Fact]
    public void Every_colour_is_another_one()
    {
        var coloured = Enum.GetValues<ConsoleColor>().Select(colour => Ansi.Coloured("x", colour));

        Assert.Distinct(coloured);
    }

    [Fact]
    public void Without_a_colour_or_a_text_nothing_is_added()
    {
        Assert.Equal("x", Ansi.Coloured("x", null));
        Assert.Equal("", Ansi.Coloured("", ConsoleColor.Red));
    }

    [Fact]
    public void A_file_obeys_nothing_and_has_no_colours()
    {
        Assert.SkipUnless(Console.IsOutputRedirected, "these tests run in a terminal");

        Assert.False(Ansi.IsObeyed());
        Assert.False(Ansi.HasColour());
    }
}
