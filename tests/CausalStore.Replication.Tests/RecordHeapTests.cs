using System.Text;
using CausalStore.Protocol;

namespace CausalStore.Replication.Tests;

public sealed class RecordHeapTests
{
    private readonly Dictionary<string, long> _places = [];
    private readonly RecordHeap _heap;

    public RecordHeapTests() => _heap = new RecordHeap(Moved);

    [Fact]
    public void A_record_says_what_was_put_into_it()
    {
        Put("key", "value", 7);
        Put("gone", null, 8);
        Put("empty", "", 9);

        Assert.Equal("key=value 7@3", Text("key"));
        Assert.Equal("gone= 8@3", Text("gone"));
        Assert.True(At("gone").IsTombstone);
        Assert.Equal("empty= 9@3", Text("empty"));
        Assert.True(At("empty").HasValue);
        Assert.Equal(3, _heap.Count);
    }

    [Fact]
    public void A_value_that_fits_takes_no_room()
    {
        Put("key", "aaaa", 1);
        long bytes = _heap.Bytes;
        long place = _places["key"];

        for (int time = 2; time < 100_000; time++)
        {
            Put("key", time % 2 == 0 ? "bbb" : "ccccc", time);
        }

        Assert.Equal(bytes, _heap.Bytes);
        Assert.Equal(place, _places["key"]);
        Assert.Equal("key=ccccc 99999@3", Text("key"));
    }

    [Fact]
    public void Values_of_other_lengths_leave_no_more_dead_than_living_behind()
    {
        for (int round = 0; round <= 20; round++)
        {
            for (int key = 0; key < 30_000; key++)
            {
                Put(Key(key), new string('v', (key + (17 * round)) % 120), round + 1);
            }
        }

        Assert.InRange(_heap.Bytes, 30_000 * 60, 3 * 30_000 * 100);

        for (int key = 0; key < 30_000; key++)
        {
            Assert.Equal($"{Key(key)}={new string('v', (key + 340) % 120)} 21@3", Text(Key(key)));
        }
    }

    [Fact]
    public void A_number_stays_wherever_the_record_goes_and_is_given_out_again_when_it_is_gone()
    {
        Put("a", "1", 1);
        Put("b", "1", 1);
        int first = _heap.NumberAt(_places["a"]);
        Put("a", "much longer than before", 2);
        Assert.Equal(first, _heap.NumberAt(_places["a"]));
        Assert.Equal("much longer than before", Encoding.UTF8.GetString(_heap[first].Value));

        _heap.Remove(_places["a"]);
        Assert.False(_heap.Contains(first));
        Put("c", "1", 1);

        Assert.Equal(first, _heap.NumberAt(_places["c"]));
        Assert.Equal(2, _heap.Count);
    }

    [Fact]
    public void Large_values_have_a_block_of_their_own_which_goes_with_them()
    {
        long before = _heap.Bytes;
        Put("large", new string('x', 5 << 20), 1);
        Assert.Equal(5 << 20, At("large").Value.Length);

        Put("large", "small", 2);

        Assert.Equal("large=small 2@3", Text("large"));
        Assert.InRange(_heap.Bytes, before, before + (1 << 20));
    }

    [Fact]
    public void No_record_has_place_0_which_stands_for_none()
    {
        Put("other", new string('x', 5000), 1);

        // The first block has nothing in it, and is given back.
        _heap.Freeze([_heap.NumberAt(_places["other"])], atMost: 1).Thaw();

        for (int key = 0; key < 10; key++)
        {
            Put(Key(key), new string('x', 5000), 2);
        }

        Assert.DoesNotContain(0L, _places.Values);
    }

    [Fact]
    public void While_some_are_frozen_the_others_go_on_and_all_is_tidied_up_afterwards()
    {
        Fill("before", 1);
        var frozen = _heap.Freeze([0, 1, 2], atMost: 3);

        for (int round = 2; round < 20; round++)
        {
            Fill(new string('x', 10 * round), round);
        }

        Assert.Equal(3, frozen.Count);
        Assert.Equal("before", Encoding.UTF8.GetString(frozen[2].Value));
        frozen.Thaw();
        frozen.Thaw();
        Fill(new string('x', 10), 30);
        Fill(new string('x', 20), 31);

        Assert.InRange(_heap.Bytes, 0, 3 * 20_000 * 56);
    }

    private void Fill(string value, int time)
    {
        for (int key = 0; key < 20_000; key++)
        {
            Put(Key(key), value, time);
        }
    }

    private void Put(string key, string? value, int time)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(value ?? "");
        WriteVersion version = new(time, new ServerId(3));
        _places[key] = _places.TryGetValue(key, out long place)
            ? _heap.Replace(place, bytes, isTombstone: value is null, version)
            : _heap.Add(Encoding.UTF8.GetBytes(key), bytes, isTombstone: value is null, version);
    }

    private void Moved(ReadOnlySpan<byte> key, long from, long to)
    {
        string text = Encoding.UTF8.GetString(key);
        Assert.Equal(_places[text], from);
        _places[text] = to;
    }

    private static string Key(int number) => $"key:{number:D6}";

    private Stored At(string key) => _heap.At(_places[key]);

    private string Text(string key)
    {
        var stored = At(key);
        Assert.Equal(key, Encoding.UTF8.GetString(stored.Key));
        return $"{key}={Encoding.UTF8.GetString(stored.Value)} {stored.Version}";
    }
}
