using CausalStore.Client.Bench;

namespace CausalStore.Client.Tests.Bench;

public sealed class KeyChooserTests
{
    private const int Draws = 400_000;

    [Theory]
    [InlineData(100)]
    [InlineData(10_000)]
    public void Zipfian_ranks_have_the_shape_that_their_name_says(int count)
    {
        ZipfianRanks ranks = new(count);
        SplitMix random = new(seed: 7);
        int[] drawn = new int[count];

        for (int draw = 0; draw < Draws; draw++)
        {
            drawn[ranks.Next(random)]++;
        }

        double sum = Enumerable.Range(1, count).Sum(rank => Math.Pow(rank, -0.99));
        double tenth = Enumerable.Range(1, count / 10).Sum(rank => Math.Pow(rank, -0.99)) / sum;

        // The method is exact for the first two ranks and close for the rest.
        Assert.Equal(1 / sum, Share(1), tolerance: 0.05 / sum);
        Assert.Equal(Math.Pow(2, -0.99) / sum, Share(2) - Share(1), tolerance: 0.05 / sum);
        Assert.Equal(tenth, Share(count / 10), tolerance: 0.03);
        Assert.True(drawn[^1] < drawn[0] / 20);

        double Share(int first) => drawn.Take(first).Sum() / (double)Draws;
    }

    [Fact]
    public void The_popular_keys_are_scattered()
    {
        int[] popular = Popular(new Load { Keys = 100_000, Distribution = Distribution.Zipfian });

        Assert.True(popular.Max() - popular.Min() > 30_000, string.Join(' ', popular));
    }

    [Fact]
    public void One_key_is_enough()
    {
        foreach (var distribution in Enum.GetValues<Distribution>())
        {
            KeyChooser keys = new(new Load { Keys = 1, Distribution = distribution });
            Assert.All(Enumerable.Range(0, 100), _ => Assert.Equal(0, keys.NextKey()));
        }
    }

    [Fact]
    public void Uniform_keys_are_all_as_likely()
    {
        int[] drawn = Drawn(new Load { Keys = 10 }, Draws);
        Assert.All(drawn, count => Assert.InRange(count, Draws * 0.095, Draws * 0.105));
    }

    [Fact]
    public void Sequential_keys_go_round()
    {
        KeyChooser keys = new(new Load { Keys = 3, Distribution = Distribution.Sequential });
        Assert.Equal([0, 1, 2, 0, 1], Enumerable.Range(0, 5).Select(_ => keys.NextKey()));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(30)]
    [InlineData(100)]
    public void So_many_are_reads(int percent)
    {
        KeyChooser keys = new(new Load { ReadPercent = percent });
        int reads = Enumerable.Range(0, 100_000).Count(_ => keys.NextIsRead());
        Assert.InRange(reads, (percent * 1000) - 600, (percent * 1000) + 600);
        Assert.Equal(percent is 0 or 100, reads is 0 or 100_000);
    }

    [Fact]
    public void The_same_seed_gives_the_same_keys()
    {
        Load load = new() { Seed = 5 };
        Assert.Equal(Popular(load), Popular(load));
        Assert.NotEqual(Popular(load), Popular(load with { Seed = 6 }));
    }

    private static int[] Popular(Load load) =>
        [.. Drawn(load, 20_000).Index().OrderByDescending(key => key.Item).Take(5).Select(key => key.Index)];

    private static int[] Drawn(Load load, int draws)
    {
        KeyChooser keys = new(load);
        int[] drawn = new int[load.Keys];

        for (int draw = 0; draw < draws; draw++)
        {
            drawn[keys.NextKey()]++;
        }

        return drawn;
    }
}
