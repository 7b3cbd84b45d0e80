using System.Text;
using CausalStore.Protocol;
using CausalStore.Replication.Tests.Kit;

namespace CausalStore.Replication.Tests;

public sealed class CausalPastTests
{
    private readonly WriteLog _log = new(long.MaxValue, long.MaxValue);

    [Theory]
    [InlineData("-", nameof(PastSearch.IsNotNamed))]
    [InlineData("5@1", nameof(PastSearch.IsThere))]
    [InlineData("5@2,4@1", nameof(PastSearch.IsNotNamed))]
    [InlineData("..5@1", nameof(PastSearch.IsThere))]
    [InlineData("..7@1", nameof(PastSearch.IsThere))]
    [InlineData("..4@1", nameof(PastSearch.IsNotNamed))]
    public void Needs_that_name_it_or_are_too_old_are_enough(string needs, string found) =>
        Assert.Equal(found, $"{Find("5@1", needs)}");

    [Fact]
    public void What_is_needed_is_looked_at_in_turn()
    {
        Append("replicate 6@2 0 5@1 write a 1", "replicate 7@3 0 6@2 write b 1");

        Assert.Equal(PastSearch.IsThere, Find("5@1", "7@3"));
        Assert.Equal(PastSearch.IsNotNamed, Find("5@4", "7@3"));
    }

    [Fact]
    public void A_whole_origin_is_looked_at_write_by_write()
    {
        Append("replicate 6@2 0 5@1 write a 1", "replicate 8@2 6 - write b 1");

        Assert.Equal(PastSearch.IsThere, Find("5@1", "..8@2"));
        Assert.Equal(PastSearch.IsNotNamed, Find("5@1", "8@2"));
    }

    [Fact]
    public void What_the_log_does_not_have_may_hide_it()
    {
        Append("replicate 7@3 0 6@2 write b 1");

        Assert.Equal(PastSearch.IsCutOff, Find("5@1", "7@3"));
    }

    [Fact]
    public void No_more_writes_are_looked_at_than_allowed()
    {
        Append("replicate 6@2 0 5@1 write a 1", "replicate 7@3 0 6@2 write b 1");

        Assert.Equal(PastSearch.IsCutOff, Find("5@1", "7@3", writesMax: 1));
        Assert.Equal(PastSearch.IsThere, Find("5@1", "7@3", writesMax: 2));
    }

    [Fact]
    public void A_write_that_many_need_is_looked_at_once()
    {
        Append("replicate 6@2 0 - write a 1");

        for (int number = 7; number < 27; number++)
        {
            Append($"replicate {number}@1 {number - 1} 6@2,{number - 1}@1 write a 1");
        }

        Append("replicate 6@1 0 - write a 1");
        Assert.Equal(PastSearch.IsCutOff, Find("5@1", "26@1", writesMax: 21));
        Assert.Equal(PastSearch.IsNotNamed, Find("5@1", "26@1", writesMax: 22));
    }

    private PastSearch Find(string older, string needs, int writesMax = 100) => new CausalPast(_log).Find(
        Parse.Version(older), new ContextReader(Encoding.ASCII.GetBytes(needs)), writesMax);

    private void Append(params string[] lines)
    {
        foreach (string line in lines)
        {
            _log.Append(
                Parse.Version(line.Split(' ')[1]), Encoding.ASCII.GetBytes(line + "\n"), TimeSpan.Zero);
        }
    }
}
