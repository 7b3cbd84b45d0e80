namespace CausalStore.Client.Bench;

/// <summary>Which request comes next: a read or a write, of which key.</summary>
internal sealed class KeyChooser
{
    private readonly Load _load;
    private readonly SplitMix _random;
    private readonly ZipfianRanks? _ranks;
    private int _next;

    public KeyChooser(Load load)
    {
        _load = load;
        _random = new SplitMix(load.Seed);
        _ranks = load.Distribution == Distribution.Zipfian ? new ZipfianRanks(load.Keys) : null;
    }

    public bool NextIsRead() => _load.ReadPercent switch
    {
        0 => false,
        100 => true,
        int percent => _random.Below(100) < percent,
    };

    /// <summary>From 0 up to, and without, the number of keys.</summary>
    public int NextKey() => _load.Distribution switch
    {
        Distribution.Sequential => NextInOrder(),
        Distribution.Zipfian => Scattered(_ranks!.Next(_random)),
        _ => _random.Below(_load.Keys),
    };

    private int NextInOrder()
    {
        int key = _next;
        _next = key + 1 == _load.Keys ? 0 : key + 1;
        return key;
    }

    /// <summary>The popular keys stand all over the key space, not side by side.</summary>
    private int Scattered(int rank) => (int)(SplitMix.Scatter((ulong)rank + 1) % (ulong)_load.Keys);
}

/// <summary>Ranks from 0 whose probability falls as 1/(rank + 1)^0.99 (Gray et al., "Quickly Generating
/// Billion-Record Synthetic Databases", SIGMOD 1994, as YCSB draws them).</summary>
internal sealed class ZipfianRanks
{
    private const double Skew = 0.99;

    private readonly int _count;
    private readonly double _sum;
    private readonly double _eta;

    public ZipfianRanks(int count)
    {
        _count = count;

        for (int rank = 1; rank <= count; rank++)
        {
            _sum += Math.Pow(rank, -Skew);
        }

        _eta = (1 - Math.Pow(2.0 / count, 1 - Skew)) / (1 - ((1 + Math.Pow(2, -Skew)) / _sum));
    }

    public int Next(SplitMix random)
    {
        double fraction = random.Fraction();
        double scaled = fraction * _sum;

        if (scaled < 1 || _count == 1)
        {
            return 0;
        }

        if (scaled < 1 + Math.Pow(2, -Skew))
        {
            return 1;
        }

        double share = Math.Pow((_eta * fraction) - _eta + 1, 1 / (1 - Skew));
        return Math.Min((int)(share * _count), _count - 1);
    }
}
