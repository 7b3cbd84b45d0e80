using CausalStore.Replication.Tests.Kit;

namespace CausalStore.Replication.Tests;

public sealed class OldDataTests
{
    [Theory]
    [InlineData("have ..7@3")]
    [InlineData("have 7@3")]
    [InlineData("replicate 7@3 0 - write x 1")]
    public void One_that_a_member_tells_of_a_write_of_its_own_that_it_has_not_runs_on_old_data(string line)
    {
        var server = TestServer.Alone(3);

        server.MeetMember(1).Say(line);

        Assert.Contains("old data", server.Exit);
        Assert.Contains("left as they are", server.Exit);
    }

    [Fact]
    public void Its_own_writes_coming_back_are_nothing()
    {
        var server = TestServer.Alone(3);
        server.Connect().Say("write x 1");

        server.MeetMember(1).Say("have ..1@3", "replicate 1@3 0 - write x 1");

        Assert.Null(server.Exit);
    }

    [Fact]
    public void One_that_is_dialled_and_not_known_is_refused_and_may_still_show_that_the_data_here_are_old()
    {
        ReplicaOptions With(ReplicaOptions options) =>
            options with { Peers = [new Protocol.ServerAddress("127.0.0.1", 60004)], Found = true };
        var server = TestServer.Alone(3, With);
        server.Connect().Say("write x 1");

        var stranger = server.Dial(60004, "hello server 4 J4 I3 60004");
        Assert.Contains("is not known", stranger.Heard()[^1]);
        stranger.Say("member 4 J4 127.0.0.1 60004", "have ..1@3,..5@4");
        Assert.True(stranger.IsClosed);
        Assert.Null(server.Exit);

        var old = TestServer.Alone(3, With);
        old.Dial(60004, "hello server 4 J4 I3 60004").Say("member 4 J4 127.0.0.1 60004", "have ..1@3,..5@4");
        Assert.Contains("old data", old.Exit);
    }

    [Fact]
    public void One_that_comes_without_a_write_of_its_own_that_waits_here_is_shown_it()
    {
        var server = TestServer.Alone(3);
        var two = server.MeetMember(2);
        two.Say("replicate 6@2 0 5@1 write x 1", "replicate 7@2 6 6@2 write x 2");
        two.Leave();

        var again = server.Meet("hello server 2 J2 I3 0");
        again.Heard();
        again.Say("have ..7@2");
        Assert.Empty(again.HeardWrites());
        again.Leave();
        var old = server.Meet("hello server 2 J2 I3 0");
        old.Say("have ..6@2");

        Assert.Equal(["replicate 7@2 6 6@2 write x 2"], old.HeardWrites());
    }
}
