using System.Diagnostics;
using CausalStore.Replication.Tests.Kit;

namespace CausalStore.Replication.Tests;

public sealed class DelayQueueTests(ITestOutputHelper output)
{
    [Fact]
    public void Shuffled_and_duplicated_writes_are_all_applied_each_after_its_needs()
    {
        double few = Drain(ChainsOfWrites(2_000));
        double many = Drain(ChainsOfWrites(20_000));

        Assert.True(many <= few * 1.5, $"{many} steps per write for 20,000 and {few} for 2,000");
    }

    [Fact]
    public void One_long_chain_that_arrives_backwards_drains_in_about_linear_time()
    {
        string[] chain = [.. Enumerable.Range(1, 40_000).Select(
            timestamp => $"replicate {timestamp}@1 {timestamp - 1} "
                + $"{(timestamp == 1 ? "-" : $"{timestamp - 1}@1")} write k{timestamp % 100} {timestamp}")];

        double steps = Drain([.. chain.Reverse()]);

        Assert.True(steps <= 3, $"{steps} steps per write");
    }

    [Fact]
    public void Many_that_wait_for_one_write_are_all_released_by_it()
    {
        string[] effects = [.. Enumerable.Range(2, 30_000).Select(
            timestamp => $"replicate {timestamp}@1 {timestamp - 1} 1@1 write k{timestamp % 100} 1")];

        double steps = Drain([.. effects, "replicate 1@1 0 - write k 1"]);

        Assert.True(steps <= 3, $"{steps} steps per write");
    }

    [Fact]
    public void A_write_with_many_needs_looks_at_each_of_them_a_few_times()
    {
        var server = TestServer.Alone(3);
        var one = server.MeetMember(1);
        string needs = string.Join(',', Enumerable.Range(1, 4_000).Select(timestamp => $"{timestamp}@1"));
        one.Say($"replicate 5000@1 4000 {needs} write last 1");

        for (int timestamp = 1; timestamp <= 4_000; timestamp++)
        {
            one.Say($"replicate {timestamp}@1 {timestamp - 1} - write k 1");
        }

        Assert.Equal("value last 1 5000@1", server.Connect().Say("read last"));
        Assert.InRange(long.Parse(server.Status("needs.checked")), 1, 10_000);
    }

    [Fact]
    public void When_it_is_full_the_greatest_versions_go_and_the_connections_that_brought_them()
    {
        var server = TestServer.Alone(3, options => options with { DelayQueueBytesMax = 4_000 });
        var one = server.MeetMember(1);
        var two = server.MeetMember(2);
        one.Say("replicate 10@1 9 9@1 write low 1");

        for (int timestamp = 20; timestamp < 1000 && !two.IsClosed; timestamp++)
        {
            two.Say($"replicate {timestamp}@2 {timestamp - 1} 9@1 write high {timestamp}");
        }

        Assert.True(two.IsClosed);
        Assert.False(one.IsClosed);
        Assert.StartsWith("delayed 10@1 ", server.Pending()[0]);
        Assert.InRange(long.Parse(server.Status("delayed.bytes")), 1, 3_000);
        Assert.Contains(server.Notices, notice => notice is Notice.Cluster { IsWarning: true } told
            && told.Text.Contains("delay queue is full"));

        one.Say("replicate 9@1 0 - write cause 1");
        Assert.Equal("value low 1 10@1", server.Connect().Say("read low"));
        Assert.Equal("0", server.Status("delayed"));
    }

    [Fact]
    public void A_dropped_write_closes_the_connection_that_brought_it_again()
    {
        var server = TestServer.Alone(3, options => options with { DelayQueueBytesMax = 4_000 });
        var one = server.MeetMember(1);
        var two = server.MeetMember(2);
        two.Say("replicate 900@2 9 9@1 write high 1");
        two.Leave();
        var again = server.Meet("hello server 2 J2 I3 0");
        again.Say("have -", "replicate 900@2 9 9@1 write high 1");

        for (int timestamp = 20; timestamp < 60; timestamp++)
        {
            one.Say($"replicate {timestamp}@1 {timestamp - 1} 9@1 write low {timestamp}");
        }

        Assert.True(again.IsClosed);
    }

    /// <summary>Writes of one origin in chains: each needs up to three others.</summary>
    private static string[] ChainsOfWrites(int count)
    {
        Random random = new(7);
        List<string> lines = [];

        for (int timestamp = 1; timestamp <= count; timestamp++)
        {
            var needs = Enumerable.Range(0, random.Next(4)).Select(_ => random.Next(timestamp))
                .Where(need => need > 0).Distinct().Select(need => $"{need}@1").ToList();
            string line = $"replicate {timestamp}@1 {timestamp - 1} "
                + $"{(needs.Count == 0 ? "-" : string.Join(',', needs))} write k{timestamp} {timestamp}";
            lines.AddRange(Enumerable.Repeat(line, 1 + (timestamp % 2)));
        }

        string[] shuffled = [.. lines];
        random.Shuffle(shuffled);
        return shuffled;
    }

    /// <summary>Hands them in; returns the steps per write.</summary>
    private double Drain(string[] lines)
    {
        var server = TestServer.Alone(3);
        var one = server.MeetMember(1);
        int count = lines.Distinct().Count();
        var watch = Stopwatch.StartNew();

        one.Say(lines);

        watch.Stop();
        double steps = double.Parse(server.Status("needs.checked")) / count;
        output.WriteLine(
            $"{count} writes, {lines.Length} lines: {watch.ElapsedMilliseconds} ms, {steps:0.00} steps each");
        Assert.Equal("0", server.Status("delayed"));
        Assert.Equal($"..{count}@1", server.Status("applied"));
        AssertInCausalOrder(server, count);
        return steps;
    }

    private static void AssertInCausalOrder(TestServer server, int count)
    {
        HashSet<Protocol.WriteVersion> applied = [];

        foreach (var notice in server.Notices.OfType<Notice.WriteApplied>())
        {
            foreach (var need in notice.Write.Needs.Exact)
            {
                Assert.Contains(need, applied);
            }

            Assert.True(applied.Add(notice.Write.Version));
        }

        Assert.Equal(count, applied.Count);
    }
}
