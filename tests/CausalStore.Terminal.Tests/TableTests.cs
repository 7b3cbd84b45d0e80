namespace CausalStore.Terminal.Tests;

public sealed class TableTests
{
    [Fact]
    public void Columns_are_as_wide_as_their_widest_cell()
    {
        Table table = new("KEY", ">COUNT", "VALUE");
        table.Add("x", "1", "lost");
        table.Add("指輪", "100000", "");

        Assert.Equal(["KEY    COUNT  VALUE", "x          1  lost", "指輪  100000"], table.Lines(80));
        Assert.Equal(2, table.Count);
    }

    [Theory]
    [InlineData(40)]
    [InlineData(33)]
    [InlineData(24)]
    public void Where_there_is_no_room_the_widest_give_way(int columns)
    {
        Table table = new("KEY", "VALUE", "VERSION");
        table.Add("a-long-key-of-25-letters-", "a value that is longer than the others are", "5@2");

        var lines = table.Lines(columns).ToList();

        Assert.All(lines, line => Assert.InRange(line.Length, 1, columns));
        Assert.EndsWith("5@2", lines[1]);
        Assert.Equal(columns - "VERSION".Length + "5@2".Length, lines[1].Length);
    }

    [Fact]
    public void In_no_room_at_all_something_is_shown()
    {
        Table table = new("KEY", "VALUE");
        table.Add("abcdefgh", "abcdefgh");

        Assert.Equal(["KEY    VALUE", "ab...  ab..."], table.Lines(3));
    }
}
