using System.Text;
using CausalStore.Replication.Tests.Kit;

namespace CausalStore.Replication.Tests;

public sealed class KeyPrefetchTests
{
    [Theory]
    [InlineData("write alpha 1", KeyPrefetch.WordsBeforeKeyInRequest, "alpha")]
    [InlineData("read alpha beta", KeyPrefetch.WordsBeforeKeyInRequest, "alpha")]
    [InlineData("delete alpha", KeyPrefetch.WordsBeforeKeyInRequest, "alpha")]
    [InlineData("replicate 5@2 4 3@1,1@3 write alpha 1", KeyPrefetch.WordsBeforeKeyInWrite, "alpha")]
    [InlineData("replicate 5@2 0 - delete alpha", KeyPrefetch.WordsBeforeKeyInWrite, "alpha")]
    [InlineData("ping", KeyPrefetch.WordsBeforeKeyInRequest, "ping")]
    [InlineData("", KeyPrefetch.WordsBeforeKeyInWrite, "")]
    public void It_finds_the_key_that_a_line_names(string line, int wordsBefore, string key)
    {
        var word = KeyPrefetch.Word(Encoding.UTF8.GetBytes(line), wordsBefore);
        Assert.Equal(key, Encoding.UTF8.GetString(word));
    }

    [Fact]
    public void It_touches_what_the_index_finds()
    {
        VersionedStore store = new(keepsChanges: false);
        List<string> keys = [.. Enumerable.Range(0, 5000).Select(number => $"key {number}")];
        keys.ForEach(
            key => store.Put(Encoding.UTF8.GetBytes(key), "v"u8, isTombstone: false, new(1, new(1))));

        // A key may stand behind another one whose home is the same: that is one key of a few.
        int found = keys.Count(key => store.Locate(Encoding.UTF8.GetBytes(key)) is var place
            && store.HomeOf(place.Hash) == place.Place);

        Assert.InRange(found, keys.Count / 2, keys.Count);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n\n\n")]
    [InlineData("read x\nread y")]
    [InlineData("read x\nread \"a key\" y\n\0\u0001\n write   x 2\nread z\nread x\n")]
    public void Nobody_can_see_it(string lines)
    {
        var server = TestServer.Alone();
        var client = server.Connect();
        client.Say("write x 1");
        client.Say("delete z");
        string before = string.Join('\n', client.Ask("read x y z"));

        server.Replica.PrefetchRequests(Encoding.UTF8.GetBytes(lines));
        server.Replica.PrefetchWrites(Encoding.UTF8.GetBytes(lines));

        Assert.Equal(before, string.Join('\n', client.Ask("read x y z")));
        Assert.Equal("ok 3@1", client.Say("write x 3"));
    }

    [Fact]
    public void A_line_that_is_still_coming_is_not_searched_again_and_again_to_its_end()
    {
        var server = TestServer.Alone();
        byte[] coming = new byte[64 << 20];
        coming.AsSpan().Fill((byte)'v');

        // To its end, these would be 640 GB.
        for (int count = 0; count < 10_000; count++)
        {
            Assert.Equal(KeyPrefetch.Group, server.Replica.PrefetchRequests(coming));
        }
    }
}
