using System.Text;
using CausalStore.Protocol;

namespace CausalStore.Replication.Tests;

public sealed class KeyIndexTests
{
    private readonly Dictionary<string, (uint Hash, long Place)> _model = [];
    private readonly RecordHeap _records;
    private readonly KeyIndex _index;
    private readonly ITestOutputHelper _output;

    public KeyIndexTests(ITestOutputHelper output)
    {
        _records = new RecordHeap(Moved);
        _index = new KeyIndex(_records);
        _output = output;
    }

    [Fact]
    public void Keys_with_one_hash_are_told_apart()
    {
        long a = Add("a", hash: 7);
        long b = Add("b", hash: 7);

        Assert.Equal(a, _index.Find("a"u8, 7));
        Assert.Equal(b, _index.Find("b"u8, 7));
        Assert.Equal(0, _index.Find("c"u8, 7));
        Assert.Equal(0, _index.Find("a"u8, 8));

        long moved = _records.Replace(
            a, "much longer than before"u8, isTombstone: false, new WriteVersion(2, new ServerId(1)));
        _index.Move(7, a, moved);
        Assert.Equal(moved, _index.Find("a"u8, 7));
    }

    [Fact]
    public void What_stands_behind_a_removed_one_is_still_found_also_around_the_end()
    {
        uint[] hashes = [2046, 2046, 2047, 2046, 0, 0, 1, 2046 + 2048];
        long[] places = [.. hashes.Select((hash, key) => Add($"{key}", hash))];

        for (int gone = 0; gone < places.Length; gone++)
        {
            _index.Remove(hashes[gone], places[gone]);
            Assert.Equal(0, _index.Find(Key($"{gone}"), hashes[gone]));

            for (int left = gone + 1; left < places.Length; left++)
            {
                Assert.Equal(places[left], _index.Find(Key($"{left}"), hashes[left]));
            }
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void However_many_there_are_each_is_found(int seed)
    {
        _output.WriteLine($"seed {seed}");
        Random random = new(seed);

        for (int step = 0; step < 150_000; step++)
        {
            string key = $"{random.Next(60_000)}";

            if (_model.TryGetValue(key, out var known) && random.Next(2) == 0)
            {
                _index.Remove(known.Hash, known.Place);
                _records.Remove(known.Place);
                _model.Remove(key);
            }
            else if (!_model.ContainsKey(key))
            {
                uint hash = (uint)random.NextInt64(1L << 30);
                _model.Add(key, (hash, Add(key, hash)));
            }
        }

        Assert.All(
            _model, each => Assert.Equal(each.Value.Place, _index.Find(Key(each.Key), each.Value.Hash)));
        _index.Clear();
        Assert.All(_model, each => Assert.Equal(0, _index.Find(Key(each.Key), each.Value.Hash)));
    }

    private void Moved(ReadOnlySpan<byte> key, long from, long to)
    {
        string text = Encoding.UTF8.GetString(key);
        uint hash = _model[text].Hash;
        _index.Move(hash, from, to);
        _model[text] = (hash, to);
    }

    private long Add(string key, uint hash)
    {
        long place = _records.Add(Key(key), "v"u8, isTombstone: false, new WriteVersion(1, new ServerId(1)));
        _index.Add(hash, place);
        return place;
    }

    private static byte[] Key(string key) => Encoding.UTF8.GetBytes(key);
}
