using CausalStore.Replication.Tests.Kit;

namespace CausalStore.Replication.Tests;

public sealed class LinkFaultsTests
{
    [Fact]
    public void A_cut_link_holds_everything_and_healing_lets_it_go_in_order()
    {
        var (server, client, one) = Start();
        Assert.Equal("ok", client.Say("link 1 cut"));

        client.Say("write a 1");
        client.Say("write b 2");
        server.Pass(seconds: 10);
        Assert.Empty(one.Heard());
        Assert.False(one.IsClosed);
        client.Say("link 1 heal");

        string[] heard = one.Heard();
        Assert.Equal(["replicate 1@3 0 - write a 1", "replicate 2@3 1 1@3 write b 2"], heard[..2]);
        Assert.Single(heard[2..]);
        Assert.Equal("have ..2@3", heard[2]);
    }

    [Fact]
    public void Only_lines_to_that_server_are_held_and_what_it_says_is_heard()
    {
        var (server, client, one) = Start();
        var two = server.MeetMember(2);
        client.Say("link 1 cut");

        client.Say("write a 1");
        one.Say("replicate 5@1 0 - write b 2");

        Assert.Single(two.HeardWrites());
        Assert.Equal("value b 2 5@1", client.Say("read b"));
    }

    [Fact]
    public void A_delayed_link_lets_each_line_go_in_its_time()
    {
        var (server, client, one) = Start();
        client.Say("link 1 delay 1500");
        client.Say("write a 1");
        server.Pass(seconds: 1);
        client.Say("write b 2");

        server.Pass(seconds: 0.4);
        Assert.Empty(one.HeardWrites());
        server.Pass(seconds: 0.2);
        Assert.Equal(["replicate 1@3 0 - write a 1"], one.HeardWrites());
        server.Pass(seconds: 1);
        Assert.Equal(["replicate 2@3 1 1@3 write b 2"], one.HeardWrites());
    }

    [Fact]
    public void Healing_a_delay_lets_everything_go_and_shortening_it_keeps_the_order()
    {
        var (server, client, one) = Start();
        client.Say("link 1 delay 60000");
        client.Say("write a 1");
        server.Pass(seconds: 1);
        client.Say("link 1 delay 10");
        client.Say("write b 2");
        server.Pass(seconds: 0.1);
        Assert.Equal(["replicate 1@3 0 - write a 1", "replicate 2@3 1 1@3 write b 2"], one.HeardWrites());

        client.Say("link 1 delay 60000");
        client.Say("write c 3");
        client.Say("link 1 heal");
        client.Say("write d 4");
        Assert.Equal(["replicate 3@3 2 2@3 write c 3", "replicate 4@3 3 3@3 write d 4"], one.HeardWrites());
    }

    [Fact]
    public void A_step_lets_the_next_writes_go_and_what_stands_before_them()
    {
        var (server, client, one) = Start();
        client.Say("link 1 cut");

        for (int count = 1; count <= 4; count++)
        {
            client.Say($"write k {count}");
            server.Pass(seconds: 1);
        }

        Assert.Equal("ok", client.Say("link 1 step"));
        Assert.Equal(["replicate 1@3 0 - write k 1"], one.HeardWrites());
        server.Pass(seconds: 5);
        Assert.Empty(one.Heard());
        client.Say("link 1 step 2");
        Assert.Equal(2, one.HeardWrites().Length);
        client.Say("link 1 heal");
        Assert.Equal(["replicate 4@3 3 3@3 write k 4"], one.HeardWrites());
    }

    [Fact]
    public void Every_connection_to_that_server_is_disturbed_the_answer_to_its_hello_included()
    {
        var (server, client, one) = Start();
        client.Say("link 1 cut");
        client.Say("link 8 cut");

        var second = server.Meet("hello server 1 J1 I3 0");
        var unknown = server.Meet("hello server 8 J8 I3 0 waiting");
        unknown.Say("have -", "join");
        client.Say("write a 1");
        Assert.Empty(second.Heard());
        Assert.Empty(unknown.Heard());
        Assert.Empty(one.Heard());

        client.Say("link 1 heal");
        client.Say("link 8 heal");
        Assert.StartsWith("hello server 3 ", second.Heard()[0]);
        string[] heard = unknown.Heard();
        Assert.StartsWith("hello server 3 ", heard[0]);
        Assert.Contains("joined", heard);
        Assert.Contains("replicate 1@3 0 - write a 1", heard);
    }

    [Fact]
    public void A_dialler_does_not_know_whom_it_reaches_so_its_hello_is_not_held()
    {
        var server = TestServer.Alone(
            3, options => options with
            {
                AllowFaults = true,
                Found = true,
                Peers = [new Protocol.ServerAddress("127.0.0.1", 60001)],
            });
        server.Connect().Say("link 1 cut");

        var one = server.Dial(60001, "hello server 1 J1 I3 60001 waiting");

        Assert.Equal(["hello server 3 I3 I3 60003"], one.Heard());
        server.Connect().Say("link 1 heal");
        Assert.Equal(["member 3 I3 127.0.0.1 60003", "have -"], one.Heard());
    }

    [Fact]
    public void A_connection_that_ends_while_it_is_cut_loses_no_write()
    {
        var (server, client, one) = Start();
        client.Say("link 1 cut");
        client.Say("write a 1");
        one.Leave();
        client.Say("write b 2");
        client.Say("link 1 heal");

        var again = server.Meet("hello server 1 J1 I3 0");
        again.Say("have -");

        Assert.Equal(["replicate 1@3 0 - write a 1", "replicate 2@3 1 1@3 write b 2"], again.HeardWrites());
    }

    [Theory]
    [InlineData("link 3 cut")]
    [InlineData("link 1 delay")]
    [InlineData("link 1 delay -1")]
    [InlineData("link 1 step 0")]
    [InlineData("link 0 cut")]
    [InlineData("link 1 saw")]
    public void A_bad_fault_is_refused(string request)
    {
        var (_, client, _) = Start();

        Assert.StartsWith("error ", client.Say(request));
    }

    private static (TestServer Server, TestSession Client, FakePeer One) Start()
    {
        var server = TestServer.Alone(3, options => options with { AllowFaults = true });
        var one = server.MeetMember(1);
        one.Heard();
        return (server, server.Connect(), one);
    }
}
