using System.Text;
using CausalStore.Protocol;

namespace CausalStore.Replication.Tests;

public sealed class KeyIndexTests(ITestOutputHelper output)
{
    private readonly RecordHeap _records = new();

    [Fact]
    public void Keys_with_one_hash_are_told_apart()
    {
        KeyIndex index = new(_records);
        int a = Add(index, "a", hash: 7);
        int b = Add(index, "b", hash: 7);

        Assert.Equal(a, index.Find("a"u8, 7));
        Assert.Equal(b, index.Find("b"u8, 7));
        Assert.Equal(-1, index.Find("c"u8, 7));
        Assert.Equal(-1, index.Find("a"u8, 8));
    }

    [Fact]
    public void What_stands_behind_a_removed_one_is_still_found_also_around_the_end()
    {
        KeyIndex index = new(_records);
        uint[] hashes = [2046, 2046, 2047, 2046, 0, 0, 1, 2046 + 2048];
        int[] numbers = [.. hashes.Select((hash, key) => Add(index, $"{key}", hash))];

        for (int gone = 0; gone < numbers.Length; gone++)
        {
            index.Remove(hashes[gone], numbers[gone]);
            Assert.Equal(-1, index.Find(Key($"{gone}"), hashes[gone]));

            for (int left = gone + 1; left < numbers.Length; left++)
            {
                Assert.Equal(numbers[left], index.Find(Key($"{left}"), hashes[left]));
            }
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void However_many_there_are_each_is_found(int seed)
    {
        output.WriteLine($"seed {seed}");
        Random random = new(seed);
        KeyIndex index = new(_records);
        Dictionary<string, (uint Hash, int Number)> model = [];

        for (int step = 0; step < 150_000; step++)
        {
            string key = $"{random.Next(60_000)}";

            if (model.TryGetValue(key, out var known) && random.Next(2) == 0)
            {
                index.Remove(known.Hash, known.Number);
                _records.Remove(known.Number);
                model.Remove(key);
            }
            else if (!model.ContainsKey(key))
            {
                uint hash = (uint)random.NextInt64(1L << 32);
                model.Add(key, (hash, Add(index, key, hash)));
            }
        }

        Assert.All(
            model, each => Assert.Equal(each.Value.Number, index.Find(Key(each.Key), each.Value.Hash)));
        index.Clear();
        Assert.All(model, each => Assert.Equal(-1, index.Find(Key(each.Key), each.Value.Hash)));
    }

    private int Add(KeyIndex index, string key, uint hash)
    {
        int number = _records.Add(Key(key), "v"u8, isTombstone: false, new WriteVersion(1, new ServerId(1)));
        index.Add(hash, number);
        return number;
    }

    private static byte[] Key(string key) => Encoding.UTF8.GetBytes(key);
}
