using CausalStore.Protocol;
using CausalStore.Replication.Tests.Kit;

namespace CausalStore.Replication.Tests;

public sealed class NeedIndexTests
{
    private readonly AppliedSet _applied = new();
    private readonly NeedIndex _index;
    private readonly List<Waiter> _released = [];

    public NeedIndexTests() => _index = new NeedIndex(_applied);

    [Fact]
    public void One_that_misses_nothing_does_not_wait()
    {
        Apply(1, 1);

        Assert.False(_index.File(new Waiting("1@1,..1@1")));
        Assert.False(_index.File(new Waiting("-")));
    }

    [Fact]
    public void One_that_waits_is_found_by_the_write_that_it_misses_and_by_no_other()
    {
        var one = File("2@1");
        var other = File("2@2");

        Assert.Empty(Apply(1, 1));
        Assert.Equal([one], Apply(1, 2));
        Assert.Empty(Apply(1, 3));
        Assert.Equal([other], Apply(2, 2));
    }

    [Fact]
    public void One_that_misses_several_is_found_by_one_after_the_other()
    {
        var waiter = File("1@1,2@2,3@3");

        Assert.Equal([waiter], Apply(1, 1));
        Assert.True(_index.File(waiter));
        Apply(3, 3);
        Assert.Equal([waiter], Apply(2, 2));
        Assert.False(_index.File(waiter));
    }

    [Fact]
    public void One_that_waits_for_a_watermark_is_found_when_it_gets_there_and_not_by_a_write_beyond_it()
    {
        var two = File("..2@1");
        var three = File("..3@1");
        var four = File("..4@1");

        Assert.Empty(Apply(1, 3));
        Assert.Empty(Apply(1, 1));
        Assert.Equal([two, three], Apply(1, 2));
        Assert.Equal([four], Apply(1, 4));
    }

    [Theory]
    [InlineData("2@1")]
    [InlineData("..2@1")]
    public void Those_that_wait_no_more_are_not_found_and_the_others_are(string needs)
    {
        Apply(1, 1);

        for (int one = 0; one < 4; one++)
        {
            for (int other = 0; other < 4; other++)
            {
                Waiting[] waiters = [File(needs), File(needs), File(needs), File(needs)];

                _index.Remove(waiters[one]);
                _index.Remove(waiters[other]);

                var released = Release(new WriteVersion(2, new ServerId(1)), watermark: 2);
                var left = waiters.Except([waiters[one], waiters[other]]);
                Assert.Equal(left.ToHashSet<Waiter>(), [.. released]);
            }
        }
    }

    [Fact]
    public void When_all_have_gone_others_may_come()
    {
        _index.Remove(File("2@1"));
        _index.Remove(File("..2@1"));
        var waiter = File("2@1");

        Assert.Equal([waiter], Apply(1, 2));
    }

    [Fact]
    public void All_can_be_taken_out_to_be_filed_again()
    {
        List<Waiter> all = [File("2@1"), File("2@1"), File("3@2"), File("..2@1"), File("..4@3")];

        _index.TakeAll(_released);

        Assert.Equal(all.ToHashSet(), _released.ToHashSet());
        Assert.Equal(all.Count, _released.Count);
        Assert.Empty(Apply(1, 2));
        Assert.True(_index.File(all[2]));
        Assert.Equal([all[2]], Apply(2, 3));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Each_is_released_by_the_last_of_its_needs_and_each_need_is_looked_at_twice_at_most(int seed)
    {
        TestContext.Current.TestOutputHelper!.WriteLine($"seed {seed}");
        Random random = new(seed);
        (int Origin, int Timestamp)[] writes =
            [.. Enumerable.Range(0, 300).Select(number => ((number % 3) + 1, (number / 3) + 1))];
        HashSet<Waiting> waiting = [.. Enumerable.Range(0, 500).Select(_ => File(RandomNeeds(random)))];
        long needs = waiting.Sum(waiter => waiter.Needs.Count);
        random.Shuffle(writes);

        foreach (var (origin, timestamp) in writes)
        {
            foreach (var waiter in Apply(origin, timestamp).Cast<Waiting>())
            {
                if (!_index.File(waiter))
                {
                    Assert.True(waiting.Remove(waiter));
                }
            }

            Assert.All(waiting, waiter => Assert.False(_applied.ContainsAll(waiter.Needs)));
        }

        Assert.Empty(waiting);
        Assert.InRange(_index.Steps, needs, 2 * needs);
    }

    private static string RandomNeeds(Random random) => string.Join(
        ',',
        Enumerable.Range(0, random.Next(1, 6)).Select(
            _ => $"{(random.Next(3) == 0 ? ".." : "")}{random.Next(1, 101)}@{random.Next(1, 4)}"));

    private Waiting File(string needs)
    {
        Waiting waiter = new(needs);
        Assert.True(_index.File(waiter));
        return waiter;
    }

    /// <summary>Applies a write of an origin whose timestamps are 1, 2, 3 ...</summary>
    /// <returns>Who is released.</returns>
    private Waiter[] Apply(int origin, int timestamp)
    {
        var history = _applied.Of(new ServerId((ushort)origin));
        history.Add(timestamp - 1, timestamp);
        return Release(new WriteVersion(timestamp, history.Origin), history.Watermark);
    }

    private Waiter[] Release(WriteVersion applied, long watermark)
    {
        _released.Clear();
        _index.TakeReleased(applied, watermark, _released);
        return [.. _released];
    }

    private sealed class Waiting(string needs) : Waiter(Parse.Context(needs));
}
