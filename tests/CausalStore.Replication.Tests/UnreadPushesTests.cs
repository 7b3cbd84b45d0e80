using CausalStore.Replication.Tests.Kit;
using static CausalStore.Replication.Tests.Kit.SlowReaders;

namespace CausalStore.Replication.Tests;

public sealed class UnreadPushesTests
{
    [Fact]
    public void Beyond_the_bound_over_all_the_session_that_has_most_goes_and_the_others_stay()
    {
        var server = WithBound(10 * Megabyte);
        var writer = server.Connect();
        var some = server.Connect();
        var most = server.Connect();
        most.Say("watch \"\"");
        Write(writer, 5);
        some.Say("watch \"\"");

        Write(writer, 3);

        Assert.True(most.Session.IsClosing);
        Assert.False(some.Session.IsClosing);
        Assert.Equal(3, some.Heard().Length);
        string[] told = most.Heard();
        Assert.StartsWith("error overloaded this client does not read what is pushed to it: all", told[^1]);
        Assert.All(told[..^1], line => Assert.StartsWith("update k v", line));
    }

    [Fact]
    public void What_was_taken_does_not_count()
    {
        var server = WithBound(10 * Megabyte);
        var writer = server.Connect();
        TestSession[] watchers = [server.Connect(), server.Connect(), server.Connect()];

        foreach (var watcher in watchers)
        {
            watcher.Say("watch \"\"");
        }

        for (int round = 0; round < 10; round++)
        {
            Write(writer, 2);
            Assert.All(watchers, watcher => Assert.Equal(2, watcher.Heard().Length));
        }
    }

    [Fact]
    public void What_left_with_its_session_does_not_count()
    {
        var server = WithBound(10 * Megabyte);
        var writer = server.Connect();
        var stays = server.Connect();
        stays.Say("watch \"\"");
        var leaves = server.Connect();
        leaves.Say("watch \"\"");
        Write(writer, 4);

        leaves.Leave();
        Write(writer, 4);

        Assert.False(stays.Session.IsClosing);
        Assert.Equal(8, stays.Heard().Length);
    }

    [Fact]
    public void What_was_cut_off_and_then_left_counts_neither_less_nor_more_than_it_was()
    {
        var server = WithBound(10 * Megabyte);
        var writer = server.Connect();

        for (int round = 0; round < 3; round++)
        {
            TestSession[] greedy = [server.Connect(), server.Connect()];
            Assert.All(greedy, session => session.Say("watch \"\""));
            Write(writer, 7);
            Assert.Contains(greedy, session => session.Session.IsClosing);
            Assert.All(greedy, session => session.Leave());
        }

        var stays = server.Connect();
        stays.Say("watch \"\"");
        Write(writer, 9);
        Assert.False(stays.Session.IsClosing);
        Write(writer, 2);
        Assert.True(stays.Session.IsClosing);
    }
}
