using CausalStore.Replication.Tests.Kit;

namespace CausalStore.Replication.Tests;

public sealed class KeyHistoryTests
{
    [Fact]
    public void A_history_says_who_lost_to_whom_and_how()
    {
        var server = TestServer.Alone(3);
        var one = server.MeetMember(1);
        var two = server.MeetMember(2);
        one.Say("replicate 1@1 0 - write x lost");
        server.Pass(seconds: 1.5);
        one.Say("replicate 3@1 1 1@1 write y 1 write x found");
        two.Say("replicate 3@2 2 - write x mine");
        two.Say("replicate 2@2 0 - delete x");
        one.Say("replicate 9@1 3 8@2 write x late");
        server.Pass(seconds: 0.5);

        Assert.Equal(
            [
                "version 1@1 2 replaced 3@1 in-order write x lost",
                "version 2@2 0.5 lost 3@2 in-order delete x",
                "version 3@1 0.5 replaced 3@2 unseen write x found",
                "version 3@2 0.5 current - - write x mine",
                "version 9@1 0.5 delayed - - write x late",
                "end 5",
            ],
            server.Connect().Ask("history x"));
        Assert.Equal(["end 0"], server.Connect().Ask("history z"));
    }

    [Fact]
    public void A_key_is_found_as_it_is_and_the_last_of_a_writes_operations_counts()
    {
        var server = TestServer.Alone();
        var client = server.Connect();
        client.Say("write x 1 write \"x y\" \"a b\" write x 2");
        client.Say("write y x");

        Assert.Equal(["version 1@1 0 current - - write x 2", "end 1"], client.Ask("history x"));
        Assert.Equal(
            ["version 1@1 0 current - - write \"x y\" \"a b\"", "end 1"], client.Ask("history \"x y\""));
    }

    [Fact]
    public void What_the_log_has_dropped_is_gone_but_for_what_the_key_has()
    {
        var server = TestServer.Alone(with: options => options with { RecentBytesMax = 0 });
        var client = server.Connect();
        client.Say("write x 1");
        client.Say("write x 2");

        Assert.Equal(["version 2@1 - current - - write x 2", "end 1"], client.Ask("history x"));
        client.Say("delete x");
        Assert.Equal(["version 3@1 - current - - delete x", "end 1"], client.Ask("history x"));
    }

    [Fact]
    public void The_last_hundred_versions_are_listed()
    {
        var server = TestServer.Alone();
        var client = server.Connect();

        for (int number = 1; number <= 150; number++)
        {
            client.Say($"write x {number}");
        }

        string[] lines = client.Ask("history x");
        Assert.StartsWith("version 51@1 ", lines[0]);
        Assert.Equal("end 100", lines[^1]);
    }

    [Fact]
    public void What_was_not_judged_when_it_came_is_judged_by_the_log()
    {
        var server = TestServer.Alone(3);
        var one = server.MeetMember(1);
        var two = server.MeetMember(2);
        one.Say("replicate 1@1 0 - write x 1");

        for (int number = 2; number <= 30; number++)
        {
            string needs = number == 2 ? "1@1" : $"{number - 1}@2";
            two.Say($"replicate {number}@2 {number - 1} {needs} write y 1");
        }

        two.Say("replicate 31@2 30 30@2 write x 2");

        Assert.Contains(" seen ", server.Connect().Ask("history x")[0]);
    }

    [Fact]
    public void Conflicts_are_counted_and_listed_the_last_one_first()
    {
        var server = TestServer.Alone(3);
        var one = server.MeetMember(1);
        var two = server.MeetMember(2);
        Assert.Equal(["unseen 0 unknown 0", "end 1"], server.Connect().Ask("conflicts"));
        one.Say("replicate 1@1 0 - write x 1", "replicate 2@1 1 - write \"a b\" 1");
        two.Say("replicate 1@2 0 - write x 2");
        server.Pass(seconds: 2.5);
        two.Say("replicate 2@2 1 - write \"a b\" 2");

        Assert.Equal(
            [
                "unseen 2 unknown 0", "conflict 2@2 2@1 0 \"a b\"", "conflict 1@2 1@1 2.5 x", "end 3",
            ],
            server.Connect().Ask("conflicts"));
    }
}
