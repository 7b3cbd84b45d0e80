using CausalStore.Replication.Tests.Kit;

namespace CausalStore.Replication.Tests;

public sealed class ReadTracingTests
{
    private readonly TestServer _server = TestServer.Alone();
    private readonly TestSession _session;

    public ReadTracingTests()
    {
        _session = _server.Connect();
        _session.Say("write a 1");
        _session.Say("write b 2");
        _session.Say("delete b");
        _server.Notices.Clear();
    }

    [Fact]
    public void A_read_tells_what_it_has_shown()
    {
        _session.Ask("read a b c");

        Assert.Equal(["a 1@1", "b 3@1", "c "], Shown());
    }

    [Fact]
    public void A_scan_tells_what_it_has_shown()
    {
        _session.Ask("scan \"\"");

        Assert.Equal(["a 1@1"], Shown());
    }

    [Fact]
    public void Of_many_keys_the_first_are_told()
    {
        _session.Ask($"read {string.Join(' ', Enumerable.Range(0, 100))}");
        Assert.Equal(20, Shown().Length);
        _server.Notices.Clear();

        _session.Say("write c 3");
        _session.Ask("scan \"\" 1");
        Assert.Single(Shown());
    }

    [Fact]
    public void Messages_and_pushes_are_told_as_well()
    {
        var wire = JoiningClusterTests.Founded();
        var carol = wire.Servers[1].Connect();
        carol.Say("watch \"\"");

        wire.Servers[0].Connect().Say("link 3 cut");
        wire.Servers[0].Connect().Say("write x 1");
        wire.Run(seconds: 1);

        string told = string.Join('\n', wire.Servers[0].Notices);
        Assert.Contains("WriteSent { Version = 1@1, To = 2, IsHeld = False }", told);
        Assert.Contains("WriteSent { Version = 1@1, To = 3, IsHeld = True }", told);
        Assert.Single(wire.Servers[0].Notices.OfType<Notice.LinkDisturbed>());
        Assert.Single(wire.Servers[1].Notices.OfType<Notice.WriteReceived>());
        Assert.Single(wire.Servers[1].Notices.OfType<Notice.ChangePushed>());
        Assert.Empty(wire.Servers[2].Notices.OfType<Notice.WriteReceived>());
    }

    [Fact]
    public void Nothing_is_told_while_nobody_traces()
    {
        TestServer quiet = new(_server.Options, isTracing: false);
        quiet.Turn(() => { });
        var peer = quiet.MeetMember(2);
        var session = quiet.Connect();
        session.Say("watch x");
        session.Ask("write x 2");
        session.Say("read x");
        session.Ask("scan x");
        peer.Say("replicate 7@2 0 - write x 3");

        Assert.DoesNotContain(quiet.Notices, notice => notice
            is Notice.KeysShown or Notice.ChangePushed or Notice.WriteSent or Notice.WriteReceived);
        Assert.Contains(peer.Heard(), line => line.StartsWith("replicate ", StringComparison.Ordinal));
        Assert.Contains("update x 3 7@2", session.Heard());
    }

    private string[] Shown() =>
    [
        .. _server.Notices.OfType<Notice.KeysShown>().Single().Keys
            .Select(key => $"{System.Text.Encoding.UTF8.GetString(key.Key)} {key.Version}"),
    ];
}
