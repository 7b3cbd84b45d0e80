using CausalStore.Protocol;
using CausalStore.Server.Storage;

namespace CausalStore.Server.Tests.Storage;

public sealed class SavedFactsTests
{
    [Fact]
    public void Everybody_who_had_a_part_is_known()
    {
        var ids = SavedFacts.Ids(
            "member 3 abc 127.0.0.1 60003\nforgotten 4\nclock 9\napplied 0-7@1,0-2@5\n"u8);

        Assert.Equal([1, 3, 4, 5], ids.Select(id => (int)id.Value).Order());
    }

    [Fact]
    public void An_unused_id_is_nobodys() =>
        Assert.Equal(
            new ServerId(4), SavedFacts.UnusedId("member 2 a h 1\nforgotten 3\n"u8, own: new ServerId(1)));
}
