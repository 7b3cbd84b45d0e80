using CausalStore.Protocol;
using CausalStore.Replication.Tests.Kit;

namespace CausalStore.Replication.Tests;

public sealed class WriteLogTests
{
    private static readonly ServerId Two = new(2);
    private static readonly long WriteBytes = Write(1).Line.Length + 32;

    private readonly KnownApplied _others = new();

    [Fact]
    public void It_keeps_writes_in_the_order_in_which_they_were_applied()
    {
        var log = Log(retain: 1000, recent: 1000);

        Append(log, from: 1, to: 300);

        Assert.Equal(300, log.End - log.First);
        Assert.Equal(Enumerable.Range(1, 300), Timestamps(log));
        Assert.Equal(TimeSpan.FromSeconds(300), log[log.End - 1].AppliedAt);
    }

    [Fact]
    public void Recent_writes_are_found_by_their_versions()
    {
        var log = Log(retain: 1 << 30, recent: 1 << 30);
        Assert.Null(log.Find(new WriteVersion(1, Two)));

        Append(log, from: 1, to: 10_000);

        Assert.Equal(9_999, log.Find(Write(10_000).Version));
        Assert.Equal(1_809, log.Find(Write(1_810).Version));
        Assert.Null(log.Find(Write(1_808).Version));
        Assert.Null(log.Find(new WriteVersion(10_000, Two)));
        log.Clear();
        Assert.Null(log.Find(Write(10_000).Version));
    }

    [Fact]
    public void It_grows_also_when_its_beginning_has_been_dropped()
    {
        var log = Log(retain: 1000, recent: 20);

        Append(log, from: 1, to: 50);
        log.Trim(_others);
        Append(log, from: 51, to: 200);

        Assert.Equal(30, log.First);
        Assert.Equal(Enumerable.Range(31, 170), Timestamps(log));
        Assert.Equal(170 * WriteBytes, log.Bytes);
    }

    [Fact]
    public void Lines_of_any_length_are_kept()
    {
        var log = Log(retain: 1 << 20, recent: 1 << 20);
        var large = Parse.Write($"replicate 2@1 0 - write k {new string('v', 3 << 20)}");

        Append(log, Write(1));
        Append(log, large);
        Append(log, from: 3, to: 50_000);

        Assert.True(log.LineAt(1).SequenceEqual(large.Line));
        Assert.True(log.LineAt(0).SequenceEqual(Write(1).Line));
        Assert.True(log.LineAt(log.End - 1).SequenceEqual(Write(50_000).Line));
    }

    [Fact]
    public void What_somebody_lacks_stays_up_to_the_greater_bound()
    {
        var log = Log(retain: 50, recent: 10);
        Append(log, from: 1, to: 60);
        Have("..15@1");

        log.Trim(_others);
        Assert.Equal(Enumerable.Range(16, 45), Timestamps(log));

        Append(log, from: 61, to: 80);
        log.Trim(_others);
        Assert.Equal(Enumerable.Range(31, 50), Timestamps(log));
    }

    [Fact]
    public void What_everybody_has_stays_up_to_the_smaller_bound()
    {
        var log = Log(retain: 50, recent: 10);
        Append(log, from: 1, to: 60);
        Have("..60@1");

        log.Trim(_others);

        Assert.Equal(Enumerable.Range(51, 10), Timestamps(log));
    }

    [Fact]
    public void It_knows_how_far_it_has_dropped_writes_of_each_origin()
    {
        var log = Log(retain: 0, recent: 0);
        Append(log, Write(5));
        Append(log, Parse.Write("replicate 9@2 0 - write k v"));
        Append(log, Write(3));

        log.Trim(_others);
        Assert.Equal(5, log.Dropped[new ServerId(1)]);
        Assert.Equal(9, log.Dropped[Two]);

        log.Reaches(Two, 7);
        log.Reaches(new ServerId(3), 4);
        Assert.Equal(9, log.Dropped[Two]);
        Assert.Equal(4, log.Dropped[new ServerId(3)]);
    }

    [Fact]
    public void Positions_are_never_used_again()
    {
        var log = Log(retain: 1000, recent: 1000);
        Append(log, from: 1, to: 70);
        log.Reaches(Two, 7);

        log.Clear();
        Assert.Equal(70, log.First);
        Assert.Equal(70, log.End);
        Assert.Equal(0, log.Bytes);
        Assert.Empty(log.Dropped);

        Append(log, from: 71, to: 72);
        Assert.Equal([71, 72], Timestamps(log));
    }

    /// <summary>A log with its bounds in writes.</summary>
    private static WriteLog Log(long retain, long recent) => new(retain * WriteBytes, recent * WriteBytes);

    /// <summary>A write of server 1; all are of one size.</summary>
    private static Write Write(int timestamp) => Parse.Write(
        $"replicate {timestamp}@1 0 - write k {new string('v', 9 - $"{timestamp}".Length)}");

    private static void Append(WriteLog log, int from, int to)
    {
        for (int timestamp = from; timestamp <= to; timestamp++)
        {
            Append(log, Write(timestamp));
        }
    }

    private static void Append(WriteLog log, Write write) =>
        log.Append(write.Version, write.Line, TimeSpan.FromSeconds(write.Version.Timestamp));

    private static IEnumerable<int> Timestamps(WriteLog log)
    {
        for (long position = log.First; position < log.End; position++)
        {
            int timestamp = (int)log[position].Version.Timestamp;
            Assert.True(log.LineAt(position).SequenceEqual(Write(timestamp).Line));
            yield return timestamp;
        }
    }

    private void Have(string have)
    {
        _others.Count(Two, "J2");
        _others.Learn(Two, "J2", Parse.Context(have), TimeSpan.Zero);
    }
}
