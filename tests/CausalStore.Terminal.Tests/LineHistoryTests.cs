namespace CausalStore.Terminal.Tests;

public sealed class LineHistoryTests
{
    private readonly LineHistory _history = new();

    [Fact]
    public void Only_lines_that_begin_with_what_is_typed_are_shown()
    {
        Add("read x", "write x lost", "read y", "ping");

        Assert.Equal("read y", _history.Older("re"));
        Assert.Equal("read x", _history.Older("read y"));
        Assert.Null(_history.Older("read x"));
        Assert.Equal("read y", _history.Newer());
        Assert.Equal("re", _history.Newer());
        Assert.Null(_history.Newer());
    }

    [Fact]
    public void The_same_line_is_not_shown_twice_in_a_row()
    {
        Add("read x", "ping", "read x");

        Assert.Equal("read x", _history.Older("r"));
        Assert.Null(_history.Older("read x"));
    }

    [Fact]
    public void Anywhere_in_a_line_means_anywhere()
    {
        Add("write z glad", "read x", "glad");

        Assert.Equal("write z glad", _history.OlderWith("glad"));
        Assert.Null(_history.OlderWith("write z glad"));
    }

    [Fact]
    public void What_begins_with_a_space_is_nobody_elses_business()
    {
        Add("read x", " write secret 1", "", "   ", "read x", new string('x', LineHistory.CharactersMax + 1));

        Assert.Equal(["read x"], _history.Lines);
    }

    [Fact]
    public void The_oldest_go()
    {
        Add([.. Enumerable.Range(0, LineHistory.LinesMax + 5).Select(number => $"read k{number}")]);

        Assert.Equal(LineHistory.LinesMax, _history.Lines.Count);
        Assert.Equal("read k5", _history.Lines[0]);
    }

    private void Add(params string[] lines)
    {
        foreach (string line in lines)
        {
            _history.Add(line);
        }
    }
}
