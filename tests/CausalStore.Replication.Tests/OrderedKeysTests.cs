using System.Text;
using CausalStore.Protocol;

namespace CausalStore.Replication.Tests;

public sealed class OrderedKeysTests
{
    private readonly RecordHeap _records;
    private readonly Dictionary<int, long> _places = [];
    private readonly OrderedKeys _order;
    private readonly ITestOutputHelper _output;

    public OrderedKeysTests(ITestOutputHelper output)
    {
        _records = new RecordHeap((_, _, to) => _places[_records!.NumberAt(to)] = to);
        _order = new OrderedKeys(_records);
        _output = output;
    }

    [Theory]
    [InlineData(1, 3)]
    [InlineData(2, 700)]
    [InlineData(3, 20_000)]
    public void Whatever_comes_and_goes_they_stand_in_order(int seed, int keys)
    {
        _output.WriteLine($"seed {seed}");
        Random random = new(seed);
        SortedDictionary<string, int> model = new(StringComparer.Ordinal);

        for (int step = 0; step < 60_000; step++)
        {
            string key = $"{random.Next(keys)}";

            if (model.Remove(key, out int number))
            {
                _order.Remove(number);
                _records.Remove(_places[number]);
            }
            else
            {
                model.Add(key, Add(key));
            }
        }

        string from = $"{keys / 2}";
        Assert.Equal(model.Values, _order.From([]));
        Assert.Equal(
            model.Where(each => string.CompareOrdinal(each.Key, from) >= 0).Select(each => each.Value),
            _order.From(Encoding.UTF8.GetBytes(from)));
    }

    [Fact]
    public void Keys_that_come_in_order_or_backwards_stand_in_order()
    {
        List<int> forwards = [.. Enumerable.Range(10_000, 3000).Select(key => Add($"{key}"))];
        List<int> backwards = [.. Enumerable.Range(0, 3000).Select(key => Add($"{9999 - key}"))];
        backwards.Sort((left, right) => _records[left].Key.SequenceCompareTo(_records[right].Key));

        Assert.Equal(forwards.Concat(backwards).Order(), _order.From([]).Order());
        byte[] last = [];

        foreach (int number in _order.From([]))
        {
            Assert.True(_records[number].Key.SequenceCompareTo(last) > 0);
            last = _records[number].Key.ToArray();
        }
    }

    [Fact]
    public void Where_there_is_nothing_nothing_is_shown()
    {
        Assert.Empty(_order.From([]));
        int number = Add("a");
        Assert.Empty(_order.From("b"u8.ToArray()));
        _order.Remove(number);
        Assert.Empty(_order.From([]));
        Add("a");
        _order.Clear();
        Assert.Empty(_order.From([]));
    }

    private int Add(string key)
    {
        long place = _records.Add(
            Encoding.UTF8.GetBytes(key), "v"u8, isTombstone: false, new WriteVersion(1, new ServerId(1)));
        int number = _records.NumberAt(place);
        _places[number] = place;
        _order.Add(number);
        return number;
    }
}
