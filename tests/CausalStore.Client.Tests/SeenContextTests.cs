using CausalStore.Protocol;

namespace CausalStore.Client.Tests;

public sealed class SeenContextTests
{
    private static WriteVersion Version(string text) =>
        WriteVersion.TryParse(System.Text.Encoding.UTF8.GetBytes(text), out var version)
            ? version
            : throw new ArgumentException(text);

    [Fact]
    public void What_was_shown_is_carried_on()
    {
        SeenContext seen = new();

        seen.Saw(Version("7@1"));
        seen.Saw(Version("9@2"));
        seen.Saw(Version("7@1"));

        Assert.Equal(2, seen.Current.Count);
    }

    [Fact]
    public void A_write_takes_the_place_of_all_that_it_follows_from()
    {
        SeenContext seen = new();
        seen.Saw(Version("7@1"));

        seen.Wrote(Version("8@3"));

        Assert.Equal("8@3", seen.Current.ToString());
    }
}
