using CausalStore.Protocol;
using CausalStore.Replication.Tests.Kit;

namespace CausalStore.Replication.Tests;

public sealed class WriteRangesTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData("-", "-")]
    [InlineData("0-5@4,5-9@4", "0-9@4")]
    [InlineData("5-9@4,0-5@4", "0-9@4")]
    [InlineData("0-7@4,5-9@4", "0-9@4")]
    [InlineData("0-9@4,5-7@4", "0-9@4")]
    [InlineData("0-5@4,6-9@4", "0-5@4,6-9@4")]
    [InlineData("5-9@4,0-5@3,0-5@4,0-5@4", "0-5@3,0-9@4")]
    public void Ranges_that_touch_are_one(string ranges, string merged) =>
        Assert.Equal(merged, WriteRange.Format(Set(ranges).ToList()));

    [Theory]
    [InlineData("5@4", false)]
    [InlineData("6@4", true)]
    [InlineData("9@4", true)]
    [InlineData("10@4", false)]
    [InlineData("12@4", true)]
    [InlineData("6@3", false)]
    public void A_range_begins_behind_its_first_number_and_ends_with_its_second(string version, bool isIn) =>
        Assert.Equal(isIn, Set("5-9@4,11-12@4").Contains(Parse.Version(version)));

    [Theory]
    [InlineData("-", true)]
    [InlineData("0-3@3,6-8@4", true)]
    [InlineData("5-9@4,0-7@3", true)]
    [InlineData("4-9@4", false)]
    [InlineData("8-12@4", false)]
    [InlineData("0-7@3,0-1@5", false)]
    public void One_set_covers_another_when_it_has_all_of_it(string others, bool covers) =>
        Assert.Equal(covers, Set("5-9@4,11-12@4,0-7@3").CoverAll(Set(others)));

    [Theory]
    [InlineData("0-9@4", "-", "0-9@4")]
    [InlineData("0-9@4", "0-9@4", "-")]
    [InlineData("0-9@4", "3-5@4", "0-3@4,5-9@4")]
    [InlineData("0-9@4", "2-3@4,5-6@4", "0-2@4,3-5@4,6-9@4")]
    [InlineData("2-9@4", "0-3@4,8-12@4", "3-8@4")]
    [InlineData("0-3@4,5-9@4", "2-6@4", "0-2@4,6-9@4")]
    [InlineData("0-9@4", "0-9@3", "0-9@4")]
    [InlineData("2-4@4", "0-2@4,4-6@4", "2-4@4")]
    public void Some_can_be_taken_away(string ranges, string without, string left) =>
        Assert.Equal(left, WriteRange.Format(Set(ranges).Without(Parse.Ranges(without)).ToList()));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void They_are_sets_of_writes(int seed)
    {
        output.WriteLine($"seed {seed}");
        Random random = new(seed);

        for (int run = 0; run < 1000; run++)
        {
            var one = RandomRanges(random);
            var other = RandomRanges(random);
            WriteRanges oneSet = new(one);
            WriteRanges otherSet = new(other);

            Assert.Equal(Versions(one), Contained(oneSet));
            Assert.Equal(Versions(one).Except(Versions(other)), Contained(oneSet.Without(other)));
            Assert.Equal(Versions(other).All(Versions(one).Contains), oneSet.CoverAll(otherSet));
        }
    }

    private static WriteRanges Set(string ranges) => new(Parse.Ranges(ranges));

    private static List<WriteRange> RandomRanges(Random random) =>
    [
        .. Enumerable.Range(0, random.Next(5)).Select(_ =>
        {
            int after = random.Next(15);
            return new WriteRange(new ServerId((ushort)random.Next(1, 3)), after, after + random.Next(1, 6));
        }),
    ];

    private static List<WriteVersion> Versions(List<WriteRange> ranges) => Every(
        version => ranges.Exists(range => range.Origin == version.Origin
            && range.After < version.Timestamp && version.Timestamp <= range.UpTo));

    private static List<WriteVersion> Contained(WriteRanges ranges) => Every(ranges.Contains);

    private static List<WriteVersion> Every(Func<WriteVersion, bool> isIn) =>
    [
        .. from origin in new ushort[] { 1, 2 }
           from timestamp in Enumerable.Range(1, 25)
           let version = new WriteVersion(timestamp, new ServerId(origin))
           where isIn(version)
           select version,
    ];
}
