using CausalStore.Protocol;
using static CausalStore.Client.Tests.Kit.Versions;

namespace CausalStore.Client.Tests;

public sealed class SeenContextTests
{
    private readonly SeenContext _seen = new();

    [Fact]
    public void At_first_nothing_is_seen() => Assert.Equal("-", _seen.Current.ToString());

    [Fact]
    public void What_was_shown_is_carried_on_each_version_once()
    {
        _seen.Saw(Version("7@1"));
        _seen.Saw(Version("9@2"));
        _seen.Saw(Version("7@1"));

        Assert.Equal("7@1,9@2", _seen.Current.ToString());
    }

    [Fact]
    public void A_later_write_of_a_server_does_not_stand_for_an_earlier_one()
    {
        _seen.Saw(Version("9@1"));
        _seen.Saw(Version("7@1"));

        Assert.Equal("7@1,9@1", _seen.Current.ToString());
    }

    [Fact]
    public void An_own_write_takes_the_place_of_all_that_it_follows_from()
    {
        _seen.Saw(Version("7@1"));
        _seen.Add(Context.Parse("..5@2"u8));

        _seen.Wrote(Version("8@3"));
        _seen.Saw(Version("9@1"));

        Assert.Equal("9@1,8@3", Sorted(_seen.Current, "9@1,8@3"));
    }

    [Fact]
    public void What_the_server_says_takes_the_place_of_all_that_was_seen()
    {
        _seen.Saw(Version("7@1"));

        _seen.ReplaceWith(Context.Parse("..5@2,9@3"u8));

        Assert.Equal("..5@2,9@3", _seen.Current.ToString());
    }

    [Fact]
    public void A_context_that_was_set_is_added()
    {
        _seen.Saw(Version("7@1"));
        _seen.Saw(Version("4@2"));

        _seen.Add(Context.Parse("..5@2,9@3"u8));
        _seen.Add(Context.Parse("..3@2"u8));

        Assert.Equal("..5@2,7@1,9@3", _seen.Current.ToString());
    }

    [Fact]
    public void What_lies_below_a_range_is_not_named_again()
    {
        _seen.Add(Context.Parse("..5@2"u8));

        _seen.Saw(Version("5@2"));
        _seen.Saw(Version("6@2"));

        Assert.Equal("..5@2,6@2", _seen.Current.ToString());
    }

    [Fact]
    public void With_many_entries_it_is_time_to_ask_the_server()
    {
        SeeMany(SeenContext.LargeEntries);
        Assert.False(_seen.IsLarge);

        _seen.Saw(Version("1000@1"));
        Assert.True(_seen.IsLarge);

        _seen.ReplaceWith(Context.Empty);
        Assert.False(_seen.IsLarge);
    }

    [Fact]
    public void What_the_server_cannot_prune_is_not_asked_for_again_at_once()
    {
        SeeMany(100);
        _seen.ReplaceWith(_seen.Current);
        Assert.False(_seen.IsLarge);

        SeeMany(200);
        Assert.False(_seen.IsLarge);

        SeeMany(201);
        Assert.True(_seen.IsLarge);

        _seen.AskLater();
        Assert.False(_seen.IsLarge);
    }

    private void SeeMany(int count)
    {
        for (int timestamp = 1; timestamp <= count; timestamp++)
        {
            _seen.Saw(new WriteVersion(timestamp, new ServerId(1)));
        }
    }

    private static string Sorted(Context context, string expected) =>
        context.ToString().Split(',').Order().SequenceEqual(expected.Split(',').Order())
            ? expected
            : context.ToString();
}
