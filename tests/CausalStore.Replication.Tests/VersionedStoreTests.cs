using System.Text;
using CausalStore.Protocol;

namespace CausalStore.Replication.Tests;

public sealed class VersionedStoreTests(ITestOutputHelper output)
{
    private readonly VersionedStore _store = new(keepsChanges: true);

    private readonly record struct Kept(string Value, bool IsTombstone, WriteVersion Version);

    [Theory]
    [InlineData(1, 40, 20, 60_000)]
    [InlineData(2, 5_000, 60, 60_000)]
    [InlineData(3, 5_000, 3_000, 20_000)]
    [InlineData(4, 200_000, 8, 200_000)]
    public void Whatever_is_put_and_removed_it_is_found_scanned_and_counted(
        int seed, int keys, int valueBytesMax, int steps)
    {
        output.WriteLine($"seed {seed}");
        Random random = new(seed);
        SortedDictionary<string, Kept> model = new(StringComparer.Ordinal);

        for (int step = 1; step <= steps; step++)
        {
            string key = Key(random.Next(keys));

            if (random.Next(10) == 0)
            {
                _store.Remove(Bytes(key));
                model.Remove(key);
                continue;
            }

            bool isTombstone = random.Next(8) == 0;
            string value = isTombstone
                ? ""
                : new string((char)('a' + random.Next(26)), random.Next(valueBytesMax));
            Kept kept = new(value, isTombstone, new WriteVersion(step, new ServerId(1)));
            _store.Put(Bytes(key), Bytes(value), isTombstone, kept.Version);
            model[key] = kept;
        }

        Assert.Equal(model.Count, _store.Count);
        Assert.Equal(model.Values.LongCount(kept => !kept.IsTombstone), _store.KeysWithValue);
        Assert.Equal(model, Scanned([], null));
        Assert.Equal(
            model.Keys,
            _store.All().Select(number => Text(_store[number].Key)).Order(StringComparer.Ordinal));
        Assert.All(model, kept => Assert.Equal(kept.Value, KeptOf(_store.Find(Bytes(kept.Key)))));
        Assert.False(_store.Find("no such key"u8).Exists);
    }

    [Fact]
    public void Keys_are_equal_by_their_bytes_and_any_byte_may_be_in_one()
    {
        _store.Put([0, 0xFF], [1], isTombstone: false, new WriteVersion(1, new ServerId(1)));

        Assert.Equal([1], _store.Find([0, 0xFF]).Value.ToArray());
        Assert.False(_store.Find([0]).Exists);
    }

    [Fact]
    public void Where_nobody_saves_changes_none_pile_up()
    {
        VersionedStore store = new(keepsChanges: false);
        store.Put("x"u8, "lost"u8, isTombstone: false, new WriteVersion(1, new ServerId(1)));
        store.Remove("x"u8);

        var (changed, removed) = store.TakeChanges();
        Assert.Equal(0, changed.Count);
        Assert.Empty(removed);
    }

    [Fact]
    public void A_scan_takes_those_with_the_prefix_that_come_after_a_key()
    {
        foreach (string key in new[] { "b", "a", "ba", "bb", "c", "b\xff" })
        {
            _store.Put(Bytes(key), "v"u8, isTombstone: false, new WriteVersion(1, new ServerId(1)));
        }

        Assert.Equal(["b", "ba", "bb", "b\xff"], Scanned(Bytes("b"), null).Select(kept => kept.Key));
        Assert.Equal(["bb", "b\xff"], Scanned(Bytes("b"), Bytes("ba")).Select(kept => kept.Key));
        Assert.Equal(["b", "ba", "bb", "b\xff"], Scanned(Bytes("b"), Bytes("a")).Select(kept => kept.Key));
        Assert.Empty(Scanned(Bytes("b"), Bytes("c")));
        Assert.Empty(Scanned(Bytes("d"), null));
    }

    [Fact]
    public void What_is_frozen_stays_as_it_was_whatever_is_changed()
    {
        Put("a", "1");
        Put("b", "22");
        Put("gone", "3");
        var frozen = _store.Freeze();

        Put("a", "9");
        Put("b", "longer");
        _store.Remove("gone"u8);
        Fill(40_000);

        Assert.Equal(["a=1", "b=22", "gone=3"], Texts(frozen));
        Assert.Equal("9", Text(_store.Find("a"u8).Value));
        frozen.Thaw();
        Fill(40_000);
        Assert.Equal("longer", Text(_store.Find("b"u8).Value));
    }

    [Fact]
    public void What_is_detached_can_be_read_when_it_is_thawed()
    {
        Put("a", "1");
        Put("b", "22");
        _store.Put("gone"u8, [], isTombstone: true, new WriteVersion(7, new ServerId(1)));
        var frozen = _store.Freeze();

        frozen.Detach();
        frozen.Thaw();
        Put("a", "9");
        Fill(40_000);

        Assert.Equal(["a=1", "b=22", "gone="], Texts(frozen));
        Assert.True(frozen[2].IsTombstone);
        Assert.Equal(7, frozen[2].Version.Timestamp);
    }

    [Fact]
    public void Changes_are_the_keys_that_changed_as_they_are_when_they_are_taken()
    {
        Put("a", "1");
        Put("b", "1");
        Put("gone", "1");
        Put("back", "1");
        Thaw(_store.TakeChanges());
        Put("b", "2");
        Put("b", "3");
        _store.Remove("gone"u8);
        _store.Remove("back"u8);
        Put("back", "4");

        var (changed, removed) = _store.TakeChanges();

        Assert.Equal(["b=3", "back=4"], Texts(changed).Order(StringComparer.Ordinal));
        Assert.Equal(["gone"], removed.Select(key => Text(key)));
        changed.Thaw();
        Assert.Equal(0, _store.TakeChanges().Changed.Count);
    }

    [Fact]
    public void Large_values_are_found_after_a_save_as_before()
    {
        for (int length = 20_000; length < 20_100; length += 10)
        {
            string value = new('v', length);
            Put("a", value);
            Assert.Equal(value, Text(_store.Find("a"u8).Value));
            Assert.Equal(1, _store.Count);
            Thaw(_store.TakeChanges());
        }
    }

    [Fact]
    public void What_was_restored_or_cleared_is_no_change()
    {
        _store.Restore("a"u8, "1"u8, isTombstone: false, new WriteVersion(1, new ServerId(1)));
        Put("b", "1");
        _store.Clear();
        Put("c", "1");

        Assert.Equal(["c=1"], Texts(_store.TakeChanges().Changed));
        Assert.Equal(1, _store.Count);
    }

    [Fact]
    public void Values_that_are_written_over_and_over_take_no_more_room()
    {
        Fill(1000);

        for (int round = 0; round < 300; round++)
        {
            for (int key = 0; key < 1000; key++)
            {
                _store.Put(
                    Bytes(Key(key)), new byte[(key + round) % 200], isTombstone: false,
                    new WriteVersion(round + 2, new ServerId(1)));
            }
        }

        output.WriteLine($"{_store.Bytes:N0} bytes");
        Assert.InRange(_store.Bytes, 0, 4 << 20);
        Assert.Equal(1000, _store.Count);
    }

    private void Put(string key, string value) => _store.Put(
        Bytes(key), Bytes(value), isTombstone: false, new WriteVersion(1, new ServerId(1)));

    private void Fill(int keys)
    {
        for (int key = 0; key < keys; key++)
        {
            Put(Key(key), $"{key % 7}{new string('x', key % 60)}");
        }
    }

    private SortedDictionary<string, Kept> Scanned(byte[] prefix, byte[]? after)
    {
        SortedDictionary<string, Kept> scanned = new(StringComparer.Ordinal);
        string last = "";

        foreach (int number in _store.Scan(prefix, after))
        {
            string key = Text(_store[number].Key);
            Assert.True(string.CompareOrdinal(last, key) < 0, $"{key} comes after {last}");
            scanned.Add(key, KeptOf(_store[number]));
            last = key;
        }

        return scanned;
    }

    private static Kept KeptOf(Stored stored) => new(Text(stored.Value), stored.IsTombstone, stored.Version);

    private static void Thaw((FrozenRecords Changed, IReadOnlyList<byte[]> Removed) changes) =>
        changes.Changed.Thaw();

    private static List<string> Texts(FrozenRecords records)
    {
        List<string> texts = [];

        for (int index = 0; index < records.Count; index++)
        {
            texts.Add($"{Text(records[index].Key)}={Text(records[index].Value)}");
        }

        return texts;
    }

    private static string Key(int number) => $"key:{(uint)number * 2654435761u % 1_000_003:D7}";

    // One byte a character, so that the order of the texts is the order of the bytes.
    private static byte[] Bytes(string text) => Encoding.Latin1.GetBytes(text);

    private static string Text(ReadOnlySpan<byte> bytes) => Encoding.Latin1.GetString(bytes);
}
