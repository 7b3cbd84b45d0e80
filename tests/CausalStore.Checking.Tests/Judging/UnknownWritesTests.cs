using CausalStore.Checking.Judging;

namespace CausalStore.Checking.Tests.Judging;

public sealed class UnknownWritesTests
{
    [Fact]
    public void They_are_what_was_added()
    {
        var some = Of(3, 64, 200);

        Assert.Equal([3, 64, 200], Listed(some));
        Assert.True(some.Contains(64));
        Assert.False(some.Contains(65));
        Assert.False(some.Contains(5_000));
        Assert.Empty(Listed(UnknownWrites.None));
    }

    [Theory]
    [InlineData(new[] { 1, 70 }, new[] { 70 })]
    [InlineData(new[] { 70 }, new[] { 1, 70 })]
    [InlineData(new[] { 1 }, new[] { 2, 300 })]
    [InlineData(new[] { 300 }, new[] { 2 })]
    [InlineData(new int[0], new[] { 2 })]
    [InlineData(new int[0], new int[0])]
    public void Together_they_are_all_that_either_has(int[] one, int[] other)
    {
        var (left, right) = (Of(one), Of(other));

        Assert.Equal(one.Union(other).Order(), Listed(left.Union(right)));
        Assert.Equal(one, Listed(left));
        Assert.Equal(other, Listed(right));
    }

    private static UnknownWrites Of(params int[] numbers)
        => numbers.Aggregate(UnknownWrites.None, (some, number) => some.With(number));

    private static List<int> Listed(UnknownWrites some)
    {
        List<int> listed = [];

        foreach (var one in some)
        {
            listed.Add(one);
        }

        return listed;
    }
}
