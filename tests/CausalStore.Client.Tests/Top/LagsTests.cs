using CausalStore.Client.Top;
using static CausalStore.Client.Tests.Kit.Reports;

namespace CausalStore.Client.Tests.Top;

public sealed class LagsTests
{
    private readonly Lags _lags = new();

    [Fact]
    public void Nobody_lacks_anything_where_all_have_the_same() =>
        Assert.Empty(Take(0, "..5@1,..3@2", "..5@1,..3@2"));

    [Fact]
    public void It_is_as_old_as_the_oldest_write_that_is_lacked()
    {
        Take(0, "..5@1", "..5@1");
        Take(1, "..6@1", "..5@1");

        Assert.Equal([new Lag(Id(2), Id(1), 5, 9, TimeSpan.FromSeconds(2))], Take(3, "..9@1", "..5@1"));
        Assert.Equal([new Lag(Id(2), Id(1), 6, 9, TimeSpan.FromSeconds(1))], Take(4, "..9@1", "..6@1"));
        Assert.Empty(Take(5, "..9@1", "..9@1"));
    }

    [Fact]
    public void What_is_new_in_this_round_may_be_there_already_when_it_is_looked_at()
    {
        Take(0, "..5@1", "..5@1");

        Assert.Empty(Take(1, "..6@1", "..5@1"));
    }

    [Fact]
    public void But_the_first_round_may_be_the_only_one() =>
        Assert.Equal([new Lag(Id(2), Id(1), 0, 5, TimeSpan.Zero)], Take(0, "..5@1", "-"));

    [Fact]
    public void What_a_server_that_is_down_wrote_is_known_from_the_others()
    {
        Take(0, "..5@3", "..2@3");

        Assert.Equal([new Lag(Id(2), Id(3), 2, 5, TimeSpan.FromSeconds(1))], Take(1, "..5@3", "..2@3"));
    }

    [Fact]
    public void A_server_that_began_anew_is_not_measured_by_what_it_was()
    {
        Take(0, "..5@1", "..5@1");

        Assert.Empty(Take(1, "..1@1", "..1@1"));
    }

    [Fact]
    public void However_long_it_looks_it_remembers_the_oldest()
    {
        for (int round = 1; round < 5000; round++)
        {
            Take(round, $"..{round}@1", "-");
        }

        Assert.Equal(TimeSpan.FromSeconds(4999), Take(5000, "..5000@1", "-").Single().For);
    }

    /// <summary>What the servers 1, 2, ... have applied.</summary>
    private IReadOnlyList<Lag> Take(int seconds, params string[] applied) => _lags.Take(
        [.. applied.Select((context, index) => Report(index + 1, $"applied {context}"))],
        TimeSpan.FromSeconds(seconds));
}
