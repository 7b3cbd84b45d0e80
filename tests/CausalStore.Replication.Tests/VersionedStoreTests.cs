using System.Text;
using CausalStore.Protocol;
using CausalStore.Replication.Tests.Kit;

namespace CausalStore.Replication.Tests;

public sealed class VersionedStoreTests(ITestOutputHelper output)
{
    private readonly VersionedStore _store = new(keepsChanges: true);

    [Fact]
    public void A_key_has_what_was_put_last()
    {
        Put("x", "lost");
        var found = Put("x", "found");

        Assert.Same(found, _store.Find("x"u8));
        Assert.Null(_store.Find("y"u8));
        Assert.Single(_store.All);
    }

    [Fact]
    public void Keys_are_equal_by_their_bytes_and_any_byte_may_be_in_one()
    {
        _store.Put(new StoredValue([0, 0xFF], [1], Parse.Version("1@1")));

        Assert.Equal([1], _store.Find([0, 0xFF])!.Value);
        Assert.Null(_store.Find([0]));
    }

    [Fact]
    public void Only_keys_with_a_value_are_counted()
    {
        Put("x", null);
        Assert.Equal(0, _store.KeysWithValue);

        Put("x", "lost");
        Put("x", "found");
        Put("y", "");
        Assert.Equal(2, _store.KeysWithValue);

        Put("x", null);
        Put("x", null);
        Assert.Equal(1, _store.KeysWithValue);
        Assert.True(_store.Find("x"u8)!.IsTombstone);
    }

    [Fact]
    public void What_is_removed_is_gone_and_removed_once()
    {
        var tombstone = Put("x", null);
        var value = Put("y", "found");
        Assert.Equal(["x", "y"], Scan());

        _store.Remove(tombstone);
        Assert.Equal(1, _store.KeysWithValue);

        _store.Remove(value);
        _store.Remove(value);
        Assert.Equal(0, _store.KeysWithValue);
        Assert.Null(_store.Find("y"u8));
        Assert.Empty(Scan());
    }

    [Theory]
    [InlineData("", null, "a ab abc b ba c")]
    [InlineData("a", null, "a ab abc")]
    [InlineData("ab", null, "ab abc")]
    [InlineData("abcd", null, "")]
    [InlineData("d", null, "")]
    [InlineData("", "ab", "abc b ba c")]
    [InlineData("a", "ab", "abc")]
    [InlineData("a", "aa", "ab abc")]
    [InlineData("b", "a", "b ba")]
    [InlineData("a", "b", "")]
    [InlineData("", "c", "")]
    public void A_scan_shows_the_keys_with_a_prefix_that_come_after_one(
        string prefix, string? after, string keys)
    {
        foreach (string key in (string[])["c", "ab", "b", "a", "ba", "abc"])
        {
            Put(key, "v");
        }

        Assert.Equal(keys.Split(' ', StringSplitOptions.RemoveEmptyEntries), Scan(prefix, after));
    }

    [Fact]
    public void It_tells_what_has_changed_in_order_and_once()
    {
        _store.Restore(new StoredValue("x"u8.ToArray(), "lost"u8.ToArray(), Parse.Version("1@1")));
        Assert.Empty(_store.TakeChanges());

        var found = Put("x", "found");
        var deleted = Put("y", null);
        _store.Remove(deleted);
        _store.Remove(deleted);

        KeyChange[] changes = [new(found, false), new(deleted, false), new(deleted, true)];
        Assert.Equal(changes, _store.TakeChanges());
        Assert.Empty(_store.TakeChanges());
    }

    [Fact]
    public void What_changed_before_it_was_cleared_is_told_no_more()
    {
        Put("x", "lost");
        _store.Clear();
        var found = Put("y", "found");

        Assert.Equal([new KeyChange(found, false)], _store.TakeChanges());
    }

    [Fact]
    public void Where_nobody_saves_changes_none_pile_up()
    {
        VersionedStore store = new(keepsChanges: false);
        store.Put(new StoredValue("x"u8.ToArray(), "lost"u8.ToArray(), Parse.Version("1@1")));

        Assert.Empty(store.TakeChanges());
        Assert.Equal(1, store.KeysWithValue);
    }

    [Fact]
    public void Cleared_it_has_nothing()
    {
        Put("x", "lost");
        Assert.Single(Scan());
        Put("y", "found");

        _store.Clear();

        Assert.Equal(0, _store.KeysWithValue);
        Assert.Empty(_store.All);
        Assert.Empty(Scan());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Whatever_is_put_removed_and_scanned_it_is_a_sorted_map(int seed)
    {
        output.WriteLine($"seed {seed}");
        Random random = new(seed);
        SortedDictionary<string, StoredValue> model = new(StringComparer.Ordinal);

        for (int step = 0; step < 3000; step++)
        {
            string key = $"{(char)random.Next('a', 'd')}{random.Next(20)}";

            if (random.Next(3) > 0)
            {
                model[key] = Put(key, random.Next(4) == 0 ? null : $"{step}");
            }
            else if (model.Remove(key, out var stored))
            {
                _store.Remove(stored);
            }

            if (random.Next(5) == 0)
            {
                Assert.Equal(
                    model.Keys.Where(other => other[0] == key[0] && string.CompareOrdinal(other, key) > 0),
                    Scan(key[..1], key));
                Assert.Equal(model.Values.Count(stored => !stored.IsTombstone), _store.KeysWithValue);
                Assert.Same(model.GetValueOrDefault(key), _store.Find(Encoding.UTF8.GetBytes(key)));
            }
        }
    }

    private StoredValue Put(string key, string? value)
    {
        StoredValue stored = new(
            Encoding.UTF8.GetBytes(key), value is null ? null : Encoding.UTF8.GetBytes(value),
            new WriteVersion(1, new ServerId(1)));
        _store.Put(stored);
        return stored;
    }

    private IEnumerable<string> Scan(string prefix = "", string? after = null) =>
        _store.Scan(Encoding.UTF8.GetBytes(prefix), after is null ? null : Encoding.UTF8.GetBytes(after))
            .Select(stored => Encoding.UTF8.GetString(stored.Key));
}
