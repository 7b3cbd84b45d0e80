using System.Text;
using CausalStore.Protocol;
using CausalStore.Replication;
using CausalStore.Server.Storage;
using CausalStore.Server.Tests.Kit;

namespace CausalStore.Server.Tests.Storage;

public sealed class StateFileTests : IDisposable
{
    private readonly TemporaryDirectory _temporary = new();
    private readonly string _path;
    private readonly StateFile _state;

    public StateFileTests()
    {
        _path = _temporary.In("state.db");
        StateFile.Create(_path, new ServerId(7), "k7Qm2wXp", Consistency.Causal);
        _state = StateFile.Open(_path, Access.Write);
    }

    public void Dispose()
    {
        _state.Dispose();
        _temporary.Dispose();
    }

    [Fact]
    public void It_says_whose_it_is()
    {
        Assert.Equal(new ServerId(7), _state.Server);
        Assert.Equal("k7Qm2wXp", _state.Instance);
        Assert.Equal(Consistency.Causal, _state.Consistency);
        Assert.Equal(0, _state.Folded);
    }

    [Fact]
    public void The_last_change_of_a_key_counts()
    {
        Fold(Put("x", "lost", 1), Put("y", "there", 2), Put("x", "found", 3));

        Assert.Equal(["x|found|3@1", "y|there|2@1"], Visible());
    }

    [Fact]
    public void A_key_that_is_gone_goes_and_one_that_came_again_stays()
    {
        Fold(Put("x", "1", 1), Put("y", "2", 2));

        Fold(Gone("x", 3), Gone("y", 4), Put("y", "again", 5));

        Assert.Equal(["y|again|5@1"], Visible());
    }

    [Fact]
    public void A_tombstone_and_an_empty_value_are_not_the_same()
    {
        Fold(Put("deleted", null, 1), Put("empty", "", 2));

        Assert.Equal(["empty||2@1"], Visible());
        Assert.Equal(["deleted"], Query("SELECT key FROM deleted"));
    }

    [Fact]
    public void Many_keys_are_folded_in_several_transactions()
    {
        Fold([.. Enumerable.Range(1, 45_000).Reverse().Select(number => Put($"key{number}", "v", number))]);
        Fold([.. Enumerable.Range(1, 45_000).Where(number => number % 9 != 0).Select(number => Gone($"key{number}", 1))]);

        Assert.Equal(5_000, Visible().Count);
    }

    [Fact]
    public void A_state_that_begins_anew_has_nothing_of_before()
    {
        Fold(Put("x", "1", 1));

        _state.Fold(
            new StateChanges(IsAnew: true, [Put("y", "2", 2)], [], "clock 2\n"u8.ToArray()), row: 2);

        Assert.Equal(["y|2|2@1"], Visible());
    }

    [Fact]
    public void Facts_take_the_place_of_facts()
    {
        _state.Fold(Facts("clock 1\njoined\n"), row: 1);
        _state.Fold(Facts("clock 2\nmember 3 abc 127.0.0.1 60003\napplied 0-7@1\n"), row: 2);

        Assert.Equal("clock 2\nmember 3 abc 127.0.0.1 60003\napplied 0-7@1\n", Encoding.UTF8.GetString(_state.Facts()));
        Assert.Equal(["3 abc 127.0.0.1 60003"], Query("SELECT member FROM members"));
        Assert.Equal(["0-7@1"], Query("SELECT ranges FROM applied"));
    }

    [Fact]
    public void How_far_it_got_is_kept_with_the_state()
    {
        _state.Fold(Facts("clock 1\n"), row: 42);

        using var again = StateFile.Open(_path, Access.Read);
        Assert.Equal(42, again.Folded);
    }

    private static KeyChange Put(string key, string? value, long timestamp) => new(
        new StoredValue(
            Encoding.UTF8.GetBytes(key), value is null ? null : Encoding.UTF8.GetBytes(value),
            new WriteVersion(timestamp, new ServerId(1))),
        IsGone: false);

    private static KeyChange Gone(string key, long timestamp) => Put(key, null, timestamp) with { IsGone = true };

    private static StateChanges Facts(string lines) => new(IsAnew: false, [], [], Encoding.UTF8.GetBytes(lines));

    private void Fold(params KeyChange[] keys) =>
        _state.Fold(new StateChanges(IsAnew: false, keys, [], "clock 1\n"u8.ToArray()), row: 1);

    private List<string> Visible() => Query("SELECT key || '|' || value || '|' || version FROM visible ORDER BY key");

    private List<string> Query(string sql)
    {
        using Database database = new(_path, Access.Read);
        return database.Texts(sql);
    }
}
