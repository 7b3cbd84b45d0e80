using CausalStore.Replication.Tests.Kit;

namespace CausalStore.Replication.Tests;

public sealed class CatchingUpTests
{
    [Fact]
    public void One_that_comes_back_says_how_far_it_is_until_it_has_what_was_known_at_its_start()
    {
        var server = TestServer.Alone(3);
        server.MeetMember(1).Say("replicate 10@1 0 - write a 1");

        var again = server.Restart();
        Assert.Equal("", again.Status("catching-up"));
        var one = again.Meet("hello server 1 J1 I3 0");
        one.Say("have ..110@1");
        Assert.Equal("0%", again.Status("catching-up"));

        one.Say("replicate 51@1 10 - write a 2");
        Assert.Equal("41%", again.Status("catching-up"));
        again.Pass(1);
        Assert.Contains(new Notice.Cluster("catching up: 41%", IsWarning: false), again.Notices);

        one.Say("replicate 110@1 51 - write a 3", "have ..500@1");
        again.Pass(1);
        Assert.Equal("", again.Status("catching-up"));
        Assert.Contains(
            new Notice.Cluster("caught up with what the others had", IsWarning: false), again.Notices);
    }

    [Fact]
    public void A_copy_that_arrives_counts_as_far_as_it_has_come()
    {
        var server = TestServer.Alone(3);
        server.MeetMember(1);

        var again = server.Restart();
        var one = again.Meet("hello server 1 J1 I3 0");
        one.Say("have ..100@1", "copy - 0-100@1 - 4", "copied 99@1 write a 1");
        Assert.Equal("25%", again.Status("catching-up"));

        one.Say("copied 96@1 write b 1", "copied 97@1 write c 1");
        Assert.Equal("75%", again.Status("catching-up"));
        one.Say("copied 98@1 write d 1", "copied-all 4");
        again.Pass(1);
        Assert.Equal("", again.Status("catching-up"));
    }

    [Fact]
    public void One_that_has_never_been_away_says_nothing()
    {
        var server = TestServer.Alone(3);
        server.MeetMember(1).Say("have ..100@1");

        Assert.Equal("", server.Status("catching-up"));
    }
}
