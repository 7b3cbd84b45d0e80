using CausalStore.Protocol;
using CausalStore.Replication.Tests.Kit;

namespace CausalStore.Replication.Tests;

public sealed class KnownAppliedTests
{
    private static readonly ServerId Two = new(2);
    private static readonly ServerId Three = new(3);

    private readonly KnownApplied _others = new();

    [Fact]
    public void Where_nobody_else_is_everybody_has_everything() => Assert.True(EveryoneHas("7@1"));

    [Theory]
    [InlineData("..7@1", "..9@1", true)]
    [InlineData("7@1", "..9@1", true)]
    [InlineData("7@1", "5@1,7@1", true)]
    [InlineData("..7@1", "..6@1", false)]
    [InlineData("..7@1", "..9@4", false)]
    [InlineData("..7@1", "-", false)]
    public void Everyone_has_what_each_of_them_has(string two, string three, bool everyone)
    {
        Learn(Two, two);
        Learn(Three, three);

        Assert.Equal(everyone, EveryoneHas("7@1"));
    }

    [Theory]
    [InlineData("..7@1", true)]
    [InlineData("6@1,7@1", false)]
    public void Everyone_has_all_up_to_a_write_only_by_watermarks(string have, bool everyone)
    {
        Learn(Two, have);

        Assert.Equal(everyone, _others.EveryoneHasUpTo(Parse.Version("7@1")));
    }

    [Fact]
    public void An_answer_is_as_new_as_the_last_have()
    {
        var version = Parse.Version("7@1");
        Learn(Two, "..6@1");
        Assert.False(_others.EveryoneHasUpTo(version));

        Learn(Two, "..7@1");
        Assert.True(_others.EveryoneHasUpTo(version));

        _others.Count(Three, "J3");
        Assert.False(_others.EveryoneHasUpTo(version));

        _others.Discount(Three, "J3");
        Assert.True(_others.EveryoneHasUpTo(version));

        _others.Reset(Two, "J2");
        Assert.False(_others.EveryoneHasUpTo(version));
    }

    [Fact]
    public void One_that_counts_and_has_said_nothing_has_nothing()
    {
        Learn(Two, "..7@1");
        Assert.True(EveryoneHas("7@1"));

        _others.Count(Three, "J3");
        Assert.False(EveryoneHas("7@1"));

        _others.Discount(Three, "J3");
        Assert.True(EveryoneHas("7@1"));
    }

    [Fact]
    public void To_count_again_forgets_nothing()
    {
        Learn(Two, "..7@1");

        _others.Count(Two, "J2");

        Assert.True(EveryoneHas("7@1"));
    }

    [Fact]
    public void One_that_greets_anew_has_nothing_until_it_says_so()
    {
        Learn(Two, "..7@1");

        _others.Reset(Two, "J2");
        Assert.False(EveryoneHas("7@1"));

        Learn(Two, "..7@1");
        Assert.True(EveryoneHas("7@1"));
    }

    [Fact]
    public void An_id_with_other_data_has_nothing_of_what_it_had()
    {
        Learn(Two, "..7@1");
        _others.Discount(Two, "J2");
        _others.Count(Two, "Other");

        Assert.False(EveryoneHas("7@1"));
        Assert.Null(_others.Find(Two, "J2"));
        Assert.Equal(0, _others.Find(Two, "Other")!.Watermark(new ServerId(1)));
    }

    [Fact]
    public void What_one_says_that_does_not_count_is_nothing()
    {
        _others.Learn(Two, "J2", Parse.Context("..7@1"), TimeSpan.Zero);

        Assert.Null(_others.Find(Two, "J2"));
    }

    [Fact]
    public void An_older_have_takes_nothing_back()
    {
        Learn(Two, "..7@1,9@1");

        Learn(Two, "..5@1");

        Assert.True(EveryoneHas("7@1"));
        Assert.True(EveryoneHas("9@1"));
        Assert.False(EveryoneHas("8@1"));
    }

    [Fact]
    public void Its_progress_is_that_of_the_watermark()
    {
        Learn(Two, "..5@1", at: 1);
        Learn(Two, "..5@1,9@1", at: 2);
        Assert.Equal(TimeSpan.FromSeconds(1), Progress());

        Learn(Two, "..6@1,9@1", at: 3);
        Assert.Equal(TimeSpan.FromSeconds(3), Progress());

        TimeSpan Progress() => _others.Find(Two, "J2")!.ProgressAt(new ServerId(1));
    }

    [Fact]
    public void The_last_write_of_each_is_the_greatest_of_its_own_that_it_has()
    {
        Learn(Two, "..5@2,8@2,..9@3");
        Learn(Three, "..9@2");

        Assert.Equal(["8@2"], _others.Written().Select(version => $"{version}"));
    }

    [Fact]
    public void Cleared_nobody_counts()
    {
        Learn(Two, "-");
        Assert.False(EveryoneHas("7@1"));

        _others.Clear();

        Assert.True(EveryoneHas("7@1"));
        Assert.Empty(_others.Written());
    }

    private bool EveryoneHas(string version) => _others.EveryoneHas(Parse.Version(version));

    private void Learn(ServerId id, string have, double at = 0)
    {
        _others.Count(id, $"J{id}");
        _others.Learn(id, $"J{id}", Parse.Context(have), TimeSpan.FromSeconds(at));
    }
}
