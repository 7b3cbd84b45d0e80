using CausalStore.Protocol;

namespace CausalStore.Replication.Tests;

public sealed class FrozenRecordsTests
{
    private readonly RecordHeap _heap = new((_, _, _) => { });

    [Fact]
    public void What_is_frozen_stays_where_it_is_until_it_is_thawed()
    {
        long place = Add("x", "1", 1);
        var frozen = _heap.Freeze([0], atMost: 1);

        long replaced = Replace(place, "2", 2);
        Assert.NotEqual(place, replaced);
        Assert.Equal("1"u8, frozen[0].Value);

        frozen.Thaw();
        Assert.Equal(replaced, Replace(replaced, "3", 3));
    }

    [Fact]
    public void Of_nothing_nothing_is_frozen()
    {
        long place = Add("x", "1", 1);
        long bytes = _heap.Bytes;
        var frozen = _heap.Freeze([], atMost: 0);

        Assert.Equal(0, frozen.Count);
        Assert.Equal(place, Replace(place, "2", 2));
        Assert.Equal(bytes, _heap.Bytes);
        frozen.Thaw();
    }

    [Fact]
    public void To_thaw_what_froze_nothing_thaws_nothing_else()
    {
        long place = Add("x", "1", 1);
        var frozen = _heap.Freeze([0], atMost: 1);

        _heap.Freeze([], atMost: 0).Thaw();

        Assert.NotEqual(place, Replace(place, "2", 2));
        Assert.Equal("1"u8, frozen[0].Value);
    }

    [Fact]
    public void A_copy_of_them_is_read_after_they_are_thawed()
    {
        long place = Add("x", "1", 1);
        var frozen = _heap.Freeze([0], atMost: 1);

        frozen.Detach();
        frozen.Thaw();
        Replace(place, "2", 2);

        Assert.Equal("1"u8, frozen[0].Value);
        Assert.Equal(0, frozen.FirstAfter("w"u8));
        Assert.Equal(1, frozen.FirstAfter("x"u8));
    }

    private long Add(string key, string value, long time) =>
        _heap.Add(Bytes(key), Bytes(value), isTombstone: false, new WriteVersion(time, new ServerId(3)));

    private long Replace(long place, string value, long time) =>
        _heap.Replace(place, Bytes(value), isTombstone: false, new WriteVersion(time, new ServerId(3)));

    private static byte[] Bytes(string text) => System.Text.Encoding.UTF8.GetBytes(text);
}
