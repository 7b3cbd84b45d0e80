using CausalStore.Replication.Tests.Kit;

namespace CausalStore.Replication.Tests;

/// <summary>A server whose process ends, and begins again on what was kept.</summary>
public sealed class RecoveryTests
{
    /// <summary>When the state was saved: before the process ended, and before what happened last.</summary>
    public enum Saved
    {
        Never,
        InTheMiddle,
        AtTheEnd,
        KeysOnly,
    }

    public static TheoryData<Saved> Moments() => [.. Enum.GetValues<Saved>()];

    [Theory]
    [MemberData(nameof(Moments))]
    public void All_that_was_there_is_there_again(Saved saved)
    {
        var server = TestServer.Alone(3);
        var one = server.MeetMember(1);
        one.Say("replicate 5@1 0 - write a 1", "replicate 9@1 8 - write beyond 1");
        var client = server.Connect();
        client.Say("write b 1 write c 1");
        client.Say("delete c");
        Save(server, saved);
        client.Say("write b 2 write \"\\x00\\n\" \"\"");
        one.Say("replicate 20@1 12 9@1 write d 1", "replicate 21@1 20 12@1 write waits 1");

        var again = Restart(server, saved);

        Assert.Equal(server.Connect().Ask("scan \"\""), again.Connect().Ask("scan \"\""));
        Assert.Equal(server.Connect().Ask("read b c"), again.Connect().Ask("read b c"));
        Assert.Equal(server.Connect().Ask("members")[..1], again.Connect().Ask("members")[..1]);

        foreach (string name in new[]
        {
            "cluster", "instance", "state", "clock", "keys", "tombstones", "applied", "delayed",
            "delayed.bytes", "members",
        })
        {
            Assert.Equal(server.Status(name), again.Status(name));
        }

        string version = again.Connect().Say("write e 1")["ok ".Length..];
        Assert.Equal("22@3", version);
    }

    [Theory]
    [MemberData(nameof(Moments))]
    public void The_clock_goes_on_where_it_was(Saved saved)
    {
        var server = TestServer.Alone(3);
        var one = server.MeetMember(1);
        server.Connect().Say("write a 1");
        Save(server, saved);
        one.Say("replicate 20@1 0 - write b 1");
        Assert.Equal("ok 21@3", server.Connect().Say("write c 1"));

        var again = Restart(server, saved);

        Assert.Equal("ok 22@3", again.Connect().Say("write d 1"));
    }

    [Theory]
    [MemberData(nameof(Moments))]
    public void What_waits_still_waits_and_appears_after_its_cause(Saved saved)
    {
        var server = TestServer.Alone(3);
        server.MeetMember(1);
        server.MeetMember(2).Say("replicate 3@2 0 2@1 write z glad");
        Save(server, saved);

        var again = Restart(server, saved);
        var client = again.Connect();
        client.Ask("watch \"\"");

        Assert.Equal("missing z", client.Say("read z"));
        Assert.Matches("^delayed 3@2 .* 2@1 write z glad$", Assert.Single(again.Pending()));

        var one = again.Meet("hello server 1 J1 I3 0");
        one.Say("have -", "replicate 1@1 0 - write x lost", "replicate 2@1 1 1@1 write y found");

        Assert.Equal(
            ["update x lost 1@1", "update y found 2@1", "update z glad 3@2"], client.Heard());
    }

    [Theory]
    [MemberData(nameof(Moments))]
    public void A_deleted_key_stays_deleted_until_its_tombstone_may_go(Saved saved)
    {
        var server = TestServer.Alone(3);
        server.MeetMember(1);
        var client = server.Connect();
        client.Say("write k 1");
        client.Say("write k 2");
        client.Say("delete k");
        Save(server, saved);

        var again = Restart(server, saved);
        var one = again.Meet("hello server 1 J1 I3 0");
        one.Say("have -", "replicate 2@1 0 - write k old");

        Assert.Equal("missing k 3@3", again.Connect().Say("read k"));

        one.Say("have ..3@3,..2@1");
        again.Pass(2);

        Assert.Equal("missing k", again.Connect().Say("read k"));
        Assert.Equal("0", again.Status("tombstones"));

        Save(again, saved);
        Assert.Equal("missing k", Restart(again, saved).Connect().Say("read k")[.."missing k".Length]);
    }

    [Theory]
    [MemberData(nameof(Moments))]
    public void Who_is_a_member_who_is_forgotten_and_what_was_said_of_it_is_remembered(Saved saved)
    {
        var server = TestServer.Alone(3);
        server.MeetMember(1);
        var four = server.MeetMember(4);
        four.Say("replicate 1@4 0 - write a 1", "replicate 3@4 2 2@4 write c 1");
        server.Connect().Say("forget 4");
        Save(server, saved);

        var again = Restart(server, saved);
        var one = again.Meet("hello server 1 J1 I3 0");

        Assert.Contains("forgotten 4", one.Heard());
        Assert.True(again.Meet("hello server 4 J4 I3 0").IsClosed);
        Assert.Equal("waits for the word of 1", again.Status("settlement"));

        one.Say("forgotten 4", "have -", "statement 1 4 -");
        Assert.Equal("", again.Status("settlement"));
        Assert.Equal("1", again.Status("lost"));
        Save(again, saved);

        var third = Restart(again, saved);

        Assert.Equal("", third.Status("settlement"));
        Assert.Equal("1", third.Status("lost"));
        Assert.Equal("3@4", third.Status("lost.last"));
        Assert.Equal("value a 1 1@4", third.Connect().Say("read a"));
        Assert.StartsWith("error lost ", third.Connect().Say("context 3@4"));
        Assert.StartsWith("error lost ", third.Connect().Say("context 2@4"));
    }

    [Theory]
    [MemberData(nameof(Moments))]
    public void An_id_that_belongs_to_neither_still_does(Saved saved)
    {
        var server = TestServer.Alone(3);
        var one = server.MeetMember(1);
        one.Say("member 7 A 127.0.0.1 60007", "member 7 B 127.0.0.1 60008");
        Save(server, saved);

        var again = Restart(server, saved);

        Assert.True(again.Meet("hello server 7 A I3 0 waiting").IsClosed);
        Assert.True(again.Meet("hello server 7 B I3 0 waiting").IsClosed);
    }

    [Theory]
    [MemberData(nameof(Moments))]
    public void One_that_has_not_joined_serves_nobody_and_keeps_the_name_and_what_it_took_in(Saved saved)
    {
        var server = TestServer.Waiting(3, 60001);
        server.Dial(60001, "hello server 1 J1 K1 60001").Leave();
        server.Pass(1);
        var one = server.Dial(60001, "hello server 1 J1 K1 60001");
        one.Say("member 1 J1 127.0.0.1 60001", "have ..5@1", "replicate 5@1 0 - write a 1");
        Save(server, saved);

        var again = Restart(server, saved);

        Assert.Equal("K1", again.Cluster);
        Assert.False(again.Serves);
        Assert.StartsWith("error unavailable ", again.Connect().Say("read a"));
        Assert.Equal("..5@1", again.Status("applied"));

        var anew = again.Dial(60001, "hello server 1 J1 K1 60001");
        Assert.Contains("have ..5@1", anew.Heard());
        anew.Say("member 1 J1 127.0.0.1 60001", "have ..5@1", "joined");
        Assert.True(again.Serves);
        Assert.True(Restart(again, Saved.Never).Serves);
    }

    [Theory]
    [MemberData(nameof(Moments))]
    public void A_copied_state_is_there_again(Saved saved)
    {
        var server = TestServer.Alone(3);
        var one = server.MeetMember(1);
        server.Connect().Say("write mine 1");
        one.Say("copy - 0-9@1 - 2", "copied 7@1 write a 1", "copied 9@1 delete b", "copied-all 2");
        Save(server, saved);

        var again = Restart(server, saved);

        Assert.Equal("..9@1,..1@3", again.Status("applied"));
        Assert.Equal(
            ["value a 1 7@1", "missing b 9@1", "value mine 1 1@3"], again.Connect().Ask("read a b mine"));
        Assert.Equal("ok 10@3", again.Connect().Say("write c 1"));
    }

    [Fact]
    public void Writes_from_before_are_sent_to_those_who_lack_them()
    {
        string[] heard = ReturnToOneWithNothing(_ => { }).Heard();

        Assert.Equal(
            [
                "replicate 1@3 0 - write a 1", "replicate 2@3 1 1@3 write b 1",
                "replicate 3@3 2 2@3 write c 1",
            ],
            heard.Where(line => line.StartsWith("replicate ", StringComparison.Ordinal)));
        Assert.DoesNotContain(heard, line => line.StartsWith("copy ", StringComparison.Ordinal));
    }

    [Fact]
    public void Who_lacks_more_than_the_journal_still_has_gets_a_copy()
    {
        var one = ReturnToOneWithNothing(disk => disk.Trim(keep: 1));
        one.Say("copy-after \"\"");

        string[] heard = one.Heard();
        Assert.Contains("copied-all 3", heard);
        Assert.Contains("copied 1@3 write a 1", heard);
    }

    [Fact]
    public void Old_data_are_found_out()
    {
        var server = TestServer.Alone(3);
        server.MeetMember(1);
        server.Connect().Say("write a 1");
        var old = server.Disk.Copy();
        server.Connect().Say("write b 1");

        TestServer again = new(server.Options, old);
        again.Meet("hello server 1 J1 I3 0").Say("member 1 J1 127.0.0.1 0", "have ..2@3");

        Assert.Contains("runs on old data", again.Exit, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_joiner_threw_away_does_not_come_back()
    {
        var server = TestServer.Waiting(3, 60001);
        server.Dial(60001, "hello server 1 J1 K1 60001").Leave();
        server.Pass(1);
        var one = server.Dial(60001, "hello server 1 J1 K1 60001");
        one.Say("member 1 J1 127.0.0.1 60001", "have ..5@1", "replicate 5@1 0 - write a 1");
        server.Save();
        one.Say("forgotten 4");
        server.Save();

        var again = server.Restart();

        Assert.Equal("-", again.Status("applied"));
        Assert.Equal("0", again.Status("keys"));
        Assert.Equal("4", again.Status("forgotten"));
    }

    [Fact]
    public void Writes_that_came_in_any_order_are_sent_on_with_causes_before_their_effects()
    {
        var server = TestServer.Alone(3);
        server.MeetMember(2);
        var one = server.MeetMember(1);
        one.Say("replicate 8@1 7 7@1 write b 1", "replicate 7@1 0 - write a 1");
        server.Save();

        var again = server.Restart();
        var two = again.Meet("hello server 2 J2 I3 0");
        two.Say("have -");
        again.Pass(seconds: 6);

        Assert.Equal(
            ["replicate 7@1 0 - write a 1", "replicate 8@1 7 7@1 write b 1"], two.HeardWrites());
    }

    [Fact]
    public void While_nothing_more_can_be_kept_writes_are_refused_and_reads_go_on()
    {
        var server = TestServer.Alone(3);
        var client = server.Connect();
        client.Say("write a 1");
        int kept = server.Disk.Journal.Count;
        server.Replica.IsFull = true;

        Assert.StartsWith("error unavailable ", client.Say("write a 2"));
        Assert.StartsWith("error unavailable ", client.Say("forget 4"));
        Assert.Equal("value a 1 1@3", client.Say("read a"));
        Assert.Equal(kept, server.Disk.Journal.Count);

        server.Replica.IsFull = false;
        Assert.Equal("ok 2@3", client.Say("write a 2"));
    }

    /// <summary>A server has written two things, is saved, writes a third, and starts again.</summary>
    /// <returns>A member that has nothing of them.</returns>
    private static FakePeer ReturnToOneWithNothing(Action<Disk> onceSaved)
    {
        var server = TestServer.Alone(3);
        server.MeetMember(1);
        var client = server.Connect();
        client.Say("write a 1");
        client.Say("write b 1");
        server.Save();
        onceSaved(server.Disk);
        client.Say("write c 1");

        var one = server.Restart().Meet("hello server 1 J1 I3 0");
        one.Say("member 1 J1 127.0.0.1 0", "have -");
        return one;
    }

    private static void Save(TestServer server, Saved saved)
    {
        if (saved == Saved.InTheMiddle)
        {
            server.Save();
        }
    }

    private static TestServer Restart(TestServer server, Saved saved)
    {
        if (saved is Saved.AtTheEnd or Saved.KeysOnly)
        {
            server.Disk.Save(server.Replica.TakeChanges(), keysOnly: saved == Saved.KeysOnly);
        }

        return server.Restart();
    }
}
