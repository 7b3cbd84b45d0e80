using CausalStore.Client.Shell;

namespace CausalStore.Client.Tests.Shell;

public sealed class PlaceTests
{
    [Theory]
    [InlineData("", "Verb")]
    [InlineData("read", "Key")]
    [InlineData("read x y", "Key")]
    [InlineData("write", "Key")]
    [InlineData("write x", "Nothing")]
    [InlineData("write x lost", "WriteOrDelete")]
    [InlineData("write write write delete", "Key")]
    [InlineData("write x lost delete", "Key")]
    [InlineData("delete x", "WriteOrDelete")]
    [InlineData("scan", "Key")]
    [InlineData("scan x", "Nothing")]
    [InlineData("scan x 5", "Key")]
    [InlineData("scan x 5 y", "Nothing")]
    [InlineData("watch", "Key")]
    [InlineData("watch x", "Nothing")]
    [InlineData("why", "Key")]
    [InlineData("await", "Key")]
    [InlineData("await x", "Nothing")]
    [InlineData("link", "Server")]
    [InlineData("link 3", "Action")]
    [InlineData("link 3 cut", "Nothing")]
    [InlineData("forget", "Server")]
    [InlineData("help", "Topic")]
    [InlineData("final", "ReadOrScan")]
    [InlineData("final read", "Key")]
    [InlineData("bogus", "Nothing")]
    public void What_is_expected_follows_from_what_is_there(string words, string expected) => Assert.Equal(
        expected, $"{Place.Of(words.Split(' ', StringSplitOptions.RemoveEmptyEntries))}");
}
