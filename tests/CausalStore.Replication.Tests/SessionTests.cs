using System.Text;
using static CausalStore.Replication.Tests.Kit.SlowReaders;

namespace CausalStore.Replication.Tests;

public sealed class SessionTests
{
    [Fact]
    public void Who_is_cut_off_gives_back_its_memory_and_keeps_its_replies_and_the_line_under_way()
    {
        var server = WithBound(4 * Megabyte);
        var writer = server.Connect();
        var slow = server.Connect();
        slow.Say("watch \"\"");
        Write(writer, 1);
        server.Turn(() => server.Replica.Receive(slow.Session, "ping"u8));
        slow.Session.Output.Consume(100);

        Write(writer, 5);

        Assert.True(slow.Session.IsClosing);
        Assert.InRange(slow.Session.Output.Length, 1, Megabyte + 1000);
        string[] told = slow.Heard();
        Assert.Equal(3, told.Length);
        Assert.EndsWith("v 1@1", told[0]);
        Assert.Equal("pong", told[1]);
        Assert.StartsWith("error overloaded ", told[2]);
    }

    [Fact]
    public void A_pushed_line_that_is_half_sent_is_sent_to_its_end()
    {
        var server = WithBound(4 * Megabyte);
        var writer = server.Connect();
        var slow = server.Connect();
        slow.Say("watch \"\"");
        Write(writer, 1);
        slow.Session.Output.Consume(100);

        Write(writer, 5);

        string[] told = slow.Heard();
        Assert.Equal(2, told.Length);
        Assert.EndsWith("v 1@1", told[0]);
        Assert.StartsWith("error overloaded ", told[1]);
    }

    [Fact]
    public void Who_is_cut_off_while_it_waits_for_a_context_is_told_nothing_after_that()
    {
        var server = WithBound(4 * Megabyte);
        var two = server.MeetMember(2);
        var slow = server.Connect();
        slow.Say("watch \"\"");
        Assert.Empty(slow.Ask("context 6@2"));

        server.Turn(() =>
        {
            for (int number = 1; number <= 6; number++)
            {
                server.Replica.Receive(
                    two.Link, Encoding.UTF8.GetBytes($"replicate {number}@2 {number - 1} - write k {Value}"));
            }
        });

        Assert.StartsWith("error overloaded ", slow.Heard()[^1]);
    }

    [Fact]
    public void What_is_traced_to_a_client_counts_as_well()
    {
        var server = WithBound(4 * Megabyte);
        var slow = server.Connect();
        slow.Say("trace");
        byte[] json = new byte[Megabyte];

        for (int count = 0; count < 5; count++)
        {
            server.Turn(() => slow.Session.PushTraced(json));
        }

        Assert.True(slow.Session.IsClosing);
    }
}
