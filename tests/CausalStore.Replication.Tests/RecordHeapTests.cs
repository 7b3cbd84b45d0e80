using System.Text;
using CausalStore.Protocol;

namespace CausalStore.Replication.Tests;

public sealed class RecordHeapTests
{
    private readonly RecordHeap _heap = new();

    [Fact]
    public void A_record_says_what_was_put_into_it()
    {
        int number = _heap.Add("key"u8, "value"u8, isTombstone: false, Version(7));
        int deleted = _heap.Add("gone"u8, [], isTombstone: true, Version(8));
        int empty = _heap.Add("empty"u8, [], isTombstone: false, Version(9));

        Assert.Equal("key=value 7@3", Text(number));
        Assert.Equal("gone= 8@3", Text(deleted));
        Assert.True(_heap[deleted].IsTombstone);
        Assert.Equal("empty= 9@3", Text(empty));
        Assert.True(_heap[empty].HasValue);
        Assert.Equal(3, _heap.Count);
    }

    [Fact]
    public void A_value_of_the_same_length_takes_no_room()
    {
        int number = _heap.Add("key"u8, "aaaa"u8, isTombstone: false, Version(1));
        long bytes = _heap.Bytes;

        for (int time = 2; time < 100_000; time++)
        {
            _heap.Replace(number, "bbbb"u8, isTombstone: false, Version(time));
        }

        Assert.Equal(bytes, _heap.Bytes);
        Assert.Equal("key=bbbb 99999@3", Text(number));
    }

    [Fact]
    public void Values_of_other_lengths_leave_no_more_dead_than_living_behind()
    {
        int[] numbers = [.. Enumerable.Range(0, 30_000).Select(
            key => _heap.Add(Key(key), "v"u8, isTombstone: false, Version(1)))];

        for (int round = 1; round <= 20; round++)
        {
            foreach (int number in numbers)
            {
                byte[] value = new byte[(number + round) % 40];
                _heap.Replace(number, value, isTombstone: false, Version(round));
            }
        }

        Assert.InRange(_heap.Bytes, 30_000 * 33, 3 * 30_000 * 60);
        Assert.All(numbers.Index(), each => Assert.True(_heap[each.Item].Key.SequenceEqual(Key(each.Index))));
    }

    [Fact]
    public void A_number_is_given_out_again_when_its_record_is_gone()
    {
        int first = _heap.Add("a"u8, "1"u8, isTombstone: false, Version(1));
        _heap.Add("b"u8, "1"u8, isTombstone: false, Version(1));
        _heap.Remove(first);
        Assert.False(_heap.Contains(first));

        Assert.Equal(first, _heap.Add("c"u8, "1"u8, isTombstone: false, Version(1)));
        Assert.Equal("c=1 1@3", Text(first));
        Assert.Equal(2, _heap.Count);
    }

    [Fact]
    public void Large_values_have_a_block_of_their_own_which_goes_with_them()
    {
        long before = _heap.Bytes;
        int number = _heap.Add("large"u8, new byte[5 << 20], isTombstone: false, Version(1));
        Assert.Equal(5 << 20, _heap[number].Value.Length);

        _heap.Replace(number, "small"u8, isTombstone: false, Version(2));

        Assert.Equal("large=small 2@3", Text(number));
        Assert.InRange(_heap.Bytes, before, before + (1 << 20));
    }

    [Fact]
    public void While_some_are_frozen_the_others_go_on_and_all_is_tidied_up_afterwards()
    {
        int[] numbers = [.. Enumerable.Range(0, 20_000).Select(
            key => _heap.Add(Key(key), "before"u8, isTombstone: false, Version(1)))];
        var frozen = _heap.Freeze(numbers.Take(3));

        for (int round = 2; round < 20; round++)
        {
            foreach (int number in numbers)
            {
                _heap.Replace(number, new byte[round], isTombstone: false, Version(round));
            }
        }

        Assert.Equal(3, frozen.Count);
        Assert.Equal("before", Encoding.UTF8.GetString(frozen[2].Value));
        frozen.Thaw();
        frozen.Thaw();

        foreach (int number in numbers)
        {
            _heap.Replace(number, new byte[3], isTombstone: false, Version(30));
        }

        foreach (int number in numbers)
        {
            _heap.Replace(number, new byte[4], isTombstone: false, Version(31));
        }

        Assert.InRange(_heap.Bytes, 0, 3 * 20_000 * 40);
    }

    private static WriteVersion Version(long timestamp) => new(timestamp, new ServerId(3));

    private static byte[] Key(int number) => Encoding.UTF8.GetBytes($"key:{number:D6}");

    private string Text(int number)
    {
        var stored = _heap[number];
        string key = Encoding.UTF8.GetString(stored.Key);
        return $"{key}={Encoding.UTF8.GetString(stored.Value)} {stored.Version}";
    }
}
